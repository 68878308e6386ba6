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
from storage.schema import PATIENCE
from storage.statements import Statements, Value, Work
from storage.thread import connection
from storage.turns import Turns

T = TypeVar("T")

_MOMENT = 250
"""How long impatient statements wait for other connections, in milliseconds."""


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
        writing = "journal_mode = WAL", "foreign_keys = ON", "secure_delete = ON"
        write = connection(path, PATIENCE, *writing)
        read = connection(path, PATIENCE, "query_only = ON")
        async with (
            Turns.open(write, path, _change) as writer,
            Turns.open(read, path, _look) as reader,
        ):
            yield cls(reader, writer, path)

    async def transaction(self, work: Work[T]) -> T:
        """Make all statements of a work one change, which is on the disk when this returns.

        An exception in it takes everything back. Whoever is cancelled here does not know whether
        it happened; it did as a whole, or not at all.
        """
        return await self._writer.take(work)

    async def view(self, work: Work[T]) -> T:
        """Let all queries of a work see one state of the file; it waits for nobody who writes."""
        return await self._reader.take(work)

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

    async def impatient(self, work: Work[T]) -> T:
        """Do a work outside of any transaction; its statements hardly wait for others."""

        def hurry(run: Statements) -> T:
            run.rows(f"PRAGMA busy_timeout = {_MOMENT}")
            try:
                return work(run)
            finally:
                run.rows(f"PRAGMA busy_timeout = {round(PATIENCE * 1000)}")

        return await self._writer.take(_Apart(hurry))


@dataclass(frozen=True, slots=True)
class _Apart(Generic[T]):
    """A work that is no part of a transaction."""

    work: Work[T]

    def __call__(self, run: Statements) -> T:
        return self.work(run)


def _look(run: Statements, works: Sequence[Work[Any]]) -> list[object]:
    """Do works that change nothing, in one view of the file."""
    run.rows("BEGIN")
    try:
        return [_tried(run, work) for work in works]
    finally:
        run.roll_back()


def _change(run: Statements, works: Sequence[Work[Any]]) -> list[object]:
    """Do works that change something, in their order."""
    outcomes: list[object] = []
    for apart, following in groupby(works, lambda work: isinstance(work, _Apart)):
        some = [*following]
        outcomes += [_tried(run, work) for work in some] if apart else _together(run, some)
    return outcomes


def _together(run: Statements, works: Sequence[Work[Any]]) -> list[object]:
    """Make works one transaction, or, where that fails, each its own."""
    outcome = _tried(run, partial(_transaction, works))
    if isinstance(outcome, list):
        return outcome
    if len(works) == 1 or isinstance(outcome, BusyError):  # nobody has to wait for that again
        return [outcome] * len(works)
    return [one for work in works for one in _together(run, [work])]


def _transaction(works: Sequence[Work[Any]], run: Statements) -> list[object]:
    try:
        run.rows("BEGIN IMMEDIATE")
        results = [work(run) for work in works]
        run.rows("COMMIT")
    except BaseException:
        run.roll_back()
        raise
    return results


def _tried(run: Statements, work: Work[T]) -> T | Exception:
    try:
        return work(run)
    except Exception as error:  # noqa: BLE001 # whatever it is, it is raised where it is waited for
        return error
