"""Discord or the way to it fails; the whole answer arrives once all the same."""

import pytest

from tests.doubles.discord.api import DiscordApi
from tests.doubles.discord.failures import (
    Failure,
    lost,
    proxy_page,
    rate_limited,
    reset,
    server_error,
    silence,
)
from tests.doubles.discord.people import Person
from tests.doubles.discord.places import Channel
from tests.doubles.discord.request import Call
from tests.doubles.discord_wire_home import Home, say
from tests.doubles.model import Gate
from tests.doubles.outside import run_sql

FAILURES = {
    "a limit": rate_limited(0.05),
    "an error of the server": server_error(503),
    "a proxy's page": proxy_page(503),
    "a broken connection": reset(),
    "an answer that was lost": lost(),
    "silence": silence(),
    "silence after it was done": silence(acted=True),
}


def _is_last(call: Call) -> bool:
    return say("button.retry") in str(call.params.get("components"))


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)
async def test_the_last_edit_arrives_whatever_happens_to_it(
    home: Home, api: DiscordApi, mina: Person, channel: Channel, failure: Failure
) -> None:
    gate = Gate()
    home.model.will("The sea is wide. And ", gate, "deep.")
    async with home.open():
        mina.says(channel, "@bot Tell me of the sea.")
        await home.shows(channel, "The sea is wide. And ▌")
        api.fail("edit_message", failure, times=3, when=_is_last)
        gate.open()
        await home.shows(channel, "The sea is wide. And deep.")
        await home.settled("delivered")


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)
async def test_a_message_is_sent_once_whatever_happens_to_the_sending(
    home: Home, api: DiscordApi, mina: Person, channel: Channel, failure: Failure
) -> None:
    gate = Gate()
    home.model.will("The sea is wide. And ", gate, "deep.")
    async with home.open():
        api.fail("create_message", failure, times=3)
        mina.says(channel, "@bot Tell me of the sea.")
        (begun,) = await home.shows(channel, "The sea is wide. And ▌")
        gate.open()
        (ended,) = await home.shows(channel, "The sea is wide. And deep.")
        await home.settled("delivered")

    assert ended.id == begun.id
    assert len(api.called("create_message", channel)) == 4  # the last one worked


async def test_an_error_that_the_library_tries_again_itself_is_no_second_message(
    home: Home, api: DiscordApi, mina: Person, channel: Channel
) -> None:
    async with home.open():
        api.fail("create_message", proxy_page(502))
        await home.answered(mina, channel, "Hello?")

    assert [one.text for one in api.answers(channel)] == ["re: Mina: Hello?"]


async def test_an_answer_that_was_complete_before_its_lost_sending_is_one_message(
    home: Home, api: DiscordApi, mina: Person, channel: Channel
) -> None:
    async with home.open():
        api.fail("create_message", lost(), times=2)
        await home.answered(mina, channel, "Hello?")
        await home.settled("delivered")

    assert [one.text for one in api.answers(channel)] == ["re: Mina: Hello?"]


async def test_a_long_answers_further_messages_are_not_doubled_either(
    home: Home, api: DiscordApi, mina: Person, channel: Channel
) -> None:
    home.model.will(*[f"Line {number} of it is not short at all.\n" for number in range(150)])
    async with home.open():
        api.fail("create_message", lost(), times=2, when=lambda call: "Line 0 " not in str(call))
        mina.says(channel, "@bot Tell me of the sea.")
        await home.finds(channel, lambda one: say("button.retry") in one.labels)
        await home.settled("delivered")
    texts = [one.text for one in api.answers(channel)]

    assert len(texts) > 2  # some were lost in between
    assert "\n".join(texts).count("Line ") == 150  # each once


async def test_killed_between_sending_and_noting_it_leaves_one_message(
    home: Home, api: DiscordApi, mina: Person, channel: Channel
) -> None:
    home.model.will("The sea is wide. And ", Gate())
    forgetful = "CREATE TRIGGER forgetful BEFORE INSERT ON deliveries"
    async with home.open():
        run_sql(home.path, f"{forgetful} BEGIN SELECT RAISE(IGNORE); END")
        mina.says(channel, "@bot Tell me of the sea.")
        (begun,) = await home.shows(channel, "The sea is wide. And ▌")
        api.fail("edit_message", server_error(503), times=None)  # it is dead by now
    api.heal()
    run_sql(home.path, "DROP TRIGGER forgetful")
    left = api.answers(channel)
    home.model.will("deep.")
    async with home.open():
        (ended,) = await home.shows(channel, "The sea is wide. And deep.")
        await home.settled("delivered")

    assert [one.text for one in left] == ["The sea is wide. And ▌"]
    assert ended.id == begun.id
    assert ended.labels == [say("button.retry")]


async def test_an_answer_under_way_at_the_end_goes_on_in_its_place_at_the_next_start(
    home: Home, api: DiscordApi, mina: Person, channel: Channel
) -> None:
    home.model.will("The sea is wide. And ", Gate())
    async with home.open(speed=10.0):  # so that there is time to say it
        mina.says(channel, "@bot Tell me of the sea.")
        (begun,) = await home.shows(channel, "The sea is wide. And ▌")
    (paused,) = api.answers(channel)
    home.model.will("deep.")
    async with home.open():
        (ended,) = await home.shows(channel, "The sea is wide. And deep.")

    assert paused.text == f"The sea is wide. And\n\n{say('answer.going_on')}"
    assert (paused.id, ended.id) == (begun.id, begun.id)
