"""Discord limits how fast a channel is written to; whole answers arrive, and no others wait."""

import pytest

from tests.doubles.discord.api import DiscordApi
from tests.doubles.discord.failures import OLD_MESSAGE_EDITED_TOO_OFTEN, rate_limited
from tests.doubles.discord.people import Person
from tests.doubles.discord.places import Channel, Guild
from tests.doubles.discord.request import Call
from tests.doubles.discord_wire_home import Home, say
from tests.doubles.model import Gate

TOO_MANY = 429


def _is_last(call: Call) -> bool:
    return say("button.retry") in str(call.params.get("components"))


async def test_edits_that_are_limited_in_mid_answer_end_in_the_whole_answer_once(
    home: Home, api: DiscordApi, mina: Person, channel: Channel
) -> None:
    gates = [Gate() for _ in range(3)]
    steps = [step for gate in gates for step in (gate, "One more line.\n")]
    home.model.will("The sea is wide.\nListen.\n", *steps)
    async with home.open():
        mina.says(channel, "@bot Tell me of the sea.")
        await home.finds(channel, lambda one: one.text.endswith("▌"))
        for gate in gates:
            edits = len(api.called("edit_message", channel))
            api.fail("edit_message", rate_limited(0.05))
            gate.open()
            await home.edited(channel, edits + 2)
        (ended,) = await home.shows(
            channel, "The sea is wide.\nListen.\n" + "\n".join(["One more line."] * 3)
        )
    limited = [one for one in api.called("edit_message", channel) if one.status == TOO_MANY]

    assert len(limited) == len(gates)
    assert ended.labels == [say("button.retry")]
    assert home.states() == [("Tell me of the sea.", "delivered")]


async def test_a_first_message_that_is_limited_is_sent_once(
    home: Home, api: DiscordApi, mina: Person, channel: Channel
) -> None:
    async with home.open():
        api.fail("create_message", rate_limited(0.05), times=2)
        await home.answered(mina, channel, "Hello?")

    assert len(api.answers(channel)) == 1


@pytest.mark.parametrize("everywhere", [False, True])
async def test_a_last_edit_that_is_limited_for_long_is_waited_for(
    home: Home, api: DiscordApi, mina: Person, channel: Channel, *, everywhere: bool
) -> None:
    gate = Gate()
    home.model.will("The sea is wide. And ", gate, "deep.")
    async with home.open():
        mina.says(channel, "@bot Tell me of the sea.")
        await home.shows(channel, "The sea is wide. And ▌")
        # the library waits in real time, the bot for what is longer in that of the tests
        api.fail("edit_message", rate_limited(40, everywhere=everywhere), when=_is_last)
        api.rates = False
        gate.open()
        await home.shows(channel, "The sea is wide. And deep.")
    refused, done = (one for one in api.called("edit_message", channel) if _is_last(one))

    assert (refused.status, done.status) == (TOO_MANY, 200)
    assert done.at - refused.at >= 39  # nearly all of the 40 s


async def test_a_message_that_was_edited_too_often_is_edited_later(
    home: Home, api: DiscordApi, mina: Person, channel: Channel
) -> None:
    gate = Gate()
    home.model.will("The sea is wide. And ", gate, "deep.")
    async with home.open():
        mina.says(channel, "@bot Tell me of the sea.")
        await home.shows(channel, "The sea is wide. And ▌")
        api.fail("edit_message", OLD_MESSAGE_EDITED_TOO_OFTEN, when=_is_last)
        gate.open()
        await home.shows(channel, "The sea is wide. And deep.")


async def test_one_channels_limit_delays_no_other_channel(
    home: Home, api: DiscordApi, mina: Person, guild: Guild, channel: Channel, direct: Channel
) -> None:
    short, long = api.channel(guild, 201, "short"), api.channel(guild, 202, "long")
    async with home.open():
        api.fail("create_message", rate_limited(15), channel=short)
        api.fail("create_message", rate_limited(100_000), channel=long)
        mina.says(short, "@bot In the library's wait.")
        mina.says(long, "@bot In our own wait.")
        await api.until(lambda: api.called("create_message", short))
        await api.until(lambda: api.called("create_message", long))
        await home.answered(mina, channel, "And me?")
        await home.answered(mina, direct, "And again?")
        await home.answered(mina, channel, "And once more?")

    assert (api.answers(short), api.answers(long)) == ([], [])
    assert len(home.asked) == 5  # all of them


async def test_long_answers_in_many_channels_at_once_keep_to_all_limits(
    home: Home, api: DiscordApi, mina: Person, guild: Guild
) -> None:
    channels = [api.channel(guild, 200 + number, f"channel{number}") for number in range(4)]
    gates = [[Gate() for _ in range(12)] for _ in channels]
    for of_one in gates:
        steps = [step for gate in of_one for step in (gate, "One more line.\n")]
        home.model.will("The sea is wide.\nListen.\n", *steps)

    async def stream(number: int) -> None:
        for gate in gates[number]:
            await home.reaches(gate)
            edits = len(api.called("edit_message", channels[number]))
            gate.open()
            await home.edited(channels[number], edits + 1)

    async with home.open():
        for each in channels:
            mina.says(each, "@bot Tell me of the sea.")
        for number in range(len(channels)):
            await stream(number)
        for each in channels:
            await home.finds(each, lambda one: say("button.retry") in one.labels)
    whole = "The sea is wide.\nListen.\n" + "\n".join(["One more line."] * 12)

    assert [[one.text for one in api.answers(each)] for each in channels] == [[whole]] * 4
    assert {one.status for one in api.called("edit_message")} == {200}


async def test_what_grows_faster_than_may_be_shown_is_shown_as_it_is_by_then(
    home: Home, api: DiscordApi, mina: Person, channel: Channel
) -> None:
    gate = Gate()
    home.model.will("The sea is wide. ", gate, *["And deep. "] * 200)
    async with home.open():
        mina.says(channel, "@bot Tell me of the sea.")
        await home.reaches(gate)
        gate.open()
        await home.finds(channel, lambda one: say("button.retry") in one.labels)
    shown = "".join(f"{one.text} " for one in api.answers(channel))

    assert shown.count("And deep.") == 200  # all of them
    assert len(api.called("edit_message", channel)) < 20  # not one for each
