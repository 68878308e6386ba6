"""Long answers give way to chats that wait, and are gone on with when it is their turn again."""

import asyncio
from collections import Counter
from itertools import pairwise

import pytest

from bot.delivery.stream import Ended, Phase
from bot.generation import fairness
from bot.generation.model import Piece
from bot.generation.queue import GenerationQueue
from bot.generation.underway import Underway
from storage.errors import StorageError
from storage.records import Pending
from tests.doubles.clock import ManualClock
from tests.doubles.loop import settled, until
from tests.doubles.rows import Rows, Writers, queue_of, row, until_ended

SHARE = 4


@pytest.fixture(autouse=True)
def _short_share(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fairness, "SHARE", SHARE)


def underway(queue: GenerationQueue) -> list[int]:
    return [*queue._slots.underway]


async def test_while_nobody_waits_an_answer_is_as_long_as_it_likes() -> None:
    rows = Rows(row(1))
    writers = Writers(rows, {1: 5 * SHARE})
    async with queue_of(rows, writers.answer).running():
        await settled()
        await writers.step(5 * SHARE)

    assert writers.turns == [(1, 5 * SHARE)]


async def test_a_long_answer_gives_way_after_its_share_and_is_gone_on_with() -> None:
    rows = Rows(row(1, chat=1), row(2, chat=2))
    writers = Writers(rows, {1: SHARE + 2, 2: 1})
    queue = queue_of(rows, writers.answer)
    stream = queue.stream(1)
    async with queue.running():
        await settled()
        await writers.step(SHARE)
        assert (underway(queue), stream.latest.ended) == ([2], None)
        await writers.step()
        assert underway(queue) == [1]
        await writers.step(2)

    assert writers.turns == [(1, SHARE), (2, 1), (1, 2)]
    assert stream.latest.ended is Ended.STOP


async def test_who_comes_when_a_share_was_had_long_ago_waits_for_nothing() -> None:
    rows = Rows(row(1, chat=1))
    writers = Writers(rows, {1: 3 * SHARE, 2: 1})
    queue = queue_of(rows, writers.answer)
    async with queue.running():
        await settled()
        await writers.step(2 * SHARE)
        rows.waiting.append(row(2, chat=2))
        queue.stream(2)
        await until(lambda: underway(queue) == [2])

    assert writers.turns[0] == (1, 2 * SHARE)


async def test_a_chat_does_not_give_way_to_itself_and_not_where_a_slot_is_free() -> None:
    rows = Rows(row(1), row(2), row(3, chat=2))
    writers = Writers(rows, {1: 2 * SHARE, 2: 1, 3: 2 * SHARE})
    queue = queue_of(rows, writers.answer, slots=2)
    async with queue.running():
        await settled()
        await writers.step(2 * SHARE)

        assert writers.turns == [(1, 2 * SHARE), (3, 2 * SHARE)]


async def test_five_chats_in_two_slots_have_their_shares_in_turn() -> None:
    rows = Rows(*(row(number, chat=number) for number in range(1, 6)))
    writers = Writers(rows, dict.fromkeys(range(1, 6), 4 * SHARE))
    queue = queue_of(rows, writers.answer, slots=2)
    streams = [queue.stream(number) for number in range(1, 6)]
    async with queue.running():
        await settled()
        for _ in range(20 * SHARE):
            await writers.step()

    assert [one.latest.ended for one in streams] == [Ended.STOP] * 5
    turns = [number for number, _ in writers.turns]
    assert max(pieces for _, pieces in writers.turns) <= SHARE + 1
    for number in range(1, 6):
        mine = [at for at, one in enumerate(turns) if one == number]
        for since, until_ in pairwise(mine):
            meanwhile = Counter(turns[since + 1 : until_])
            assert max(meanwhile.values(), default=0) <= 1, "somebody had two turns meanwhile"
        assert mine[0] < 5


async def test_whoever_was_parked_comes_behind_all_who_wait_already() -> None:
    rows = Rows(row(1, chat=1), row(2, chat=2))
    writers = Writers(rows, {1: 9, 2: 1, 3: 9, 4: 1, 5: 1})
    queue = queue_of(rows, writers.answer, slots=2)
    async with queue.running():
        await settled()
        await writers.step(2)
        rows.waiting.append(row(3, chat=3))
        queue.stream(3)
        await settled()
        await writers.step(SHARE - 2)  # the first has had its share, the third has not
        rows.waiting += [row(4, chat=4), row(5, chat=2)]
        queue.stream(5)
        await settled()
        assert underway(queue) == [3, 4]
        await writers.step()

        # Chat 2 had its turn after chat 1 had begun, but before that was parked.
        assert underway(queue) == [3, 5]


