"""Slash commands and buttons over the wire: in time, too late, and for longer than they live."""

import pytest

from tests.doubles.clock import ManualClock
from tests.doubles.discord.api import DiscordApi
from tests.doubles.discord.asked import SECONDS_OF_TOKEN, SECONDS_TO_ANSWER
from tests.doubles.discord.failures import (
    INTERACTION_GONE,
    Failure,
    Way,
    lost,
    rate_limited,
    reset,
    server_error,
)
from tests.doubles.discord.people import Person
from tests.doubles.discord.places import Channel
from tests.doubles.discord.powers import ALL_THAT_COUNT, MANAGE_MESSAGES, SEND_MESSAGES
from tests.doubles.discord.wire import RefusalError
from tests.doubles.discord_wire_home import Home, say
from tests.doubles.model import Gate

LATER = 5
GIVEN_BEFORE = Failure(
    Way.REFUSED,
    RefusalError(400, 40060, "Interaction has already been acknowledged."),
    acts=True,
)
UNKNOWN = {"lost": lost(), "cut": reset(), "an error": server_error(503)}


async def test_a_question_of_a_command_is_shown_and_its_answer_replies_to_it(
    home: Home, api: DiscordApi, mina: Person, channel: Channel
) -> None:
    gate = Gate()
    home.model.will(gate, "The sea is wide.")
    async with home.open():
        ran = mina.runs(channel, "ask", text="Tell me of the sea.")
        await home.reaches(gate)
        gate.open()
        question, answer = await home.shows(channel, "> Tell me of the sea.", "The sea is wide.")
        await home.settled("delivered")

    assert answer.reply_to == question.id
    assert (question.loading, api.interaction(ran).answered) == (False, LATER)


async def test_a_sign_that_discord_says_was_given_before_loses_no_question(
    home: Home, api: DiscordApi, mina: Person, channel: Channel
) -> None:
    """The library tries a sign again by itself, after one that arrived though it failed."""
    async with home.open():
        api.fail("callback", GIVEN_BEFORE)
        mina.runs(channel, "ask", text="Tell me of the sea.")
        await home.settled("delivered")
        await api.until(lambda: not api.turning)

    assert [one.partition(": ")[2] for one in home.asked] == ["Tell me of the sea."]
    assert "> Tell me of the sea." in [one.text for one in api.answers(channel)]


async def test_while_a_model_writes_for_one_a_command_of_another_is_taken_in_at_once(
    home: Home, api: DiscordApi, mina: Person, channel: Channel, direct: Channel
) -> None:
    gate = Gate()
    home.model.will("The sea is wide. And ", gate, "deep.")
    async with home.open():
        mina.runs(channel, "ask", text="Tell me of the sea.")
        await home.finds(channel, lambda one: one.text.endswith("▌"))
        mina.runs(direct, "stop")
        await home.shows(direct, say("stop.nothing"))
        mina.runs(channel, "stop")
        await home.finds(channel, lambda one: say("button.continue") in one.labels)
        await api.until(lambda: not api.turning)


async def test_an_answer_that_takes_longer_than_a_token_lives_is_there_as_a_whole(
    home: Home, api: DiscordApi, mina: Person, channel: Channel, clock: ManualClock
) -> None:
    gates = [Gate(), Gate()]
    home.model.will(gates[0], "The sea is wide. And ", gates[1], "deep. " * 500)
    async with home.open():
        mina.runs(channel, "ask", text="Tell me of the sea.")
        await home.reaches(gates[0])
        await home.finds(channel, lambda one: one.text == "> Tell me of the sea.")
        gates[0].open()
        await home.finds(channel, lambda one: one.text.endswith("▌"))
        clock.now += SECONDS_OF_TOKEN + 60
        gates[1].open()
        await home.finds(channel, lambda one: say("button.retry") in one.labels)
        await home.settled("delivered")
    question, *answers = api.answers(channel)

    assert " ".join(one.text for one in answers).count("deep.") == 500
    assert answers[0].reply_to == question.id
    assert [one.pinged for one in answers] == [()] * len(answers)


async def test_who_waited_longer_than_a_token_lives_is_pinged_where_the_answer_begins(
    home: Home, mina: Person, channel: Channel, clock: ManualClock
) -> None:
    gate = Gate()
    home.model.will(gate, "The sea is wide.")
    async with home.open():
        mina.runs(channel, "ask", text="Tell me of the sea.")
        await home.reaches(gate)
        await home.finds(channel, lambda one: one.text == "> Tell me of the sea.")
        clock.now += SECONDS_OF_TOKEN + 60
        gate.open()
        answer = await home.finds(channel, lambda one: "The sea is wide." in one.text)
        await home.settled("delivered")

    assert answer.pinged == (mina.id,)


