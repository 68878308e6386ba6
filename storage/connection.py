"""The file, open twice: tasks read it, and change it, without waiting for one another's disk."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from pathlib import Path
from sqlite3 import Row
from typing import Any, Generic, Self, TypeVar

from storage.errors import BusyError
from storage.outcomes import copies, tried
from storage.schema import PATIENCE
from storage.statements import Job, Statements, Value
from storage.thread import connection
from storage.turns import Turns

T = TypeVar("T")

_MOMENT = 250
"""How long impatient statements wait for other connections, in milliseconds."""
_WRITING = (
    "journal_mode = WAL",
    "synchronous = FULL",  # without it a commit need not be on the disk when it returns
    "foreign_keys = ON",
    "secure_delete = ON",
)


class Connection:
    """The open file. What reads sees finished transactions only, and waits for none.

    What is changed at the same time is one transaction on the disk: it is waited for once, and
    nobody hears that their change is done before it is there. Where something of it fails, each
    change is made alone, and fails alone.

    Attributes:
        path: of the file.
    """

    def __init__(self, reader: Turns, writer: Turns, path: Path) -> None:
        self.path = path
        self._reader = reader
        self._writer = writer

    @classmethod
    @asynccontextmanager
    async def open(cls, path: Path) -> AsyncIterator[Self]:
        """Hold a prepared file open; its threads have ended when the context is left.

        Raises:
            StorageError: it cannot be opened.
        """
        write = connection(path, PATIENCE, *_WRITING)
        read = connection(path, PATIENCE, "query_only = ON")
        async with (
            Turns.open(write, path, _change) as writer,
            Turns.open(read, path, _look) as reader,
        ):
            yield cls(reader, writer, path)

    async def transaction(self, job: Job[T]) -> T:
        """Make all statements of a job one change, which is on the disk when this returns.

        An exception in it takes everything back. Whoever is cancelled here does not know whether
        it happened; it did as a whole, or not at all.
        """
        return await self._writer.take(job)

    async def view(self, job: Job[T]) -> T:
        """Let all queries of a job see one state of the file; it waits for nobody who writes."""
        return await self._reader.take(job)

    async def rows(self, sql: str, /, **values: Value) -> list[Row]:
        """Return all rows of a query."""
        return await self.view(lambda run: run.rows(sql, **values))

    async def row(self, sql: str, /, **values: Value) -> Row | None:
        """Return the first row of a query, or None."""
        return await self.view(lambda run: run.row(sql, **values))

    async def change(self, sql: str, /, **values: Value) -> int:
        """Make a change of one statement; return how many rows it changed."""
        return await self.transaction(lambda run: run.change(sql, **values))

    async def data_version(self) -> int:
        """Return a number that is another one after each commit of another program."""
        [row] = await self._writer.take(_Apart(lambda run: run.rows("PRAGMA data_version")))
        return int(row[0])

    async def impatient(self, job: Job[T]) -> T:
        """Do a job outside of any transaction; its statements hardly wait for others."""

        def hurry(run: Statements) -> T:
            run.rows(f"PRAGMA busy_timeout = {_MOMENT}")
            try:
                return job(run)
            finally:
                run.rows(f"PRAGMA busy_timeout = {round(PATIENCE * 1000)}")

        return await self._writer.take(_Apart(hurry))


@dataclass(frozen=True, slots=True)
class _Apart(Generic[T]):
    """A job that is no part of a transaction."""

    job: Job[T]

    def __call__(self, run: Statements) -> T:
        return self.job(run)


def _look(run: Statements, jobs: Sequence[Job[Any]]) -> list[object]:
    """Do jobs that change nothing, in one view of the file."""
    run.rows("BEGIN")
    try:
        return [tried(run, job) for job in jobs]
    finally:
        run.roll_back()


def _change(run: Statements, jobs: Sequence[Job[Any]]) -> list[object]:
    """Do jobs that change something, in their order."""
    outcomes: list[object] = []
    for apart, following in groupby(jobs, lambda job: isinstance(job, _Apart)):
        some = [*following]
        outcomes += [tried(run, job) for job in some] if apart else _together(run, some)
    return outcomes


def _together(run: Statements, jobs: Sequence[Job[Any]]) -> list[object]:
    """Make jobs one transaction, or, where that fails, each its own."""
    outcome = tried(run, partial(_transaction, jobs))
    if isinstance(outcome, BusyError):
        return [*copies(outcome, len(jobs))]  # nobody has to wait for that again
    if isinstance(outcome, BaseException):
        return [outcome] if len(jobs) == 1 else _alone(run, jobs)
    return outcome


def _alone(run: Statements, jobs: Sequence[Job[Any]]) -> list[object]:
    """Make each of some jobs its own transaction, until the file is busy."""
    outcomes: list[object] = []
    for place, job in enumerate(jobs):
        [outcome] = _together(run, [job])
        if isinstance(outcome, BusyError):
            return [*outcomes, *copies(outcome, len(jobs) - place)]
        outcomes.append(outcome)
    return outcomes


def _transaction(jobs: Sequence[Job[Any]], run: Statements) -> list[object]:
    try:
        run.rows("BEGIN IMMEDIATE")
        results = [job(run) for job in jobs]
        run.rows("COMMIT")
    except BaseException:
        run.roll_back()
        raise
    return results
