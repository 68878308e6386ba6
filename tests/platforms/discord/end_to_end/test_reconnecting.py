"""The gateway's connection or its session ends; nothing is lost or doubled."""

from collections.abc import Callable

import pytest

from tests.doubles.discord.api import DiscordApi
from tests.doubles.discord.people import Person
from tests.doubles.discord.places import Channel
from tests.doubles.discord_wire_home import Home
from tests.doubles.model import Gate

RESUMED: dict[str, Callable[[DiscordApi], None]] = {
    "cut": lambda api: api.gateway.cut(),
    "closed": lambda api: api.gateway.close(4000),
    "asked to": lambda api: api.gateway.ask_to_reconnect(),
    "refused at first": lambda api: api.gateway.invalidate(resumable=True),
}


@pytest.mark.parametrize("end", RESUMED.values(), ids=RESUMED)
async def test_an_answer_goes_on_while_a_session_is_resumed_and_what_is_said_meanwhile_is_answered(
    home: Home,
    api: DiscordApi,
    mina: Person,
    channel: Channel,
    direct: Channel,
    end: Callable[[DiscordApi], None],
) -> None:
    gate = Gate()
    home.model.will("The sea is wide. And ", gate, "deep.")
    async with home.open():
        mina.says(channel, "@bot Tell me of the sea.")
        (begun,) = await home.shows(channel, "The sea is wide. And ▌")
        end(api)
        mina.says(direct, "And me?")
        gate.open()
        (ended,) = await home.shows(channel, "The sea is wide. And deep.")
        await home.shows(direct, "re: And me?")
        await home.settled("delivered", "delivered")
    (session,) = api.gateway.sessions

    assert (session.resumed, ended.id) == (1, begun.id)
    assert home.asked == ["Mina: Tell me of the sea.", "And me?"]


async def test_a_new_session_in_mid_answer_answers_what_was_missed_once_and_goes_on(
    home: Home, api: DiscordApi, mina: Person, channel: Channel, direct: Channel
) -> None:
    gate = Gate()
    async with home.open():
        await home.answered(mina, direct, "Hello?")
        home.model.will("The sea is wide. And ", gate, "deep.")
        mina.says(channel, "@bot Tell me of the sea.")
        (begun,) = await home.shows(channel, "The sea is wide. And ▌")
        api.down()
        api.gateway.refuse_resume()
        mina.says(direct, "Did you miss this?")
        mina.says(channel, "@bot And this?")
        api.up()
        await home.connects(2)
        mina.says(channel, "@bot And now?")
        gate.open()
        first, *_ = await home.shows(
            channel, "The sea is wide. And deep.", "re: Mina: And this?", "re: Mina: And now?"
        )
        await home.shows(direct, "re: Hello?", "re: Did you miss this?")
        await home.settled(*["delivered"] * 5)

    assert first.id == begun.id
    assert sorted(home.asked) == sorted(
        [
            *("Hello?", "Mina: Tell me of the sea.", "Did you miss this?"),
            *("Mina: And this?", "Mina: And now?"),
        ]
    )


async def test_a_session_that_discord_ends_in_mid_answer_is_followed_by_another_that_knows_all(
    home: Home, api: DiscordApi, mina: Person, channel: Channel
) -> None:
    gate = Gate()
    home.model.will("The sea is wide. And ", gate, "deep.")
    async with home.open():
        mina.says(channel, "@bot Tell me of the sea.")
        (begun,) = await home.shows(channel, "The sea is wide. And ▌")
        api.gateway.invalidate()
        mina.says(channel, "@bot And of the land.")
        await home.connects(2)
        gate.open()
        (ended, _) = await home.shows(
            channel, "The sea is wide. And deep.", "re: Mina: And of the land."
        )
        await home.settled("delivered", "delivered")

    assert ended.id == begun.id
    assert len(home.asked) == 2


async def test_sessions_that_end_again_and_again_answer_each_question_once(
    home: Home, api: DiscordApi, mina: Person, direct: Channel
) -> None:
    questions = [f"Question {number}?" for number in range(5)]
    async with home.open():
        await home.answered(mina, direct, "Hello?")
        for number, question in enumerate(questions, 2):
            api.down()
            api.gateway.refuse_resume()
            mina.says(direct, question)
            api.up()
            await home.connects(number)
        await home.shows(direct, *(f"re: {one}" for one in ["Hello?", *questions]))

    assert home.asked == ["Hello?", *questions]


async def test_what_discord_tells_twice_is_answered_once(
    home: Home, api: DiscordApi, mina: Person, direct: Channel
) -> None:
    async with home.open():
        asked = mina.says(direct, "Hello?")
        await home.shows(direct, "re: Hello?")
        api.redeliver(asked)
        await home.answered(mina, direct, "And me?")

    assert home.asked == ["Hello?", "And me?"]


async def test_what_was_said_while_it_did_not_run_is_answered_at_the_next_start_in_order(
    home: Home, mina: Person, channel: Channel, direct: Channel
) -> None:
    async with home.open():
        await home.answered(mina, channel, "Hello?")
        await home.answered(mina, direct, "Hello?")
    mina.says(channel, "@bot One?")
    mina.says(channel, "not for you")
    mina.says(channel, "@bot Two?")
    mina.says(direct, "Three?")
    async with home.open():
        await home.shows(channel, "re: Mina: Hello?", "re: Mina: One?", "re: Mina: Two?")
        await home.shows(direct, "re: Hello?", "re: Three?")

    assert len(home.asked) == 5


@pytest.mark.usefixtures("impatient")
async def test_a_network_that_swallows_everything_and_returns_loses_and_doubles_nothing(
    home: Home,
    api: DiscordApi,
    mina: Person,
    channel: Channel,
    direct: Channel,
    caplog: pytest.LogCaptureFixture,
) -> None:
    gate = Gate()
    async with home.open():
        await home.answered(mina, direct, "Hello?")
        home.model.will("The sea is wide. And ", gate, "deep.")
        mina.says(channel, "@bot Tell me of the sea.")
        (begun,) = await home.shows(channel, "The sea is wide. And ▌")
        api.black_hole()
        gate.open()
        mina.says(direct, "Still there?")
        await home.until(lambda: any("cannot be reached" in one for one in caplog.messages))
        api.up()
        (ended,) = await home.shows(channel, "The sea is wide. And deep.")
        await home.shows(direct, "re: Hello?", "re: Still there?")
        await home.settled(*["delivered"] * 3)

    assert ended.id == begun.id
    assert len(home.asked) == 3
