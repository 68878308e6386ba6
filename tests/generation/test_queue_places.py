"""How many answers come before one that waits."""

from storage.records import Pending
from tests.doubles.clock import ManualClock
from tests.doubles.loop import until
from tests.doubles.rows import Rows, Stopped, queue_of, row, until_told


async def test_what_waits_is_counted_in_the_order_of_its_answers() -> None:
    rows = Rows(row(1), row(2), row(3, chat=2))

    assert queue_of(rows).places(rows.waiting) == {1: 0, 3: 1, 2: 2}


async def test_what_is_being_answered_comes_before_all_others() -> None:
    rows, told = Rows(row(5, chat=2)), Stopped()
    queue = queue_of(rows, until_told(rows, told))
    async with queue.running():
        await until(lambda: queue.underway_in(2))
        rows.waiting += [row(3), row(4, chat=2)]

        assert queue.places(rows.waiting) == {5: 0, 3: 1, 4: 2}
        queue.pause(True)  # noqa: FBT003 # it is what it says
        assert queue.places(rows.waiting) == {5: 0}
        told.stop()


async def test_what_may_not_be_answered_yet_has_no_place() -> None:
    clock = ManualClock(1000.0)
    waiting = [row(1, not_before=1001.0), row(2, chat=2)]
    queue = queue_of(Rows(), clock=clock)
    assert queue.places(waiting) == {2: 0}
    clock.now += 1

    assert queue.places(waiting) == {1: 0, 2: 1}


async def test_what_was_set_aside_has_no_place() -> None:
    rows = Rows(row(1))

    async def fail(_: object) -> None:
        raise ValueError

    queue = queue_of(rows, fail)
    async with queue.running():
        await until(lambda: queue.is_set_aside(1))
        waiting: list[Pending] = [*rows.waiting, row(2)]

        assert queue.places(waiting) == {2: 0}
        rows.waiting.clear()