async def test_words_for_a_token_that_died_meanwhile_go_into_the_channel(
    home: Home, api: DiscordApi, mina: Person, direct: Channel, clock: ManualClock
) -> None:
    async with home.open():
        api.fail("edit_original", rate_limited(0.2))
        mina.runs(direct, "stop")
        await api.until(lambda: api.called("edit_original"))
        clock.now += SECONDS_OF_TOKEN + 1
        await home.finds(direct, lambda one: one.text == say("stop.nothing"))
    api.violations.clear()  # the double holds that the bot should have known


@pytest.mark.parametrize("really", [False, True], ids=["said so", "late"])
async def test_a_command_that_discord_gave_up_is_passed_over_and_the_next_one_is_not(
    home: Home,
    api: DiscordApi,
    mina: Person,
    channel: Channel,
    clock: ManualClock,
    *,
    really: bool,
) -> None:
    async with home.open():
        if not really:
            api.fail("callback", INTERACTION_GONE)
        mina.runs(channel, "ask", text="Too late?")
        if really:
            clock.now += SECONDS_TO_ANSWER + 1
        await api.until(lambda: [one.status for one in api.called("callback")] == [404])
        mina.runs(channel, "ask", text="And me?")
        await home.shows(channel, "> And me?", "re: Mina: And me?")
        await home.settled("delivered")
    api.violations.clear()  # the double holds that the bot should have been faster

    assert home.asked == ["Mina: And me?"]


@pytest.mark.parametrize("failure", UNKNOWN.values(), ids=UNKNOWN)
async def test_a_command_whose_sign_may_not_have_arrived_is_answered_once(
    home: Home, api: DiscordApi, mina: Person, channel: Channel, failure: Failure
) -> None:
    async with home.open():
        api.fail("callback", failure)
        mina.runs(channel, "ask", text="Hello?")
        await home.finds(channel, lambda one: one.text == "re: Mina: Hello?")
        await home.settled("delivered")
    api.violations.clear()  # where it did not arrive there is no message that can be changed

    assert [one.text for one in api.answers(channel)].count("re: Mina: Hello?") == 1


async def test_a_button_is_answered_in_time_and_its_work_replaces_the_answer(
    home: Home, api: DiscordApi, mina: Person, channel: Channel
) -> None:
    async with home.open():
        first = await home.answered(mina, channel, "Hello?")
        home.model.will("Hello to you.")
        mina.presses(first.id, say("button.retry"))
        (second,) = await home.shows(channel, "Hello to you.")
        await api.until(lambda: not api.turning)

    assert second.id == first.id


async def test_a_button_of_an_earlier_run_works(
    home: Home, api: DiscordApi, mina: Person, channel: Channel
) -> None:
    async with home.open():
        first = await home.answered(mina, channel, "Hello?")
        await home.settled("delivered")
    home.model.will("Hello to you.")
    async with home.open():
        mina.presses(first.id, say("button.retry"))
        await home.shows(channel, "Hello to you.")
        await api.until(lambda: not api.turning)


async def test_a_command_where_it_may_not_write_tells_the_asker_alone_what_is_missing(
    home: Home, api: DiscordApi, mina: Person, channel: Channel
) -> None:
    api.allow(channel, ALL_THAT_COUNT & ~SEND_MESSAGES)
    async with home.open():
        mina.runs(channel, "ask", text="Hello?")
        await api.until(lambda: api.whispers(channel))
    (line,) = api.whispers(channel)

    assert line.text == say("slash.no_permission", permissions="Send Messages")
    assert (line.only, home.asked) == (mina.id, [])


async def test_what_is_forgotten_is_so_by_those_who_manage_messages(
    home: Home, api: DiscordApi, channel: Channel
) -> None:
    ada = api.person(8, "Ada")
    assert channel.guild is not None
    api.joins(channel.guild, ada, powers=MANAGE_MESSAGES)
    async with home.open():
        await home.answered(ada, channel, "Hello?")
        await home.settled("delivered")
        ada.runs(channel, "clear")
        asked = await home.finds(channel, lambda one: one.text == say("clear.ask"))
        ada.presses(asked.id, say("clear.yes"))
        await home.finds(channel, lambda one: one.text == say("clear.done"))
        await home.settled()
        await api.until(lambda: not api.turning)