async def test_what_is_asked_in_its_chat_meanwhile_comes_after_what_was_parked() -> None:
    rows = Rows(row(1, chat=1), row(2, chat=2))
    writers = Writers(rows, {1: SHARE + 1, 2: 1, 3: 1})
    queue = queue_of(rows, writers.answer)
    async with queue.running():
        await settled()
        await writers.step(SHARE)
        assert underway(queue) == [2]
        rows.waiting.append(row(3, chat=1))
        queue.stream(3)
        await writers.step(3)

    assert rows.answered == [2, 1, 3]


async def test_what_was_parked_is_seen_and_how_many_are_ahead() -> None:
    rows = Rows(*(row(number, chat=number) for number in (1, 2, 3)))
    writers = Writers(rows, {1: SHARE + 1, 2: 1, 3: 1})
    queue = queue_of(rows, writers.answer)
    stream = queue.stream(1)
    async with queue.running():
        await settled()
        await writers.step(SHARE)
        parked = stream.latest
        await writers.step(2)
        begun = stream.latest

    assert (parked.phase, parked.text, parked.ahead) == (Phase.ANSWERING, "x" * SHARE, 2)
    assert (begun.phase, begun.ahead, begun.ended) == (Phase.ANSWERING, 0, None)


async def test_what_was_parked_is_stopped_at_once_without_a_slot() -> None:
    rows = Rows(row(1, chat=1), row(2, chat=2))
    writers = Writers(rows, {1: 2 * SHARE, 2: 2 * SHARE})
    queue = queue_of(rows, writers.answer)
    stream = queue.stream(1)
    async with queue.running():
        await settled()
        await writers.step(SHARE)
        assert queue.stop(1, Ended.CUT)
        await settled()

        assert (stream.latest.ended, stream.latest.text) == (Ended.CUT, "x" * SHARE)
        assert underway(queue) == [2]
        assert not queue.stop(1, Ended.CUT)
        await writers.step(2 * SHARE)
        assert writers.turns == [(1, SHARE), (1, 0), (2, 2 * SHARE)]


async def test_what_was_parked_and_is_gone_ends() -> None:
    rows = Rows(row(1, chat=1), row(2, chat=2))
    queue = queue_of(rows, (writers := Writers(rows, {1: 9, 2: 9})).answer)
    stream = queue.stream(1)
    async with queue.running():
        await settled()
        await writers.step(SHARE)
        del rows.waiting[0]
        await queue.reread()

        assert stream.latest.ended is Ended.CANCELLED
        assert not queue.stop(1, Ended.CUT)


async def test_of_what_was_parked_and_is_to_be_answered_otherwise_nothing_goes_on() -> None:
    rows = Rows(row(1, chat=1), row(2, chat=2))
    queue = queue_of(rows, (writers := Writers(rows, {1: 9, 2: 9})).answer)
    stream = queue.stream(1)
    async with queue.running():
        await settled()
        await writers.step(SHARE)
        await queue.reread()
        await settled()
        assert stream.latest.ended is None  # nothing has changed
        rows.waiting[0] = row(1, chat=1, revision=1)
        await queue.reread()
        await settled()

    assert writers.turns[1] == (1, 0)  # whoever answers looks at its row, and gives way


async def test_leaving_keeps_what_was_parked_for_the_next_run() -> None:
    rows = Rows(row(1, chat=1), row(2, chat=2))
    queue = queue_of(rows, (writers := Writers(rows, {1: 9, 2: 9})).answer)
    stream = queue.stream(1)
    async with queue.running():
        await settled()
        await writers.step(SHARE)

    assert (stream.latest.ended, stream.latest.text) == (Ended.PAUSED, "x" * SHARE)
    assert writers.turns == [(1, SHARE), (2, 0)]
    assert not queue.stop(1, Ended.CUT)


async def test_nobody_gives_way_from_the_moment_of_a_pause_on() -> None:
    rows = Rows(row(1, chat=1), row(2, chat=2))
    queue = queue_of(rows, (writers := Writers(rows, {1: 9, 2: 9})).answer)
    async with queue.running():
        await settled()
        await writers.step(SHARE - 1)
        queue.pause(paused=True)
        queue._slots.underway[1].tell(Piece("x"))
        await settled()

        assert underway(queue) == [1]


async def test_nobody_gives_way_to_those_who_may_not_be_begun() -> None:
    rows = Rows(row(1, chat=1), row(2, chat=2))
    queue = queue_of(rows, (writers := Writers(rows, {1: 9, 2: 9})).answer)
    async with queue.running():
        await settled()
        queue.pause(paused=True)
        await writers.step(SHARE + 1)
        assert underway(queue) == [1]
        queue.pause(paused=False)
        await settled()

        assert underway(queue) == [2]


