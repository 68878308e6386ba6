"""Changes that wait at the same time."""

import asyncio
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from storage import connection as connection_module
from storage.connection import Connection
from storage.errors import BusyError
from storage.schema import prepare
from storage.statements import Statements, Value
from tests.doubles.held import ADD, COUNT, Held, add, asked, begun, count, people
from tests.doubles.outside import run_sql


async def test_changes_that_wait_at_the_same_time_are_one_transaction_on_the_disk(
    connection: Connection, path: Path
) -> None:
    held, last = Held(), Held("last")
    first = await begun(connection, held)
    waiting = asked(add(connection, "a"), add(connection, "b"))
    end = asyncio.create_task(connection.transaction(last))
    await asyncio.sleep(0)
    held.let.set()
    assert await asyncio.to_thread(last.begun.wait, 5)
    await first
    assert run_sql(path, COUNT) == [(1,)]  # neither is in the file,
    assert not any(task.done() for task in waiting)  # and nobody was told so
    last.let.set()
    await asyncio.gather(*waiting, end)
    assert run_sql(path, COUNT) == [(4,)]


async def test_a_change_that_fails_beside_others_fails_alone(connection: Connection) -> None:
    held = Held()
    first = await begun(connection, held)
    waiting = asked(
        *(add(connection, "a"), add(connection, "b", "b"), add(connection, "c", "d")),
        add(connection, "a"),
    )
    await asyncio.sleep(0)
    held.let.set()
    await first
    outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [
        *(type(None), sqlite3.IntegrityError, type(None), sqlite3.IntegrityError)
    ]
    assert await people(connection) == ["held", "a", "c", "d"]


async def test_a_change_is_made_once_whatever_fails_beside_it(connection: Connection) -> None:
    await add(connection, "sum")
    held = Held()
    first = await begun(connection, held)
    more = "UPDATE people SET name = name || 'x' WHERE native_id = 'sum'"
    waiting = asked(*(connection.change(more) for _ in range(3)), connection.change("nonsense"))
    await asyncio.sleep(0)
    held.let.set()
    await asyncio.gather(first, *waiting, return_exceptions=True)
    [row] = await connection.rows("SELECT name FROM people WHERE native_id = 'sum'")
    assert row["name"] == "xxx"


async def apart(connection: Connection, person: str) -> None:
    """Put in a row outside of any transaction."""
    await connection.impatient(lambda run: run.change(ADD, person=person))


async def test_changes_are_made_in_the_order_in_which_they_are_asked_for(
    connection: Connection,
) -> None:
    names = [f"{number}" for number in range(20)]
    ways = (apart if name.endswith("3") else add for name in names)
    await asyncio.gather(*(way(connection, name) for way, name in zip(ways, names, strict=True)))
    assert await people(connection) == names


async def test_what_is_no_transaction_works_beside_those_that_are(connection: Connection) -> None:
    await asyncio.gather(
        add(connection, "a"),
        connection.impatient(lambda run: run.rows("VACUUM")),  # refused inside of one
        add(connection, "b"),
    )
    assert await count(connection) == 2


class LeavingError(BaseException):
    """Something that is no Exception."""


@pytest.mark.parametrize("error", [LeavingError, KeyError])
async def test_whatever_a_change_raises_beside_others_is_raised_where_it_was_asked_for(
    connection: Connection, error: type[BaseException]
) -> None:
    def leave(run: Statements) -> None:
        run.change(ADD, person="lost")
        raise error

    held = Held()
    first = await begun(connection, held)
    waiting = asked(add(connection, "a"), connection.transaction(leave), add(connection, "b"))
    await asyncio.sleep(0)
    held.let.set()
    await asyncio.wait([first, *waiting])
    assert [type(task.exception()) for task in waiting] == [type(None), error, type(None)]
    assert await people(connection) == ["held", "a", "b"]


