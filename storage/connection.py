"""The one connection to the file: tasks take turns on it, and a transaction is one turn."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from sqlite3 import Row
from typing import Self

import aiosqlite

from storage.errors import explained
from storage.schema import PATIENCE

Value = str | bytes | int | float | None
"""What a column can hold."""

_MOMENT = 250
"""How long impatient statements wait for other connections, in milliseconds."""


class Statements:
    """Runs single statements; ``:name`` in one stands for the value given by that name.

    Every method raises StorageError for what a person can mend, sqlite3.Error for mistakes of
    the code.
    """

    def __init__(self, raw: aiosqlite.Connection, path: Path) -> None:
        self._raw = raw
        self._path = path

    async def rows(self, sql: str, /, **values: Value) -> list[Row]:
        """Return all rows of a query."""
        with explained(self._path):
            return list(await self._raw.execute_fetchall(sql, values))

    async def row(self, sql: str, /, **values: Value) -> Row | None:
        """Return the first row of a query, or None."""
        return next(iter(await self.rows(sql, **values)), None)

    async def change(self, sql: str, /, **values: Value) -> int:
        """Return how many rows a statement changed."""
        with explained(self._path):
            async with self._raw.execute(sql, values) as cursor:
                return cursor.rowcount

    async def insert(self, sql: str, /, **values: Value) -> int:
        """Return the id of the row that a statement put in."""
        with explained(self._path):
            row = await self._raw.execute_insert(sql, values)
        return int(row[0]) if row else 0


class Connection:
    """The open file. A read or a change is one turn; so is a transaction, from end to end.

    Attributes:
        path: of the file.
    """

    def __init__(self, raw: aiosqlite.Connection, path: Path) -> None:
        self.path = path
        self._raw = raw
        self._statements = Statements(raw, path)
        self._turn = asyncio.Lock()

    @classmethod
    @asynccontextmanager
    async def open(cls, path: Path) -> AsyncIterator[Self]:
        """Hold a prepared file open; its thread has ended when the context is left.

        Raises:
            StorageError: it cannot be opened.
        """
        with explained(path):
            raw = await aiosqlite.connect(path, timeout=PATIENCE, isolation_level=None)
        try:
            raw.row_factory = Row
            connection = cls(raw, path)
            for pragma in ("journal_mode = WAL", "foreign_keys = ON", "secure_delete = ON"):
                await connection.rows(f"PRAGMA {pragma}")
            yield connection
        finally:
            with explained(path):
                await raw.close()

    def transaction(self) -> AbstractAsyncContextManager[Statements]:
        """Make all statements inside one change: all of them happen, or none.

        An exception or a cancellation inside takes everything back. Transactions do not nest:
        inside, only the statements that are given may be used.
        """
        return self._between("BEGIN IMMEDIATE")

    def view(self) -> AbstractAsyncContextManager[Statements]:
        """Let all queries inside see one state of the file; it waits for nobody who writes."""
        return self._between("BEGIN")

    @asynccontextmanager
    async def _between(self, begin: str) -> AsyncIterator[Statements]:
        async with self._turn:
            try:
                await self._statements.rows(begin)
                yield self._statements
                await self._statements.rows("COMMIT")
            except BaseException:
                # The connection's thread works in the order of the calls: even if this wait is
                # cancelled too, the transaction is closed before the next turn begins.
                with explained(self.path):
                    await self._raw.rollback()
                raise

    async def rows(self, sql: str, /, **values: Value) -> list[Row]:
        """Return all rows of a query; sees finished transactions only."""
        async with self._turn:
            return await self._statements.rows(sql, **values)

    async def row(self, sql: str, /, **values: Value) -> Row | None:
        """Return the first row of a query, or None; sees finished transactions only."""
        async with self._turn:
            return await self._statements.row(sql, **values)

    async def change(self, sql: str, /, **values: Value) -> int:
        """Make a change of one statement; return how many rows it changed."""
        async with self._turn:
            return await self._statements.change(sql, **values)

    async def data_version(self) -> int:
        """Return a number that is another one after each commit of another connection."""
        [row] = await self.rows("PRAGMA data_version")
        return int(row[0])

    @asynccontextmanager
    async def impatient(self) -> AsyncIterator[Statements]:
        """Make statements in one turn, outside of a transaction, that hardly wait for others."""
        async with self._turn:
            try:
                await self._statements.rows(f"PRAGMA busy_timeout = {_MOMENT}")
                yield self._statements
            finally:
                await self._statements.rows(f"PRAGMA busy_timeout = {round(PATIENCE * 1000)}")
