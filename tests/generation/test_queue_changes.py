"""The queue pauses, and learns what others have done to its rows."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot.delivery.stream import Ended, Phase
from bot.generation.queue import GenerationQueue
from bot.generation.underway import Underway
from storage.errors import StorageError
from storage.records import Pending
from tests.doubles.clock import ManualClock
from tests.doubles.loop import settled, until
from tests.doubles.rows import Rows, Stopped, queue_of, row, until_ended, until_told


def until_opened(rows: Rows, gate: asyncio.Event) -> Callable[[Underway], Awaitable[None]]:
    """Answer once a gate is open."""

    async def answer(underway: Underway) -> None:
        await gate.wait()
        await rows.answer(underway)

    return answer


# Pausing


async def test_while_it_pauses_nothing_is_begun_and_then_all_is() -> None:
    rows = Rows(row(1))
    queue = queue_of(rows)
    queue.pause(paused=True)
    async with queue.running():
        streams = [queue.stream(1)]
        await settled()
        rows.waiting.append(row(2))
        streams.append(queue.stream(2))
        await settled()
        assert rows.answered == []
        assert [one.latest.paused for one in streams] == [True, True]
        queue.pause(paused=False)
        assert [one.latest.paused for one in streams] == [False, False]
        await until(lambda: not rows.waiting)

    assert rows.answered == [1, 2]


async def test_a_pause_does_not_break_off_what_is_under_way() -> None:
    rows, gate = Rows(row(1), row(2)), asyncio.Event()
    queue = queue_of(rows, until_opened(rows, gate))
    async with queue.running():
        await until(lambda: queue.underway_in(1))
        waiting = queue.stream(2)
        queue.pause(paused=True)
        assert waiting.latest.paused
        gate.set()
        await until(lambda: rows.answered)
        await settled()

        assert rows.answered == [1]
        assert waiting.latest.ended is None


async def test_a_pause_keeps_nobody_busy() -> None:
    rows = Rows(row(1))
    queue = queue_of(rows)
    queue.pause(paused=True)
    async with queue.running():
        await until(lambda: rows.reads)
        await settled()
        reads = rows.reads
        queue.pause(paused=True)
        await settled()

        assert rows.reads == reads == 1


async def test_who_waits_is_told_of_a_pause_whenever_they_come() -> None:
    rows = Rows()
    queue = queue_of(rows)
    async with queue.running():
        await settled()
        queue.pause(paused=True)
        rows.waiting.append(row(1))
        stream = queue.stream(1)

        assert (stream.latest.paused, stream.latest.phase) == (True, Phase.WAITING)


async def test_it_can_be_left_while_it_pauses() -> None:
    rows = Rows(row(1))
    queue = queue_of(rows)
    queue.pause(paused=True)
    async with queue.running():
        stream = queue.stream(1)
        await settled()

    assert stream.latest.ended is Ended.PAUSED
    assert rows.answered == []


async def test_what_is_gone_while_it_pauses_ends() -> None:
    rows = Rows(row(1), row(2))
    queue = queue_of(rows)
    queue.pause(paused=True)
    async with queue.running():
        streams = [queue.stream(number) for number in (1, 2)]
        await settled()
        rows.waiting.pop(0)
        await queue.reread()

        assert [one.latest.ended for one in streams] == [Ended.CANCELLED, None]


# What others have done to the rows


async def test_what_is_answered_and_gone_is_stopped() -> None:
    rows, told, reasons = Rows(row(1)), Stopped(), list[Ended | None]()

    async def answer(underway: Underway) -> None:
        underway.attach(told)
        await told.told.wait()
        reasons.append(underway.reason)
        underway.stream.end(Ended.CANCELLED)

    queue = queue_of(rows, answer)
    async with queue.running():
        stream = queue.stream(1)
        await until(lambda: queue.underway_in(1))
        rows.waiting.clear()
        await queue.reread()
        await until_ended(stream)

    assert reasons == [Ended.CANCELLED]


async def test_what_is_to_be_answered_otherwise_begins_anew_on_its_stream() -> None:
    rows, told = Rows(row(1)), Stopped()

    async def answer(underway: Underway) -> None:
        if underway.exchange.revision == 0:
            underway.attach(told)
            await told.told.wait()
            underway.stream.begin_anew()
        else:
            await rows.answer(underway)

    queue = queue_of(rows, answer)
    async with queue.running():
        stream = queue.stream(1)
        await until(lambda: queue.underway_in(1))
        rows.waiting[0] = row(1, revision=1)
        await queue.reread()
        await until_ended(stream)

    assert stream.latest.text == "answer 1"


async def test_what_has_not_changed_goes_on() -> None:
    rows, told = Rows(row(1), row(2)), Stopped()
    queue = queue_of(rows, until_told(rows, told))
    async with queue.running():
        streams = [queue.stream(number) for number in (1, 2)]
        await until(lambda: queue.underway_in(1))
        await queue.reread()
        await settled()

        assert not told.told.is_set()
        assert [one.latest.ended for one in streams] == [None, None]


async def test_what_waits_and_is_gone_ends() -> None:
    rows, told = Rows(row(1), row(2), row(3)), Stopped()
    queue = queue_of(rows, until_told(rows, told))
    async with queue.running():
        streams = [queue.stream(number) for number in (1, 2, 3)]
        await until(lambda: queue.underway_in(1))
        del rows.waiting[1]
        await queue.reread()

        assert [one.latest.ended for one in streams] == [None, Ended.CANCELLED, None]


async def test_what_came_by_other_ways_is_answered() -> None:
    rows = Rows()
    queue = queue_of(rows)
    async with queue.running():
        await until(lambda: rows.reads)
        await settled()
        rows.waiting.append(row(1))
        await queue.reread()
        await until(lambda: rows.answered)

    assert rows.answered == [1]


async def test_what_is_asked_for_while_the_rows_are_read_is_not_taken_for_gone() -> None:
    rows, reading, go_on = Rows(), asyncio.Event(), asyncio.Event()

    async def pending() -> list[Pending]:
        found = list(rows.waiting)
        reading.set()
        await go_on.wait()
        return found

    queue = GenerationQueue(pending, rows.answer, ManualClock(), 1)
    task = asyncio.create_task(queue.reread())
    await reading.wait()
    stream = queue.stream(1)
    go_on.set()
    await task

    assert stream.latest.ended is None


async def test_where_the_rows_cannot_be_read_nothing_is_stopped() -> None:
    rows, told = Rows(row(1)), Stopped()
    queue = queue_of(rows, until_told(rows, told))
    async with queue.running():
        stream = queue.stream(1)
        await until(lambda: queue.underway_in(1))
        rows.error = StorageError("it is busy")
        with pytest.raises(StorageError):
            await queue.reread()

        assert (told.told.is_set(), stream.latest.ended) == (False, None)


async def test_how_long_answers_take_is_told_once_it_was_measured() -> None:
    rows = Rows(row(1))
    queue = queue_of(rows)
    assert queue.seconds_for(1) is None
    async with queue.running():
        await until(lambda: queue.seconds_for(1) is not None)
