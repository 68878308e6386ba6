"""A connection that tasks hand work to: it does at once all that waits."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any, Self, TypeVar

from storage.errors import explained
from storage.statements import Statements, Work
from storage.thread import Thread

T = TypeVar("T")
Do = Callable[[Statements, Sequence[Work[Any]]], Sequence[object]]
"""Does works, and returns for each what came of it, or the exception that it ended with. What it
raises itself is what all of them ended with."""


class Turns:
    """The works of all tasks, in the order in which they come.

    While some are done the next gather. What costs as much for one as for many, such as waiting
    for the disk and waking up a thread, is paid once for all of them.
    """

    def __init__(self, thread: Thread, path: Path, do: Do) -> None:
        self._thread = thread
        self._path = path
        self._do = do
        self._waiting: list[tuple[Work[Any], asyncio.Future[Any]]] = []
        self._underway: asyncio.Task[Sequence[object]] | None = None

    @classmethod
    @asynccontextmanager
    async def open(cls, thread: Thread, path: Path, do: Do) -> AsyncIterator[Self]:
        """Hold a connection open; its thread has ended when the context is left.

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
                await turns._done()
        finally:
            with explained(path):
                await thread.close()

    async def take(self, work: Work[T]) -> T:
        """Have a work done, and return what came of it.

        Once it was begun it is done to the end, whether it is still waited for or not.
        """
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append((work, done))
        if self._underway is None:
            self._begin()
        return await done

    def _begin(self) -> None:
        turns = [turn for turn in self._waiting if not turn[1].done()]
        self._waiting.clear()
        if not turns:
            self._underway = None
            return
        works = [work for work, _ in turns]
        self._underway = asyncio.create_task(
            self._thread.run(lambda raw: self._do(Statements(raw, self._path), works))
        )
        self._underway.add_done_callback(partial(self._end, [done for _, done in turns]))

    def _end(
        self, waiting: Sequence["asyncio.Future[Any]"], underway: "asyncio.Task[Sequence[object]]"
    ) -> None:
        if underway.cancelled():  # the event loop ends, and everything in it
            self._underway = None
            return
        self._begin()  # the thread goes on, while those who waited do
        error = underway.exception()
        outcomes = underway.result() if error is None else [error] * len(waiting)
        for done, outcome in zip(waiting, outcomes, strict=True):
            if done.done():
                continue  # nobody waits for it any more
            if isinstance(outcome, Exception):
                done.set_exception(outcome)
            else:
                done.set_result(outcome)

    async def _done(self) -> None:
        """Wait until nothing waits."""
        while self._underway is not None:
            await asyncio.wait([self._underway])
