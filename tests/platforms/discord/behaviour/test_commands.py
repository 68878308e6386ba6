"""Slash commands: who sees what, and where their answers stand."""

import pytest
from simcord import ChannelHandle, MemberActor

from tests.doubles.discord_home import Home, say
from tests.doubles.discord_screen import labels
from tests.doubles.model import Gate


async def test_ask_shows_the_question_to_all_and_the_answer_replies_to_it(
    home: Home, channel: ChannelHandle, mina: MemberActor
) -> None:
    async with home.open():
        result = await mina.slash(channel, "ask", text="Why is the sea salty?")
        await home.shows(channel, "> Why is the sea salty?", "re: Mina: Why is the sea salty?")
        question, answer = home.messages(channel)
        await home.settled("delivered")

    assert result.response is not None
    assert result.response.id == question.id
    assert answer.reference is not None
    assert answer.reference.message_id == question.id


async def test_ask_opens_no_thread(home: Home, channel: ChannelHandle, mina: MemberActor) -> None:
    async with home.open(threads=True):
        await mina.slash(channel, "ask", text="Why?")
        await home.shows(channel, "> Why?", "re: Mina: Why?")

    assert channel.threads == []


async def test_a_long_question_is_shown_in_part_and_read_as_a_whole(
    home: Home, channel: ChannelHandle, mina: MemberActor
) -> None:
    home.model.will("That is long.")
    async with home.open():
        await mina.slash(channel, "ask", text="바다 🌊 " * 700 + "the end")
        await home.finds(channel, lambda one: one.content == "That is long.")
    shown, _ = home.texts(channel)

    assert len(shown.encode("utf-16-le")) <= 2 * 2000
    assert shown.endswith("…")
    assert home.asked[0].endswith("the end")


async def test_an_answer_that_takes_longer_than_a_quarter_of_an_hour_comes_all_the_same(
    home: Home, channel: ChannelHandle, mina: MemberActor
) -> None:
    gate = Gate()
    home.model.will(gate, "The sea is wide.")
    async with home.open():
        await mina.slash(channel, "ask", text="the sea?")
        await home.shows(channel, "> the sea?")
        await home.reaches(gate)
        await home.passes(20 * 60)
        gate.open()
        await home.finds(channel, lambda one: "The sea is wide." in one.content)
        await home.settled("delivered")
    sent = home.requests("POST", channel, "messages")[-1].json
    assert sent is not None

    assert mina.mention in sent["content"]
    assert sent["allowed_mentions"]["users"] == [mina.id]


async def test_every_interaction_gets_its_sign_while_the_model_works(
    home: Home, channel: ChannelHandle, mina: MemberActor, bob: MemberActor
) -> None:
    gate = Gate()
    home.model.will(gate, "The sea is wide.")
    async with home.open():
        await mina.send(channel, f"{home.name} the sea?")
        await home.reaches(gate)
        results = [
            await bob.slash(channel, "stats"),
            await bob.slash(channel, "ask", text="and the moon?"),
            await bob.slash(channel, "retry"),
        ]
        await home.until(lambda: all(one.acknowledged for one in results))
        gate.open()
        await home.finds(channel, lambda one: one.content == "re: Bob: and the moon?")


@pytest.mark.parametrize(
    ("name", "phrase"),
    [
        ("help", "help.text"),
        ("retry", "retry.nothing"),
        ("continue", "continue.nothing"),
        ("stop", "stop.nothing"),
        ("export", "export.empty"),
    ],
)
async def test_what_concerns_nobody_else_only_the_asker_sees(
    home: Home, channel: ChannelHandle, warden: MemberActor, name: str, phrase: str
) -> None:
    async with home.open():
        result = await warden.slash(channel, name)
        await home.whispers(result, say(phrase).strip())

    assert home.messages(channel) == []


async def test_figures_settings_and_lists_only_the_asker_sees(
    home: Home, channel: ChannelHandle, warden: MemberActor
) -> None:
    names = ("stats", "settings", "persona", "privacy", "forget")
    async with home.open():
        results = [await warden.slash(channel, name) for name in names]
        await home.until(lambda: all(len(home.whispered(one)) == 1 for one in results))

    assert home.messages(channel) == []