async def test_nobody_waits_for_ever_beside_a_change_that_stops_an_iteration(
    connection: Connection,
) -> None:
    held = Held()
    first = await begun(connection, held)
    waiting = asked(
        connection.transaction(lambda run: next(iter(run.rows("SELECT 1 WHERE 0")))),
        connection.change(ADD, person="a"),
    )
    await asyncio.sleep(0)
    held.let.set()
    async with asyncio.timeout(5):
        _, stopped, changed = await asyncio.gather(first, *waiting, return_exceptions=True)
    assert isinstance(stopped, RuntimeError)
    assert changed == 1


async def test_nobody_waits_for_a_busy_database_as_often_as_there_are_others(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begins = 0
    own = Statements.rows

    def rows(run: Statements, sql: str, **values: Value) -> list[sqlite3.Row]:
        nonlocal begins
        begins += sql == "BEGIN IMMEDIATE"
        return own(run, sql, **values)

    monkeypatch.setattr(connection_module, "PATIENCE", 0.0)
    prepare(path)
    async with Connection.open(path) as connection:
        held = Held()
        first = await begun(connection, held)
        waiting = asked(*(add(connection, name) for name in "abc"))
        await asyncio.sleep(0)
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            monkeypatch.setattr(Statements, "rows", rows)
            held.let.set()
            other.execute("PRAGMA busy_timeout = 5000")
            other.execute("BEGIN IMMEDIATE")
            await first
            outcomes = await asyncio.gather(*waiting, return_exceptions=True)
            other.execute("ROLLBACK")
    assert [type(outcome) for outcome in outcomes] == [BusyError] * 3
    assert begins == 1


async def test_nobody_waits_again_for_a_file_that_became_busy_after_a_failure(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It becomes busy after ``b`` failed on its own."""
    begins = failures = 0
    own, own_roll_back = Statements.rows, Statements.roll_back

    def rows(run: Statements, sql: str, **values: Value) -> list[sqlite3.Row]:
        nonlocal begins
        begins += sql == "BEGIN IMMEDIATE"
        return own(run, sql, **values)

    def roll_back(run: Statements) -> None:
        nonlocal failures
        own_roll_back(run)
        failures += 1
        if failures == 2:
            other.execute("BEGIN IMMEDIATE")

    monkeypatch.setattr(connection_module, "PATIENCE", 0.0)
    prepare(path)
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        async with Connection.open(path) as connection:
            held = Held()
            first = await begun(connection, held)
            waiting = asked(
                *(add(connection, "a"), add(connection, "b", "b")),
                *(add(connection, name) for name in "cde"),
            )
            await asyncio.sleep(0)
            monkeypatch.setattr(Statements, "rows", rows)
            monkeypatch.setattr(Statements, "roll_back", roll_back)
            held.let.set()
            outcomes = await asyncio.gather(*waiting, return_exceptions=True)
            monkeypatch.undo()
            await first
            other.execute("ROLLBACK")
    assert [type(outcome) for outcome in outcomes] == [
        *(type(None), sqlite3.IntegrityError),
        *[BusyError] * 3,
    ]
    assert begins == len(["all of them", "a", "b", "c"])


async def test_each_of_those_who_share_a_failure_raises_an_exception_of_their_own(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def handle(name: str) -> None:
        try:
            os.environ[f"NO {name}"]
        except KeyError:
            await add(connection, name)

    monkeypatch.setattr(connection_module, "PATIENCE", 0.0)
    prepare(path)
    async with Connection.open(path) as connection:
        held = Held()
        first = await begun(connection, held)
        waiting = asked(*(handle(name) for name in "abc"))
        await asyncio.sleep(0)
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            held.let.set()
            other.execute("PRAGMA busy_timeout = 5000")
            other.execute("BEGIN IMMEDIATE")
            await first
            outcomes = await asyncio.gather(*waiting, return_exceptions=True)
            other.execute("ROLLBACK")
    errors = [outcome for outcome in outcomes if isinstance(outcome, BusyError)]
    assert [error.__context__ and error.__context__.args for error in errors] == [
        *(("NO a",), ("NO b",), ("NO c",))
    ]
    assert [type(error.__cause__) for error in errors] == [sqlite3.OperationalError] * 3
