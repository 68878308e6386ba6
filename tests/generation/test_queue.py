import asyncio
from collections.abc import Callable

import pytest

from bot.delivery.stream import AnswerStream, Ended
from bot.generation.queue import GenerationQueue
from bot.generation.underway import Underway
from storage.errors import StorageError
from storage.records import Pending
from tests.doubles.clock import ManualClock
from tests.doubles.loop import settled, until
from tests.doubles.rows import Rows, Stopped, queue_of, row, until_ended, until_told


class RisingClock:
    """A clock that goes on by ``step`` seconds each time somebody looks at it."""

    def __init__(self, step: float) -> None:
        self.now = 1000.0
        self._step = step

    def __call__(self) -> float:
        self.now += self._step
        return self.now


async def test_what_is_pending_at_the_start_is_answered_without_being_asked_for() -> None:
    rows = Rows(row(1), row(2))
    async with queue_of(rows).running():
        await until(lambda: not rows.waiting)

    assert rows.answered == [1, 2]


async def test_the_stream_of_a_pending_exchange_gives_its_answer() -> None:
    rows = Rows(row(1))
    queue = queue_of(rows)
    async with queue.running():
        stream = queue.stream(1)
        await until(lambda: stream.latest.ended)

    assert stream.latest.text == "answer 1"


async def test_asking_for_a_stream_wakes_an_idle_queue() -> None:
    rows = Rows()
    queue = queue_of(rows)
    async with queue.running():
        await until(lambda: rows.reads)
        await settled()
        rows.waiting.append(row(1))
        stream = queue.stream(1)
        await until(lambda: stream.latest.ended)

    assert rows.answered == [1]


async def test_an_idle_queue_does_not_read_the_store_again_and_again() -> None:
    rows = Rows()
    async with queue_of(rows).running():
        await until(lambda: rows.reads)
        await settled()

        assert rows.reads == 1


async def test_all_who_ask_for_an_exchange_share_its_stream() -> None:
    queue = queue_of(Rows())

    assert queue.stream(1) is queue.stream(1)
    assert queue.stream(1) is not queue.stream(2)


async def test_a_stream_tells_what_was_seen_before() -> None:
    assert queue_of(Rows()).stream(1, seen=5).seen == 5


async def test_chats_take_turns() -> None:
    rows = Rows(row(1, chat=1), row(2, chat=1), row(3, chat=1), row(4, chat=2), row(5, chat=2))
    async with queue_of(rows).running():
        await until(lambda: not rows.waiting)

    assert rows.answered == [1, 4, 2, 5, 3]


async def test_whoever_waits_is_told_how_many_are_ahead() -> None:
    rows, places = Rows(row(1), row(2), row(3)), list[list[int]]()

    async def look(underway: Underway) -> None:
        places.append([one.latest.ahead for one in streams])
        await rows.answer(underway)

    queue = queue_of(rows, look)
    streams = [queue.stream(number) for number in (1, 2, 3)]
    async with queue.running():
        await until(lambda: not rows.waiting)

    assert places == [[0, 1, 2], [0, 0, 1], [0, 0, 0]]


async def test_whoever_comes_during_an_answer_is_told_at_once_how_many_are_ahead() -> None:
    rows, told = Rows(row(1), row(2)), Stopped()
    queue = queue_of(rows, until_told(rows, told))
    queue.stream(1)
    async with queue.running():
        await until(lambda: queue.underway_in(1))

        assert queue.stream(2).latest.ahead == 1


async def test_whoever_waits_is_told_how_long_by_what_was_measured() -> None:
    rows, timer, told = Rows(row(1), row(2)), ManualClock(), list[float | None]()

    async def look(underway: Underway) -> None:
        told.append(queue.stream(3).latest.seconds_left)
        timer.now += 30
        await rows.answer(underway)

    queue = GenerationQueue(rows.pending, look, ManualClock(), 1, timer)
    queue.stream(1)
    rows.waiting.append(row(3))
    async with queue.running():
        await until(lambda: not rows.waiting)

    assert told == [None, 30, 0]


async def test_whoever_waits_is_told_anew_when_somebody_comes_between() -> None:
    rows, told = Rows(row(1), row(2), row(3)), Stopped()
    queue = queue_of(rows, until_told(rows, told))
    last = queue.stream(3)
    async with queue.running():
        await until(lambda: queue.underway_in(1))
        assert last.latest.ahead == 2
        rows.waiting.append(row(4, chat=2))  # a chat that was not served yet comes first
        other = queue.stream(4)
        await until(lambda: other.latest.ahead == 1)

        assert last.latest.ahead == 3


