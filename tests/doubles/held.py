"""Rows that tests put in through a connection, some by jobs that go on when they are let."""

import asyncio
import threading
from collections.abc import Coroutine
from typing import TypeVar

from storage.connection import Connection
from storage.statements import Statements

T = TypeVar("T")

ADD = "INSERT INTO people (platform, native_id, name) VALUES ('terminal', :person, '')"
COUNT = "SELECT count(*) FROM people"


async def add(connection: Connection, *people: str) -> None:
    """Put in rows, in one transaction."""

    def put(run: Statements) -> None:
        for person in people:
            run.change(ADD, person=person)

    await connection.transaction(put)


async def count(connection: Connection) -> int:
    """Return how many were put in."""
    [row] = await connection.rows(COUNT)
    return int(row[0])


async def people(connection: Connection) -> list[str]:
    """Return who was put in, in order."""
    rows = await connection.rows("SELECT native_id FROM people ORDER BY id")
    return [row["native_id"] for row in rows]


class Held:
    """A job that puts in a row, and goes on when it is let."""

    def __init__(self, person: str = "held") -> None:
        self.begun = threading.Event()
        self.let = threading.Event()
        self._person = person

    def __call__(self, run: Statements) -> int:
        """Do the job."""
        rows = self._rows(run)
        self.begun.set()
        assert self.let.wait(5)
        return rows

    def _rows(self, run: Statements) -> int:
        return run.change(ADD, person=self._person)


class HeldView(Held):
    """A job that only looks, and goes on when it is let."""

    def _rows(self, run: Statements) -> int:
        return len(run.rows(COUNT))


async def begun(connection: Connection, held: Held) -> asyncio.Task[int]:
    """Let the thread that writes begin a job that is held."""
    task = asyncio.create_task(connection.transaction(held))
    assert await asyncio.to_thread(held.begun.wait, 5)
    return task


def asked(*changes: Coroutine[None, None, T]) -> list[asyncio.Task[T]]:
    """Ask for changes at the same time."""
    return [asyncio.create_task(change) for change in changes]
