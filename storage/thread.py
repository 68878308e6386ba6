"""aiosqlite's connection, which does whole jobs: the library itself runs a statement at a time."""

import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path
from sqlite3 import Row
from typing import TypeVar

import aiosqlite

from storage.errors import explained

T = TypeVar("T")

_AT_ONCE = 64  # rows that a cursor of the library would fetch; none is used here


class Thread(aiosqlite.Connection):
    """A connection of aiosqlite's, with its thread, that runs functions of many statements.

    The library's own methods wake up its thread, and then the event loop, for each statement, and a
    question with its answer takes some thirty. ``_execute``, the way that all of them go, is
    protected: the library's version is pinned for it.
    """

    async def run(self, function: Callable[[sqlite3.Connection], T]) -> T:
        """Run a function in the thread, with the connection."""
        result: T = await self._execute(function, self._conn)  # type: ignore[no-untyped-call] # it has no types
        return result


def connection(path: Path, patience: float, *pragmas: str) -> Thread:
    """Return a connection to a prepared file; entered as a context it is open.

    Entering it raises StorageError where the file cannot be opened.

    Args:
        path: of the file.
        patience: how long statements wait for other connections, in seconds.
        pragmas: what is set for the connection.
    """
    return Thread(partial(_open, path, patience, pragmas), _AT_ONCE)


def _open(path: Path, patience: float, pragmas: tuple[str, ...]) -> sqlite3.Connection:
    with explained(path):
        raw = sqlite3.connect(path, timeout=patience, isolation_level=None)
        try:
            raw.row_factory = Row
            for pragma in pragmas:
                raw.execute(f"PRAGMA {pragma}").fetchall()
        except BaseException:
            raw.close()
            raise
    return raw
