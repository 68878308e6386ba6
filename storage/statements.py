"""The open file, as the thread that opened it uses it."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from sqlite3 import Row
from typing import TypeVar

from storage.errors import explained

T = TypeVar("T")
Value = str | bytes | int | float | None
"""What a column can hold."""


class Statements:
    """Runs single statements; ``:name`` in one stands for the value given by that name.

    Every method raises StorageError for what a person can mend, sqlite3.Error for mistakes of
    the code.
    """

    def __init__(self, raw: sqlite3.Connection, path: Path) -> None:
        self._raw = raw
        self._path = path

    def rows(self, sql: str, /, **values: Value) -> list[Row]:
        """Return all rows of a query."""
        with explained(self._path):
            return self._raw.execute(sql, values).fetchall()

    def row(self, sql: str, /, **values: Value) -> Row | None:
        """Return the first row of a query, or None."""
        return next(iter(self.rows(sql, **values)), None)

    def change(self, sql: str, /, **values: Value) -> int:
        """Return how many rows a statement changed."""
        with explained(self._path):
            return self._raw.execute(sql, values).rowcount

    def insert(self, sql: str, /, **values: Value) -> int:
        """Return the id of the row that a statement put in."""
        with explained(self._path):
            return self._raw.execute(sql, values).lastrowid or 0

    def roll_back(self) -> None:
        """Take back what the open transaction did; without one, nothing."""
        with explained(self._path):
            self._raw.rollback()


Job = Callable[[Statements], T]
"""Some statements that belong together, and what comes of them. It may be done anew, so it does
nothing else."""