async def test_what_was_parked_before_a_pause_is_gone_on_with_after_it() -> None:
    rows = Rows(row(1, chat=1), row(2, chat=2))
    queue = queue_of(rows, (writers := Writers(rows, {1: SHARE + 1, 2: 1})).answer)
    stream = queue.stream(1)
    async with queue.running():
        await settled()
        await writers.step(SHARE)
        queue.pause(paused=True)
        await writers.step()
        assert (underway(queue), stream.latest.paused) == ([], True)
        queue.pause(paused=False)
        await settled()
        await writers.step()

    assert stream.latest.ended is Ended.STOP


async def test_nobody_gives_way_to_those_who_have_left() -> None:
    rows = Rows(row(1, chat=1), row(2, chat=2))
    queue = queue_of(rows, (writers := Writers(rows, {1: 9, 2: 9})).answer)
    async with queue.running():
        queue.stream(2)
        await settled()
        await writers.step(SHARE - 1)
        del rows.waiting[1]
        queue.give_up(2)
        await settled()
        await writers.step(3)

        assert writers.turns == []


async def test_nobody_gives_way_while_the_store_cannot_be_read() -> None:
    rows = Rows(row(1, chat=1), row(2, chat=2))
    queue = queue_of(rows, (writers := Writers(rows, {1: 9, 2: 9})).answer)
    async with queue.running():
        await settled()
        rows.error = StorageError("it is busy")
        queue.stream(2)
        await settled()
        await writers.step(SHARE + 1)
        assert underway(queue) == [1]
        queue.stream(2)
        await settled()

        assert underway(queue) == [2]


async def test_a_turn_that_was_parked_tells_how_long_turns_take() -> None:
    rows, timer = Rows(row(1, chat=1), row(2, chat=2)), ManualClock()
    writers = Writers(rows, {1: 9, 2: 9})
    queue = GenerationQueue(rows.pending, writers.answer, ManualClock(), 1, timer)
    stream = queue.stream(1)
    async with queue.running():
        await settled()
        timer.now += 20
        await writers.step(SHARE)

        assert (queue.seconds_for(1), stream.latest.seconds_left) == (20, 20)


async def test_what_is_parked_while_the_rows_are_read_is_not_overtaken_in_its_chat() -> None:
    rows = Rows(row(1, chat=1), row(2, chat=2), row(4, chat=4))
    writers, gate = Writers(rows, {1: 9, 2: SHARE, 3: 1, 4: 9}), asyncio.Event()
    gate.set()

    async def pending() -> list[Pending]:
        found = await rows.pending()
        await gate.wait()
        return found

    queue = GenerationQueue(pending, writers.answer, ManualClock(), 2)
    async with queue.running():
        await settled()
        await writers.step(SHARE - 1)
        gate.clear()
        rows.waiting.append(row(3, chat=1))
        queue.stream(3)
        await settled()
        queue._slots.underway[1].stop(Ended.PARKED)
        await writers.step()
        gate.set()
        await settled()

        assert writers.turns == [(1, SHARE - 1), (2, SHARE)]
        assert underway(queue) == [4, 1]


async def test_a_stop_while_the_rows_are_read_is_a_stop() -> None:
    rows = Rows(row(1, chat=1), row(2, chat=2))
    writers, stored, end = Writers(rows, {1: 9, 2: 9}), asyncio.Event(), asyncio.Event()

    async def answer(underway: Underway) -> None:
        if underway.reason is Ended.CUT:
            rows.waiting.remove(underway.exchange)
            stored.set()
            await end.wait()
            underway.stream.end(Ended.CUT)
        else:
            await writers.answer(underway)

    queue = queue_of(rows, answer)
    stream = queue.stream(1)
    async with queue.running():
        await settled()
        await writers.step(SHARE)
        queue.stop(1, Ended.CUT)
        await stored.wait()
        await queue.reread()
        end.set()
        await until_ended(stream)

    assert stream.latest.ended is Ended.CUT


async def test_where_the_draw_is_fixed_nobody_is_parked() -> None:
    rows = Rows(row(1, chat=1), row(2, chat=2))
    writers = Writers(rows, {1: 3 * SHARE, 2: 1})
    queue = GenerationQueue(rows.pending, writers.answer, ManualClock(), 1, parks=False)
    async with queue.running():
        await settled()
        await writers.step(2 * SHARE)

        assert underway(queue) == [1]
