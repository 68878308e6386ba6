from tests.doubles.discord_hall import PERSONAS, PHRASES, Hall

OPTIONS = ("text", "name", "instructions", "language", "thinking", "format")


async def test_options_are_called_and_described_in_korean_too(hall: Hall) -> None:
    options = [one for command in hall.plain.values() for one in command["options"]]

    assert sorted(one["name"] for one in options) == sorted(OPTIONS)
    for option in options:
        key = f"slash.option_{option['name']}"
        assert option["name_localizations"] == {"ko": PHRASES.say("ko", key)}
        assert option["description"] == PHRASES.say("en", f"{key}_description")
        localised = {"ko": PHRASES.say("ko", f"{key}_description")}
        assert option["description_localizations"] == localised


async def test_a_question_is_needed_and_as_long_as_discord_lets_it_be(hall: Hall) -> None:
    text = hall.option("ask", "text")

    assert (text["required"], text["min_length"], text["max_length"]) == (True, 1, 6000)


async def test_languages_are_chosen_from_by_their_own_names(hall: Hall) -> None:
    choices = hall.option("language", "language")["choices"]

    assert {one["value"]: one["name"] for one in choices} == {"en": "English", "ko": "한국어"}


async def test_choices_are_named_in_korean_too(hall: Hall) -> None:
    choices = hall.option("think", "thinking")["choices"]

    assert [one["value"] for one in choices] == ["on", "off"]
    for one in choices:
        key = f"settings.think_{one['value']}"
        assert one["name"] == PHRASES.say("en", key)
        assert one["name_localizations"] == {"ko": PHRASES.say("ko", key)}


async def test_a_file_can_be_had_in_its_formats(hall: Hall) -> None:
    choices = hall.option("export", "format")["choices"]

    assert [one["value"] for one in choices] == ["md", "json"]


async def test_personas_are_offered_that_have_in_them_what_was_typed(hall: Hall) -> None:
    assert await hall.offered("") == list(PERSONAS)
    assert await hall.offered("OR") == ["korean", "Storyteller"]
    assert await hall.offered("of") == ["off"]
    assert await hall.offered("zzz") == []


async def test_of_many_personas_as_many_are_offered_as_discord_shows(hall: Hall) -> None:
    hall.client.personas = ("x" * 101, *(f"persona {number}" for number in range(30)))

    assert await hall.offered("") == [f"persona {number}" for number in range(25)]


async def test_a_persona_and_instructions_are_not_both_given_and_neither_is_dropped(
    hall: Hall,
) -> None:
    result = await hall.mina.slash(hall.channel, "persona", name="coder", instructions="Be brief")

    assert hall.client.asked == []
    assert result.response is not None
    assert result.response.content == PHRASES.say("en", "slash.persona_usage")
    assert result.response.ephemeral