async def test_a_time_that_comes_while_the_rows_are_looked_at_is_not_missed() -> None:
    clock = RisingClock(step=0.6)
    rows = Rows(row(1, not_before=clock.now + 1))
    queue = GenerationQueue(rows.pending, rows.answer, clock, 1)
    stream = queue.stream(1)
    async with queue.running(), asyncio.timeout(5):
        await until_ended(stream)

    assert rows.answered == [1]


async def test_an_answer_that_begins_anew_keeps_its_stream() -> None:
    rows, streams = Rows(row(1)), list[AnswerStream]()

    async def answer(underway: Underway) -> None:
        streams.append(underway.stream)
        if len(streams) == 1:
            underway.stream.begin_anew()
        else:
            await rows.answer(underway)

    queue = queue_of(rows, answer)
    stream = queue.stream(1)
    async with queue.running():
        await until_ended(stream)

    assert streams == [stream, stream]


async def test_the_stream_of_an_exchange_that_is_not_pending_ends() -> None:
    rows = Rows(row(1))
    queue = queue_of(rows)
    async with queue.running():
        gone = queue.stream(7)
        await until(lambda: gone.latest.ended)

    assert gone.latest.ended is Ended.CANCELLED
    assert rows.answered == [1]


async def test_what_may_be_answered_later_is_not_answered_now() -> None:
    rows, clock = Rows(row(1, not_before=1010.0), row(2, chat=2)), ManualClock(1000.0)
    queue = queue_of(rows, clock=clock)
    async with queue.running():
        await until(lambda: rows.answered == [2])
        await settled()
        assert rows.answered == [2]

        clock.now = 1010.0
        await until_ended(queue.stream(1))

    assert rows.answered == [2, 1]


async def test_a_chat_whose_first_has_to_wait_keeps_nobody_busy() -> None:
    rows = Rows(row(1, not_before=1010.0), row(2, not_before=900.0))
    async with queue_of(rows).running():
        await until(lambda: rows.reads)
        await settled()

        assert rows.reads == 1
        assert rows.answered == []


async def test_a_store_that_cannot_be_written_ends_the_stream_with_the_reason() -> None:
    rows = Rows(row(1), row(2, chat=2))

    async def answer(underway: Underway) -> None:
        if underway.exchange.id == 1:
            raise StorageError("the disk is full: free some space")
        await rows.answer(underway)

    queue = queue_of(rows, answer)
    async with queue.running():
        stream = queue.stream(1)
        await until(lambda: rows.answered == [2])

    assert (stream.latest.ended, stream.latest.error) == (
        Ended.ERROR,
        "the disk is full: free some space",
    )
    assert rows.waiting == [row(1)]


async def test_what_was_set_aside_is_answered_once_it_is_asked_for_again() -> None:
    rows, failures = Rows(row(1)), [StorageError("the disk is full")]

    async def answer(underway: Underway) -> None:
        if failures:
            raise failures.pop()
        await rows.answer(underway)

    queue = queue_of(rows, answer)
    async with queue.running():
        await until_ended(queue.stream(1))
        await settled()
        assert rows.answered == []

        stream = queue.stream(1)
        await until(lambda: rows.answered)

    assert stream.latest.ended is Ended.STOP


