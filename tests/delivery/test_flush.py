import asyncio

import pytest

from bot.delivery.outlet import FloodError
from bot.delivery.stream import AnswerStream, Ended, Phase
from tests.doubles.showing import Showing

FIRST = "This is the first answer."


async def test_a_flush_waits_for_what_is_ending(showing: Showing) -> None:
    stream = showing.follow(AnswerStream(1))
    await showing.writes(stream, f"{FIRST} And", 2)
    stream.end(Ended.PAUSED)
    flushed = asyncio.create_task(showing.replies.flush(10))
    await showing.time.advance(1.2)

    assert flushed.done()
    assert showing.phone.texts == [f"{FIRST} And\n\n[answer.going_on]"]


async def test_a_flush_breaks_off_what_takes_too_long(showing: Showing) -> None:
    showing.phone.fail("send", FloodError(600))
    showing.follow(AnswerStream(1)).end(Ended.STOP, FIRST)
    showing.follow(AnswerStream(2)).update(phase=Phase.READING)
    flushed = asyncio.create_task(showing.replies.flush(10))
    await showing.time.advance(9.9)
    assert not flushed.done()

    await showing.time.advance(0.2)
    assert flushed.done()
    await showing.time.advance(700)
    assert showing.phone.texts == []


async def test_a_flush_breaks_off_an_answer_that_does_not_end(showing: Showing) -> None:
    stream = showing.follow(AnswerStream(1))
    await showing.writes(stream, f"{FIRST} And", 2)
    await breaks_off(showing)

    stream.end(Ended.STOP)
    await showing.time.advance(60)
    assert showing.phone.texts == [f"{FIRST} And ▌"]
    assert showing.ledger.seen == []


@pytest.mark.parametrize("what", ["send", "edit"])
async def test_a_flush_breaks_off_a_network_that_does_not_answer(
    showing: Showing, what: str
) -> None:
    stream = showing.follow(AnswerStream(1))
    if what == "edit":
        await showing.writes(stream, f"{FIRST} And", 2)
    showing.phone.hang()
    stream.end(Ended.STOP, f"{FIRST} And more.")
    await breaks_off(showing)

    assert showing.ledger.seen == []


async def breaks_off(showing: Showing) -> None:
    """Flush with ten seconds; they pass, and nothing of ours is left then."""
    flushed = asyncio.create_task(showing.replies.flush(10))
    await showing.time.advance(9.9)
    assert not flushed.done()

    await showing.time.advance(0.2)
    assert flushed.done()
    assert len(asyncio.all_tasks()) == 1


async def test_a_flush_without_answers_is_over_at_once(showing: Showing) -> None:
    await showing.replies.flush(10)

    assert showing.phone.log == []


async def test_a_flush_that_is_broken_off_leaves_no_task(showing: Showing) -> None:
    showing.follow(AnswerStream(1))
    flushed = asyncio.create_task(showing.replies.flush(10))
    await showing.time.advance(1)
    flushed.cancel()
    await showing.time.advance(0)

    assert len(asyncio.all_tasks()) == 1
