"""Several answers at once, one a chat."""

import asyncio

import pytest

from bot.delivery.stream import Ended
from bot.generation.queue import GenerationQueue
from bot.generation.underway import Underway
from storage.errors import StorageError
from storage.records import Pending
from tests.doubles.clock import ManualClock
from tests.doubles.loop import settled, until
from tests.doubles.rows import Rows, Writers, queue_of, row, until_ended


def two_slots(rows: Rows, writers: Writers) -> GenerationQueue:
    return queue_of(rows, writers.answer, slots=2)


def underway(queue: GenerationQueue) -> list[int]:
    return [*queue._slots.underway]


async def test_as_many_chats_as_there_are_slots_are_answered_at_once() -> None:
    rows = Rows(row(1, chat=1), row(2, chat=2), row(3, chat=3))
    writers = Writers(rows, {1: 2, 2: 2, 3: 2})
    queue = two_slots(rows, writers)
    async with queue.running():
        await until(lambda: len(underway(queue)) == 2)
        await settled()
        assert underway(queue) == [1, 2]
        await writers.step(2)
        await until(lambda: underway(queue) == [3])
        await writers.step(2)

    assert rows.answered == [1, 2, 3]


async def test_one_chat_has_one_answer_at_a_time_first_come_first_served() -> None:
    rows = Rows(row(1), row(2), row(3))
    writers = Writers(rows, {1: 1, 2: 1, 3: 1})
    queue, seen = two_slots(rows, writers), list[list[int]]()
    async with queue.running():
        for _ in range(3):
            await until(lambda: underway(queue))
            await settled()
            seen.append(underway(queue))
            await writers.step()

    assert seen == [[1], [2], [3]]
    assert rows.answered == [1, 2, 3]


async def test_whose_chat_is_answered_is_overtaken_by_others() -> None:
    rows = Rows(row(1), row(2), row(3, chat=2))
    queue = two_slots(rows, Writers(rows, {1: 1, 2: 1, 3: 1}))
    async with queue.running():
        await until(lambda: underway(queue) == [1, 3])


async def test_a_slot_that_frees_is_filled_while_the_others_go_on() -> None:
    rows = Rows(row(1, chat=1), row(2, chat=2), row(3, chat=3))
    writers = Writers(rows, {1: 9, 2: 1, 3: 1})
    queue = two_slots(rows, writers)
    async with queue.running():
        await until(lambda: underway(queue) == [1, 2])
        await settled()
        await writers.step()
        await until(lambda: underway(queue) == [1, 3])

    assert rows.answered == [2]


async def test_a_chat_that_comes_is_begun_beside_the_one_under_way() -> None:
    rows = Rows(row(1, chat=1))
    queue = two_slots(rows, Writers(rows, {1: 9, 2: 9}))
    async with queue.running():
        await until(lambda: underway(queue) == [1])
        rows.waiting.append(row(2, chat=2))
        queue.stream(2)
        await until(lambda: underway(queue) == [1, 2])


async def test_answers_that_end_at_the_same_moment_all_count() -> None:
    rows = Rows(*(row(number, chat=number) for number in range(1, 5)))
    writers = Writers(rows, dict.fromkeys(range(1, 5), 1))
    queue = two_slots(rows, writers)
    streams = [queue.stream(number) for number in range(1, 5)]
    async with queue.running():
        for two in ([1, 2], [3, 4]):
            await until(lambda two=two: underway(queue) == two)  # type: ignore[misc] # a default
            await settled()
            await writers.step()

    assert [one.latest.ended for one in streams] == [Ended.STOP] * 4
    assert sorted(rows.answered) == [1, 2, 3, 4]


async def test_of_several_only_the_one_that_is_meant_is_stopped() -> None:
    rows = Rows(row(1, chat=1), row(2, chat=2))
    writers = Writers(rows, {1: 3, 2: 3})
    queue = two_slots(rows, writers)
    streams = [queue.stream(number) for number in (1, 2)]
    async with queue.running():
        await until(lambda: len(underway(queue)) == 2)
        await settled()
        assert (queue.underway_in(1), queue.underway_in(2)) == (1, 2)
        assert queue.stop(2, Ended.CUT)
        await writers.step(3)

    assert [one.latest.ended for one in streams] == [Ended.STOP, Ended.CUT]


async def test_of_several_only_those_whose_rows_have_changed_are_stopped() -> None:
    rows = Rows(*(row(number, chat=number) for number in (1, 2, 3)))
    writers = Writers(rows, {1: 3, 2: 3, 3: 3})
    queue = queue_of(rows, writers.answer, slots=3)
    streams = [queue.stream(number) for number in (1, 2, 3)]
    async with queue.running():
        await until(lambda: len(underway(queue)) == 3)
        await settled()
        rows.waiting[1] = row(2, chat=2, revision=1)
        del rows.waiting[2]
        await queue.reread()
        await writers.step()
        assert [one.latest.ended for one in streams] == [None, Ended.CANCELLED, Ended.CANCELLED]
        await writers.step(2)

    assert streams[0].latest.ended is Ended.STOP


async def test_a_mistake_in_one_slot_fails_that_exchange_alone() -> None:
    rows = Rows(row(1, chat=1), row(2, chat=2))
    writers = Writers(rows, {2: 2})  # it knows nothing of the first

    queue = two_slots(rows, writers)
    streams = [queue.stream(number) for number in (1, 2)]
    async with queue.running():
        await until(lambda: len(underway(queue)) == 1 and streams[0].latest.ended)
        await writers.step(2)

    assert [one.latest.ended for one in streams] == [Ended.ERROR, Ended.STOP]