@pytest.mark.parametrize(
    ("name", "options", "phrase", "fields"),
    [
        ("persona", {"name": "storyteller"}, "persona.set", {"name": "storyteller"}),
        ("persona", {"name": "off"}, "persona.off", {}),
        ("persona", {"instructions": "Speak like a sailor."}, "persona.custom", {}),
        ("language", {"language": "en"}, "language.set", {}),
        ("think", {"thinking": "on"}, "think.on", {}),
    ],
)
async def test_what_changes_the_channel_everyone_sees(
    home: Home,
    channel: ChannelHandle,
    warden: MemberActor,
    name: str,
    options: dict[str, str],
    phrase: str,
    fields: dict[str, str],
) -> None:
    async with home.open():
        result = await warden.slash(channel, name, **options)
        await home.says(result, say(phrase, **fields))
        await home.answered(warden, channel, "hello")


async def test_in_private_everything_is_said_plainly(home: Home, mina: MemberActor) -> None:
    place = mina.user.dm_channel
    async with home.open():
        result = await mina.user.slash("stop")
        await home.says(result, say("stop.nothing"))
        await mina.user.slash("ask", text="Why?")
        await home.finds(place, lambda one: one.content == "re: Why?")


async def test_retry_as_a_command_writes_into_the_same_message_and_leaves_nothing_behind(
    home: Home, channel: ChannelHandle, mina: MemberActor
) -> None:
    home.model.will("First thoughts.")
    home.model.will("Second thoughts.")
    async with home.open():
        await mina.send(channel, f"{home.name} well?")
        await home.settled("delivered")
        (first,) = home.messages(channel)
        result = await mina.slash(channel, "retry")
        (second,) = await home.shows(channel, "Second thoughts.")
        await home.until(lambda: result.response is None)

    assert second.id == first.id
    assert result.followups == []


async def test_a_choice_from_a_list_that_only_the_asker_sees_is_said_in_the_channel(
    home: Home, channel: ChannelHandle, warden: MemberActor
) -> None:
    async with home.open():
        result = await warden.slash(channel, "persona")
        await home.until(lambda: home.whispered(result))
        assert result.response is not None
        await warden.click(result.response.message, label="storyteller")
        await home.shows(channel, say("persona.set", name="storyteller"))
        await home.until(lambda: result.response is None)


async def test_an_export_comes_as_a_file_that_only_the_asker_sees(
    home: Home, channel: ChannelHandle, warden: MemberActor
) -> None:
    async with home.open():
        await home.answered(warden, channel, "Why?")
        result = await warden.slash(channel, "export", format="json")
        await home.until(lambda: result.response)
        response = result.response
        assert response is not None
        (file,) = await home.until(lambda: response.attachments)
        assert response.ephemeral
        text = home.env.backend.cdn.get(file.url) or b""

    assert file.filename.endswith(".json")
    assert "Why?" in text.decode()


async def test_stop_as_a_command_stops_the_answer(
    home: Home, channel: ChannelHandle, mina: MemberActor
) -> None:
    home.model.will("The sea is wide. And ", Gate())
    async with home.open():
        await mina.send(channel, f"{home.name} the sea?")
        await home.shows(channel, "The sea is wide. And ▌")
        result = await mina.slash(channel, "stop")
        await home.whispers(result, say("stop.done"))
        (ended,) = await home.shows(channel, f"The sea is wide. And\n\n{say('answer.cut')}")

    assert say("button.continue") in labels(ended)


async def test_personas_are_offered_while_somebody_types(
    home: Home, channel: ChannelHandle, mina: MemberActor
) -> None:
    async with home.open() as rooms:
        everything = await mina.autocomplete(channel, "persona", "name", "")
        some = await mina.autocomplete(channel, "persona", "name", "STORY")
        names = rooms.dialogue.personas()

    assert [one["value"] for one in everything] == [*names, "off"]
    assert [one["value"] for one in some] == ["storyteller"]
