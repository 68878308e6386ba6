import asyncio
from collections.abc import Callable

import pytest

from bot.delivery.pace import Pace, Time
from tests.doubles.time import ManualTime


def never() -> bool:
    return False


class Turns:
    """Turns that were given, by name, in seconds from the beginning."""

    def __init__(self, time: ManualTime, pace: Pace) -> None:
        self.given: list[tuple[str, float]] = []
        self.tasks: list[asyncio.Task[None]] = []
        self._time = time
        self._start = time.now
        self._pace = pace

    def preview(self, name: str, over: Callable[[], bool] = never) -> None:
        async def wait() -> None:
            if await self._pace.preview(over):
                self._note(name)

        self.tasks.append(asyncio.create_task(wait()))

    def must(self, name: str) -> None:
        async def wait() -> None:
            await self._pace.turn()
            self._note(name)

        self.tasks.append(asyncio.create_task(wait()))

    def _note(self, name: str) -> None:
        self.given.append((name, round(self._time.now - self._start, 1)))


@pytest.fixture
def time() -> ManualTime:
    return ManualTime()


@pytest.fixture
def pace(time: ManualTime) -> Pace:
    return Pace(time.time, preview_seconds=1.2)


@pytest.fixture
def group(time: ManualTime) -> Pace:
    return Pace(time.time, preview_seconds=3.5, per_minute=20)


async def test_previews_come_in_their_turn_and_never_too_close(
    time: ManualTime, pace: Pace
) -> None:
    turns = Turns(time, pace)
    for name in "abc":
        turns.preview(name)
    await time.advance(3)

    assert turns.given == [("a", 0), ("b", 1.2), ("c", 2.4)]


async def test_what_must_be_shown_goes_before_previews_that_asked_earlier(
    time: ManualTime, pace: Pace
) -> None:
    turns = Turns(time, pace)
    turns.must("first")
    await time.advance(0)
    turns.preview("preview")
    await time.advance(0.5)
    turns.must("second")
    turns.must("third")
    await time.advance(4)

    assert turns.given == [("first", 0), ("second", 1), ("third", 2), ("preview", 3.2)]


async def test_a_preview_that_is_over_takes_no_turn(time: ManualTime, pace: Pace) -> None:
    turns = Turns(time, pace)
    over: list[str] = []
    turns.preview("a")
    turns.preview("b", lambda: bool(over))
    turns.preview("c")
    await time.advance(0.5)
    over.append("over")
    await time.advance(2)

    assert turns.given == [("a", 0), ("c", 1.2)]
    assert all(task.done() for task in turns.tasks)


@pytest.mark.parametrize(("hold", "notices"), [(0, 0.1), (300, 0.5)])
async def test_a_preview_notices_soon_that_it_is_over(
    time: ManualTime, pace: Pace, hold: float, notices: float
) -> None:
    over: list[str] = []
    await pace.turn()
    pace.hold(hold)
    waiting = asyncio.create_task(pace.preview(lambda: bool(over)))
    await time.advance(1)
    over.append("over")
    await time.advance(notices)

    assert waiting.result() is False


async def test_a_long_hold_is_slept_through(time: ManualTime) -> None:
    naps: list[float] = []

    async def sleep(seconds: float) -> None:
        naps.append(seconds)
        await time.time.sleep(seconds)

    pace = Pace(Time(time.time.clock, sleep), preview_seconds=1.2)
    turns = Turns(time, pace)
    pace.hold(3600)
    turns.must("first")
    turns.must("second")
    await time.advance(3599)
    assert naps == [3600, 3600]

    turns.preview("preview")
    await time.advance(0.9)
    assert naps[2:] == pytest.approx([0.5, 0.5])
    await time.advance(5)
    assert turns.given == [("first", 3600), ("second", 3601), ("preview", 3602.2)]


async def test_a_wait_that_is_cancelled_blocks_nobody(time: ManualTime, pace: Pace) -> None:
    turns = Turns(time, pace)
    turns.must("a")
    await time.advance(0)
    turns.must("b")
    turns.must("c")
    await time.advance(0.5)
    turns.tasks[1].cancel()
    await time.advance(1)

    assert turns.given == [("a", 0), ("c", 1)]


async def test_nobody_writes_while_the_platform_says_so(time: ManualTime, pace: Pace) -> None:
    turns = Turns(time, pace)
    pace.hold(300)
    pace.hold(5)
    turns.must("must")
    turns.preview("preview")
    await time.advance(299)
    assert turns.given == []

    await time.advance(3)
    assert turns.given == [("must", 300), ("preview", 301.2)]


async def test_what_must_be_shown_goes_first_after_a_hold(time: ManualTime, pace: Pace) -> None:
    turns = Turns(time, pace)
    pace.hold(0.1)  # as long as they sleep between two looks: both look at the same moment
    turns.preview("preview")
    turns.must("must")
    await time.advance(2)

    assert turns.given == [("must", 0.1), ("preview", 1.3)]


async def test_a_hold_that_comes_while_they_wait_counts_too(time: ManualTime, pace: Pace) -> None:
    turns = Turns(time, pace)
    turns.must("a")
    await time.advance(0)
    turns.must("b")
    await time.advance(0.5)
    pace.hold(7)
    await time.advance(10)

    assert turns.given == [("a", 0), ("b", 7.5)]


async def test_what_is_not_counted_waits_only_while_nobody_may_write(
    time: ManualTime, pace: Pace
) -> None:
    await pace.turn()
    await pace.allowed()
    pace.hold(2)
    waiting = asyncio.create_task(pace.allowed())
    await time.advance(1)
    pace.hold(3)
    await time.advance(2.9)
    assert not waiting.done()

    await time.advance(0.2)
    assert waiting.done()


async def test_previews_leave_a_quarter_of_the_minute_to_what_must_be_shown(
    time: ManualTime, group: Pace
) -> None:
    turns = Turns(time, group)
    for number in range(20):
        turns.preview(str(number))
    await time.advance(55)
    assert len(turns.given) == 15

    for number in range(6):
        turns.must(f"must {number}")
    await time.advance(4.9)
    assert [at for name, at in turns.given if name.startswith("must")] == [55, 56, 57, 58, 59]


async def test_there_are_never_more_turns_within_a_minute_than_allowed(
    time: ManualTime, group: Pace
) -> None:
    turns = Turns(time, group)
    for number in range(25):
        turns.must(str(number))
    turns.preview("preview")
    await time.advance(85)

    moments = [at for _, at in turns.given]
    assert moments == [*range(20), *range(60, 65), 70]


async def test_a_wait_says_whether_its_time_passed(time: ManualTime) -> None:
    over: list[str] = []
    whole = asyncio.create_task(time.time.wait(2, never))
    broken = asyncio.create_task(time.time.wait(2, lambda: bool(over)))
    await time.advance(1.5)
    over.append("over")
    await time.advance(0.1)
    assert (broken.done(), whole.done()) == (True, False)

    await time.advance(0.4)
    assert (broken.result(), whole.result()) == (False, True)
