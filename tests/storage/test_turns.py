import asyncio
import threading
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from storage.errors import BusyError
from storage.statements import Job, Statements
from storage.thread import Thread, connection
from storage.turns import Turns


class Line:
    """What does jobs, and can be told to hold, or to fail as a whole."""

    def __init__(self) -> None:
        self.begun = threading.Event()
        self.let = threading.Event()
        self.error: BaseException | None = None
        self.sizes: list[int] = []

    def __call__(self, run: Statements, jobs: Sequence[Job[Any]]) -> Sequence[object]:
        """Do jobs."""
        self.sizes.append(len(jobs))
        self.begun.set()
        assert self.let.wait(5)
        if self.error is not None:
            raise self.error
        return [job(run) for job in jobs]


@pytest.fixture
def line() -> Line:
    return Line()


@pytest.fixture
def thread(tmp_path: Path) -> Thread:
    return connection(tmp_path / "file.db", 0.0)


@pytest.fixture
async def turns(thread: Thread, line: Line, tmp_path: Path) -> AsyncIterator[Turns]:
    async with Turns.open(thread, tmp_path / "file.db", line) as opened:
        yield opened
        line.let.set()


def job(number: int) -> Job[int]:
    """A job of which comes a number."""
    return lambda run: int(run.rows(f"SELECT {number}")[0][0])


async def taken(turns: Turns, line: Line) -> asyncio.Task[int]:
    """Let the thread begin a job, which is held."""
    task = asyncio.create_task(turns.take(job(1)))
    assert await asyncio.to_thread(line.begun.wait, 5)
    return task


async def behind(turns: Turns, *numbers: int) -> list[asyncio.Task[int]]:
    """Let jobs wait."""
    tasks = [asyncio.create_task(turns.take(job(number))) for number in numbers]
    await asyncio.sleep(0)
    return tasks


async def test_what_waits_is_done_at_once(turns: Turns, line: Line) -> None:
    first = await taken(turns, line)
    waiting = await behind(turns, 2, 3)
    line.let.set()
    assert await asyncio.gather(first, *waiting) == [1, 2, 3]
    assert line.sizes == [1, 2]


@pytest.mark.parametrize("error", [BusyError("busy"), StopIteration(), SystemError("none")])
async def test_where_doing_them_fails_each_has_that_to_raise(
    turns: Turns, line: Line, error: Exception
) -> None:
    first = await taken(turns, line)
    waiting = await behind(turns, 2, 3)
    line.error = error
    line.let.set()
    async with asyncio.timeout(5):
        outcomes = await asyncio.gather(first, *waiting, return_exceptions=True)
    expected = RuntimeError if isinstance(error, StopIteration) else type(error)
    assert [type(outcome) for outcome in outcomes] == [expected] * 3
    assert len({id(outcome) for outcome in outcomes}) == 3
    line.error = None
    assert await turns.take(job(4)) == 4


async def test_nobody_waits_for_a_group_that_was_cancelled_and_the_next_is_done(
    turns: Turns, line: Line
) -> None:
    first = await taken(turns, line)
    waiting = await behind(turns, 2, 3)
    assert turns._underway is not None
    turns._underway.cancel()
    async with asyncio.timeout(5):
        await asyncio.wait([first])
        line.let.set()
        assert await asyncio.gather(*waiting) == [2, 3]
    assert first.cancelled()


async def test_where_leaving_is_cancelled_so_is_what_was_not_begun(
    thread: Thread, line: Line, tmp_path: Path
) -> None:
    tasks: list[asyncio.Task[int]] = []
    leaving = asyncio.Event()

    async def use() -> None:
        async with Turns.open(thread, tmp_path / "file.db", line) as turns:
            tasks.append(await taken(turns, line))
            tasks.extend(await behind(turns, 2, 3))
            leaving.set()

    using = asyncio.create_task(use())
    await leaving.wait()
    using.cancel()
    first, *waiting = tasks
    await asyncio.wait(waiting)
    assert all(task.cancelled() for task in waiting)
    assert not first.done()
    line.let.set()
    await asyncio.wait([using])
    assert using.cancelled()
    assert await first == 1