async def test_leaving_pauses_all_that_are_under_way_and_waits_for_them() -> None:
    rows = Rows(*(row(number, chat=number) for number in (1, 2, 3)))
    writers = Writers(rows, {1: 9, 2: 9, 3: 9})
    queue = two_slots(rows, writers)
    streams = [queue.stream(number) for number in (1, 2, 3)]
    async with queue.running():
        await until(lambda: len(underway(queue)) == 2)
        await settled()
        await writers.step()

    assert [one.latest.ended for one in streams] == [Ended.PAUSED] * 3
    assert writers.turns == [(1, 1), (2, 1)]


async def test_while_the_store_cannot_be_read_those_under_way_go_on(
    caplog: pytest.LogCaptureFixture,
) -> None:
    rows = Rows(row(1, chat=1), row(2, chat=2), row(3, chat=3))
    writers = Writers(rows, {1: 1, 2: 2, 3: 1})
    queue = two_slots(rows, writers)
    async with queue.running():
        await until(lambda: len(underway(queue)) == 2)
        await settled()
        rows.error = StorageError("it is busy")
        await writers.step()
        assert (rows.answered, underway(queue)) == ([1], [2])
        await writers.step()  # what ends then has the rows read once more
        await until(lambda: underway(queue) == [3])
        await settled()
        await writers.step()

    assert rows.answered == [1, 2, 3]
    assert "it is busy" in caplog.text


async def test_what_ends_while_the_rows_are_read_is_not_answered_again() -> None:
    rows, begun = Rows(row(1, chat=1)), list[int]()
    read, go_on, end = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def pending() -> list[Pending]:
        found = await rows.pending()
        if begun:
            read.set()
            await go_on.wait()
        return found

    async def answer(underway: Underway) -> None:
        begun.append(underway.exchange.id)
        await end.wait()
        await rows.answer(underway)

    queue = GenerationQueue(pending, answer, ManualClock(), 2)
    async with queue.running():
        await until(lambda: begun)
        rows.waiting.append(row(2, chat=2))
        queue.stream(2)
        await read.wait()
        end.set()
        await until(lambda: rows.answered == [1])
        somebody_else = asyncio.create_task(queue.reread())
        await settled()
        go_on.set()
        await somebody_else
        await until(lambda: rows.answered == [1, 2])

    assert begun == [1, 2]


async def test_an_answer_that_is_asked_for_again_the_moment_it_has_ended_is_made() -> None:
    rows, asked_again = Rows(row(1)), asyncio.Event()

    async def answer(underway: Underway) -> None:
        await rows.answer(underway)
        if underway.exchange.revision == 0:
            await asked_again.wait()  # there is something to be done yet

    queue = queue_of(rows, answer, slots=2)
    first = queue.stream(1)
    async with queue.running():
        await until_ended(first)
        rows.waiting.append(row(1, revision=1))
        second = queue.stream(1)
        assert not queue.stop(1, Ended.CUT)  # that was the other one
        await settled()
        asked_again.set()
        await until_ended(second)

    assert second is not first
    assert rows.answered == [1, 1]


async def test_places_count_all_that_are_under_way_and_estimates_all_slots() -> None:
    rows = Rows(*(row(number, chat=number) for number in range(1, 6)))
    writers, timer = Writers(rows, {1: 1, 2: 2, 3: 3, 4: 3, 5: 3}), ManualClock()
    queue = GenerationQueue(rows.pending, writers.answer, ManualClock(), 2, timer)
    async with queue.running():
        await until(lambda: len(underway(queue)) == 2)
        streams = [queue.stream(number) for number in (3, 4, 5)]
        await settled()
        assert queue.places(rows.waiting) == {1: 0, 2: 1, 3: 2, 4: 3, 5: 4}
        assert [one.latest.ahead for one in streams] == [2, 3, 4]
        timer.now += 20
        await writers.step()  # the first has taken 20 s, and so has the second up to now
        assert [one.latest.ahead for one in streams] == [0, 2, 3]
        assert [one.latest.seconds_left for one in streams] == [0, 0, 20]
        assert queue.seconds_for(3) == 20


async def test_who_finds_a_free_slot_is_not_told_to_wait() -> None:
    rows = Rows(row(1, chat=1))
    queue = two_slots(rows, Writers(rows, {1: 9}))
    async with queue.running():
        queue.stream(1)
        await until(lambda: underway(queue))

        assert queue.stream(2).latest.ahead == 0


async def test_who_waits_for_their_own_chat_is_told_so_beside_a_free_slot() -> None:
    rows, timer = Rows(row(1)), ManualClock()
    writers = Writers(rows, {1: 1, 2: 1, 3: 1})
    queue = GenerationQueue(rows.pending, writers.answer, ManualClock(), 2, timer)
    async with queue.running():
        await until(lambda: underway(queue))
        await settled()
        timer.now += 20
        await writers.step()
        rows.waiting += [row(2), row(3)]
        queue.stream(2)
        last = queue.stream(3)
        await until(lambda: last.latest.ahead)

        assert (last.latest.ahead, last.latest.seconds_left) == (1, 20)