async def test_a_mistake_in_one_answer_does_not_stop_the_others(
    caplog: pytest.LogCaptureFixture,
) -> None:
    rows = Rows(row(1), row(2))

    async def answer(underway: Underway) -> None:
        if underway.exchange.id == 1:
            raise ZeroDivisionError
        await rows.answer(underway)

    queue = queue_of(rows, answer)
    async with queue.running():
        stream = queue.stream(1)
        await until(lambda: rows.answered == [2])

    assert stream.latest.ended is Ended.ERROR
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.parametrize("error", [StorageError("it is busy"), ZeroDivisionError("it is busy")])
async def test_a_store_that_cannot_be_read_is_tried_again(
    caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    rows = Rows(row(1))
    rows.error = error
    queue = queue_of(rows)
    async with queue.running():
        await until(lambda: rows.reads)
        await settled()
        await until_ended(queue.stream(1))

    assert rows.answered == [1]
    assert "it is busy" in caplog.text


async def test_only_the_exchange_that_is_answered_can_be_stopped() -> None:
    told = Stopped()
    rows = Rows(row(1, chat=1), row(2, chat=2))
    queue = queue_of(rows, until_told(rows, told))
    async with queue.running():
        await until(lambda: queue.underway_in(1))
        await settled()

        assert (queue.underway_in(1), queue.underway_in(2)) == (1, None)
        assert not queue.stop(2, Ended.CUT)
        assert not told.told.is_set()
        assert queue.stop(1, Ended.CUT)
        assert told.told.is_set()
        await until(lambda: not rows.waiting)
        await until(lambda: queue.underway_in(1) is None)
        assert not queue.stop(1, Ended.CUT)


async def test_leaving_pauses_the_answer_under_way_and_waits_for_it() -> None:
    told, reasons = Stopped(), list[Ended | None]()
    rows = Rows(row(1), row(2))

    async def answer(underway: Underway) -> None:
        underway.attach(told)
        await told.told.wait()
        await settled()
        reasons.append(underway.reason)
        underway.stream.end(Ended.PAUSED)

    queue = queue_of(rows, answer)
    async with queue.running():
        await until(lambda: queue.underway_in(1))

    assert reasons == [Ended.PAUSED]


async def test_leaving_begins_no_further_answer() -> None:
    rows, reading, go_on = Rows(row(1)), asyncio.Event(), asyncio.Event()

    async def pending() -> list[Pending]:
        reading.set()
        await go_on.wait()
        return list(rows.waiting)

    queue = GenerationQueue(pending, rows.answer, ManualClock(), 1)
    async with queue.running():
        await reading.wait()
        soon = asyncio.create_task(after_others(go_on.set))
    await soon

    assert rows.answered == []


async def test_leaving_ends_the_streams_of_those_who_still_wait() -> None:
    told = Stopped()
    rows = Rows(row(1), row(2))
    queue = queue_of(rows, until_told(rows, told))
    async with queue.running():
        waiting = queue.stream(2)
        await until(lambda: queue.underway_in(1))

    assert rows.answered == [1]
    assert waiting.latest.ended is Ended.PAUSED


async def test_an_exchange_that_is_dropped_ends_its_stream() -> None:
    queue = queue_of(Rows())
    stream = queue.stream(1)
    queue.drop(1)
    queue.drop(2)

    assert stream.latest.ended is Ended.CANCELLED
    assert queue.stream(1) is not stream


async def test_a_stop_before_the_model_has_begun_takes_effect_when_it_does() -> None:
    underway, told = Underway(row(1), AnswerStream(1)), Stopped()
    underway.stop(Ended.CUT)
    underway.attach(told)

    assert told.told.is_set()


async def test_an_answer_that_nobody_stopped_goes_on() -> None:
    underway, told = Underway(row(1), AnswerStream(1)), Stopped()
    underway.attach(told)

    assert not told.told.is_set()
    assert underway.reason is None


@pytest.mark.parametrize(
    ("reasons", "counts"),
    [
        ((Ended.CUT, Ended.PAUSED), Ended.CUT),  # what a person stopped does not go on by itself
        ((Ended.CANCELLED, Ended.PAUSED), Ended.CANCELLED),
        ((Ended.CANCELLED, Ended.CUT), Ended.CANCELLED),
        ((Ended.CUT, Ended.CANCELLED), Ended.CANCELLED),
        ((Ended.PAUSED, Ended.CANCELLED), Ended.CANCELLED),
        ((Ended.PARKED, Ended.CUT), Ended.CUT),
        ((Ended.PARKED, Ended.PAUSED), Ended.PAUSED),
        ((Ended.CUT, Ended.PARKED), Ended.CUT),
        ((Ended.PAUSED, Ended.PARKED), Ended.PAUSED),
    ],
)
def test_of_two_reasons_to_stop_the_one_that_decides_more_counts(
    reasons: tuple[Ended, ...], counts: Ended
) -> None:
    underway = Underway(row(1), AnswerStream(1))
    for reason in reasons:
        underway.stop(reason)

    assert underway.reason is counts


async def after_others(do: Callable[[], None]) -> None:
    """Do something when all others have had their turn."""
    await settled()
    do()
