import pytest
from discord.app_commands.commands import validate_name

from bot.calls import NAMES
from tests.doubles.discord_hall import PHRASES, Hall

OPTIONS = ("text", "name", "instructions", "language", "thinking", "format")
PUBLIC = [
    ("ask", {"text": "why?"}, "/ask why?"),
    ("new", {}, "/new"),
    ("clear", {}, "/clear"),
    ("persona", {"name": "coder"}, "/persona coder"),
    ("persona", {"instructions": "Be brief"}, "/persona custom Be brief"),
    ("language", {"language": "ko"}, "/language ko"),
    ("think", {"thinking": "off"}, "/think off"),
]
HIDDEN = [
    *((name, {}, f"/{name}") for name in NAMES if name not in {"ask", "new", "clear"}),
    ("export", {"format": "json"}, "/export json"),
]


async def test_every_command_is_offered_and_no_other(hall: Hall) -> None:
    assert tuple(hall.told) == (*NAMES, "admin")
    assert set(hall.keeper.available_commands(hall.channel)) == set(NAMES)


@pytest.mark.parametrize(("name", "options", "text"), PUBLIC)
async def test_what_concerns_all_in_a_channel_is_answered_to_all(
    hall: Hall, name: str, options: dict[str, str], text: str
) -> None:
    await hall.keeper.slash(hall.channel, name, **options)

    assert hall.client.asked == [(text, False)]


@pytest.mark.parametrize(("name", "options", "text"), HIDDEN)
async def test_what_concerns_the_asker_alone_is_answered_to_them(
    hall: Hall, name: str, options: dict[str, str], text: str
) -> None:
    await hall.mina.slash(hall.channel, name, **options)

    assert hall.client.asked == [(text, True)]


async def test_in_private_nothing_is_hidden(hall: Hall) -> None:
    for name in NAMES:
        options = {"text": "why?"} if name == "ask" else {}
        await hall.mina.user.slash(name, **options)

    assert [hidden for _, hidden in hall.client.asked] == [False] * len(NAMES)


async def test_only_those_who_manage_messages_are_offered_what_is_done_to_all(hall: Hall) -> None:
    offered = set(hall.mina.available_commands(hall.channel))

    assert set(NAMES) - offered == {"new", "clear"}


async def test_commands_are_for_servers_and_people_but_not_for_conversations_of_others(
    hall: Hall,
) -> None:
    for command in hall.told.values():
        assert (command["contexts"], command["integration_types"]) == ([0, 1], [0, 1])


async def test_commands_are_called_and_described_in_korean_too(hall: Hall) -> None:
    for name, command in hall.plain.items():
        key = "slash.clear_description" if name == "clear" else f"menu.{name}"
        assert command["description"] == PHRASES.say("en", key)
        assert command["name_localizations"] == {"ko": PHRASES.say("ko", f"slash.{name}")}
        assert command["description_localizations"] == {"ko": PHRASES.say("ko", key)}


async def test_clear_says_in_the_list_that_no_messages_go(hall: Hall) -> None:
    said = hall.told["clear"]["description"]

    assert said == "Forget this conversation (no messages are deleted)"


@pytest.mark.parametrize("language", PHRASES.languages)
def test_names_are_such_as_discord_takes(language: str) -> None:
    commands = [PHRASES.say(language, f"slash.{name}") for name in NAMES]
    options = [PHRASES.say(language, f"slash.option_{name}") for name in OPTIONS]
    for name in (*commands, *options):
        assert validate_name(name) == name

    assert len(set(commands)) == len(NAMES)
    assert len(set(options)) == len(OPTIONS)


@pytest.mark.parametrize("language", PHRASES.languages)
def test_descriptions_are_such_as_discord_takes(language: str) -> None:
    keys = (
        *("slash.clear_description", *(f"menu.{name}" for name in NAMES)),
        *(f"slash.option_{name}_description" for name in OPTIONS),
    )
    for key in keys:
        assert 1 <= len(PHRASES.say(language, key)) <= 100, key


@pytest.mark.simcord(check_errors=False)
async def test_what_fails_is_told_in_one_line_to_the_asker_alone(
    hall: Hall, caplog: pytest.LogCaptureFixture
) -> None:
    hall.client.trouble = ValueError("secret")
    result = await hall.mina.slash(hall.channel, "help")

    assert result.response is not None
    assert result.response.content == PHRASES.say("en", "slash.failed")
    assert result.response.ephemeral
    assert "secret" in caplog.text


@pytest.mark.simcord(check_errors=False)
async def test_what_fails_after_an_answer_is_told_too(hall: Hall) -> None:
    hall.client.trouble, hall.client.answers_first = ValueError("secret"), True
    result = await hall.mina.slash(hall.channel, "ask", text="why?")
    (told,) = result.followups

    assert (told.content, told.ephemeral) == (PHRASES.say("en", "slash.failed"), True)


@pytest.mark.simcord(check_errors=False)
async def test_that_nothing_can_be_told_is_logged_and_no_more(
    hall: Hall, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "ostro.discord")
    hall.client.trouble = ValueError("secret")
    hall.env.inject_error("POST", "/interactions/*", status=403)
    await hall.mina.slash(hall.channel, "help")

    assert "could not be said" in caplog.text
