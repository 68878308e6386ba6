"""A connection that tasks hand jobs to: it does at once all that waits."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any, Self, TypeVar

from storage.errors import explained
from storage.outcomes import copies, tried
from storage.statements import Job, Statements
from storage.thread import Thread

T = TypeVar("T")
Do = Callable[[Statements, Sequence[Job[Any]]], Sequence[object]]
"""Does jobs, and returns for each what came of it, or the exception that it ended with. What it
raises itself is what all of them ended with."""


class Turns:
    """The jobs of all tasks, in the order in which they come.

    While some are done the next gather. What costs as much for one as for many, such as waiting
    for the disk and waking up a thread, is paid once for all of them.
    """

    def __init__(self, thread: Thread, path: Path, do: Do) -> None:
        self._thread = thread
        self._path = path
        self._do = do
        self._waiting: list[tuple[Job[Any], asyncio.Future[Any]]] = []
        self._underway: asyncio.Task[Sequence[object]] | None = None

    @classmethod
    @asynccontextmanager
    async def open(cls, thread: Thread, path: Path, do: Do) -> AsyncIterator[Self]:
        """Hold a connection open; its thread has ended when the context is left.

        All that waits is done before that. Where the wait for it is cancelled, it is cancelled
        itself, but for what was begun.

        Args:
            thread: the connection.
            path: of the file.
            do: does what waits; it is called in the thread.

        Raises:
            StorageError: it cannot be opened.
        """
        with explained(path):
            await thread
        try:
            turns = cls(thread, path, do)
            try:
                yield turns
            finally:
                await turns._done_or_cancelled()
        finally:
            with explained(path):
                await thread.close()

    async def take(self, job: Job[T]) -> T:
        """Have a job done, and return what came of it.

        Once it was begun it is done to the end, whether it is still waited for or not.
        """
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append((job, done))
        if self._underway is None:
            self._begin()
        return await done

    def _begin(self) -> None:
        turns = [turn for turn in self._waiting if not turn[1].done()]
        self._waiting.clear()
        if not turns:
            self._underway = None
            return
        jobs = [job for job, _ in turns]
        self._underway = asyncio.create_task(self._thread.run(partial(self._outcomes, jobs)))
        self._underway.add_done_callback(partial(self._end, [done for _, done in turns]))

    def _outcomes(self, jobs: Sequence[Job[Any]], raw: sqlite3.Connection) -> Sequence[object]:
        """Do jobs, in the thread."""
        outcomes = tried(Statements(raw, self._path), lambda run: self._do(run, jobs))
        return copies(outcomes, len(jobs)) if isinstance(outcomes, BaseException) else outcomes

    def _end(
        self, waiting: Sequence["asyncio.Future[Any]"], underway: "asyncio.Task[Sequence[object]]"
    ) -> None:
        self._begin()  # the thread goes on, while those who waited do
        if underway.cancelled():  # as when the event loop ends, and everything in it
            _cancel(waiting)
            return
        error = underway.exception()
        outcomes = underway.result() if error is None else copies(error, len(waiting))
        for done, outcome in zip(waiting, outcomes, strict=True):
            if done.done():
                continue  # nobody waits for it any more
            if isinstance(outcome, BaseException):
                done.set_exception(outcome)
            else:
                done.set_result(outcome)

    async def _done_or_cancelled(self) -> None:
        """Wait until nothing waits."""
        try:
            while self._underway is not None:
                await asyncio.wait([self._underway])
        finally:
            _cancel(done for _, done in self._waiting)


def _cancel(waiting: Iterable["asyncio.Future[Any]"]) -> None:
    for done in waiting:
        done.cancel()
