import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Coroutine
from contextlib import closing
from pathlib import Path
from typing import TypeVar

import pytest

from storage import connection as connection_module
from storage.connection import Connection
from storage.errors import BrokenDatabaseError, BusyError, StorageFullError, UnwritableError
from storage.schema import prepare
from storage.statements import Statements, Value
from tests.doubles.outside import run_sql

T = TypeVar("T")

ADD = "INSERT INTO people (platform, native_id, name) VALUES ('terminal', :person, '')"
COUNT = "SELECT count(*) FROM people"


@pytest.fixture
async def connection(path: Path) -> AsyncIterator[Connection]:
    prepare(path)
    async with Connection.open(path) as opened:
        yield opened


async def add(connection: Connection, *people: str) -> None:
    """Put in rows, in one transaction."""

    def put(run: Statements) -> None:
        for person in people:
            run.change(ADD, person=person)

    await connection.transaction(put)


async def count(connection: Connection) -> int:
    [row] = await connection.rows(COUNT)
    return int(row[0])


async def people(connection: Connection) -> list[str]:
    """Return who was put in, in order."""
    rows = await connection.rows("SELECT native_id FROM people ORDER BY id")
    return [row["native_id"] for row in rows]


def new_threads(before: list[threading.Thread]) -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread not in before]


def lasting_threads(before: list[threading.Thread]) -> list[threading.Thread]:
    """Return the new threads that do not end."""
    new = new_threads(before)
    for thread in new:
        thread.join(timeout=5)
    return [thread for thread in new if thread.is_alive()]


@pytest.mark.parametrize(
    ("pragma", "value"), [("journal_mode", "wal"), ("foreign_keys", 1), ("secure_delete", 1)]
)
async def test_the_connection_is_opened_as_promised(
    connection: Connection, pragma: str, value: object
) -> None:
    [row] = await connection.transaction(lambda run: run.rows(f"PRAGMA {pragma}"))
    assert row[0] == value


async def test_side_files_are_their_owners_alone(connection: Connection, path: Path) -> None:
    await connection.change(ADD, person="a")
    modes = {found.name: found.stat().st_mode & 0o777 for found in path.parent.iterdir()}
    assert modes == {"ostro.db": 0o600, "ostro.db-wal": 0o600, "ostro.db-shm": 0o600}


async def test_a_transaction_happens_as_a_whole(connection: Connection) -> None:
    await add(connection, "a", "b")
    assert await count(connection) == 2


async def test_an_exception_takes_everything_back(connection: Connection) -> None:
    def write(run: Statements) -> None:
        run.change(ADD, person="a")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await connection.transaction(write)
    assert await count(connection) == 0


async def test_a_broken_constraint_takes_everything_back_and_stays_what_it_is(
    connection: Connection,
) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        await add(connection, "a", "a")
    assert await count(connection) == 0


class Held:
    """A work that goes on when it is let."""

    def __init__(self, person: str = "held") -> None:
        self.begun = threading.Event()
        self.let = threading.Event()
        self._person = person

    def __call__(self, run: Statements) -> int:
        changed = run.change(ADD, person=self._person)
        self.begun.set()
        assert self.let.wait(5)
        return changed


async def begun(connection: Connection, held: Held) -> asyncio.Task[int]:
    """Let the thread that writes begin a work that is held."""
    task = asyncio.create_task(connection.transaction(held))
    assert await asyncio.to_thread(held.begun.wait, 5)
    return task


def asked(*changes: Coroutine[None, None, T]) -> list[asyncio.Task[T]]:
    """Ask for changes at the same time."""
    return [asyncio.create_task(change) for change in changes]


async def test_what_is_read_waits_for_no_change_and_sees_only_what_is_done(
    connection: Connection,
) -> None:
    held = Held()
    change = await begun(connection, held)
    assert await count(connection) == 0
    held.let.set()
    await change
    assert await count(connection) == 1


async def test_what_is_read_together_sees_one_state_of_the_file(connection: Connection) -> None:
    def twice(run: Statements) -> list[int]:
        first = run.rows(COUNT)
        asyncio.run_coroutine_threadsafe(add(connection, "a"), loop).result(5)
        return [int(row[0]) for row in [*first, *run.rows(COUNT)]]

    loop = asyncio.get_running_loop()
    assert await connection.view(twice) == [0, 0]
    assert await count(connection) == 1


async def test_what_reads_cannot_write(connection: Connection) -> None:
    with pytest.raises(UnwritableError):
        await connection.rows(f"{ADD} RETURNING id", person="a")
    assert await connection.change(ADD, person="a") == 1


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


async def test_what_is_cancelled_before_it_begins_is_not_done(connection: Connection) -> None:
    held = Held()
    first = await begun(connection, held)
    [waiting] = asked(add(connection, "a"))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.wait([waiting])
    held.let.set()
    await first
    await add(connection, "b")
    assert await people(connection) == ["held", "b"]


async def test_what_is_cancelled_after_it_has_begun_is_done_as_a_whole(
    connection: Connection,
) -> None:
    held = Held()
    task = await begun(connection, held)
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled()
    held.let.set()
    await add(connection, "b")
    assert await people(connection) == ["held", "b"]


async def test_who_waits_beside_somebody_that_has_left_is_told(connection: Connection) -> None:
    held, leaving = Held(), Held("leaving")
    first = await begun(connection, held)
    gone = asyncio.create_task(connection.transaction(leaving))
    [stays] = asked(add(connection, "a"))
    await asyncio.sleep(0)
    held.let.set()
    assert await asyncio.to_thread(leaving.begun.wait, 5)
    gone.cancel()
    await asyncio.wait([gone])
    leaving.let.set()
    async with asyncio.timeout(5):
        await asyncio.gather(first, stays)
    assert await people(connection) == ["held", "leaving", "a"]


async def test_what_is_begun_is_done_before_the_file_is_closed(path: Path) -> None:
    prepare(path)
    held = Held()
    async with Connection.open(path) as connection:
        first = await begun(connection, held)
        waiting = asked(add(connection, "a"))
        await asyncio.sleep(0)
        held.let.set()
    await asyncio.gather(first, *waiting)
    assert run_sql(path, COUNT) == [(2,)]


async def test_a_full_disk_is_one_clear_line_and_nothing_is_half_stored(
    connection: Connection,
) -> None:
    await connection.change("PRAGMA max_page_count = 1")  # SQLite takes the present size instead
    with pytest.raises(StorageFullError, match=r"disk is full.*free some space") as caught:
        await add(connection, "a", "x" * 100_000)
    assert "\n" not in str(caught.value)
    assert await count(connection) == 0
    await connection.change(ADD, person="b")
    assert await count(connection) == 1


async def test_a_database_that_another_program_keeps_busy_is_one_clear_line(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection_module, "PATIENCE", 0.0)
    prepare(path)
    async with Connection.open(path) as connection:
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(BusyError, match="another program"):
                await add(connection, "b")
            other.execute("ROLLBACK")
        assert await connection.change(ADD, person="a") == 1


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


async def test_no_thread_is_left_when_the_context_is_left(path: Path) -> None:
    before = threading.enumerate()
    prepare(path)
    async with Connection.open(path):
        assert len(new_threads(before)) == 2  # one reads, one writes
    assert lasting_threads(before) == []


async def test_no_thread_is_left_when_the_file_cannot_be_opened(tmp_path: Path) -> None:
    before = threading.enumerate()
    with pytest.raises(UnwritableError):
        async with Connection.open(tmp_path):
            pass
    assert lasting_threads(before) == []


async def test_no_thread_is_left_when_the_file_is_no_database(tmp_path: Path) -> None:
    before = threading.enumerate()
    (tmp_path / "list").write_text("A shopping list. " * 100)
    with pytest.raises(BrokenDatabaseError):
        async with Connection.open(tmp_path / "list"):
            pass
    assert lasting_threads(before) == []


async def test_no_thread_is_left_when_opening_is_cancelled(path: Path) -> None:
    before = threading.enumerate()
    prepare(path)

    async def hold_open() -> None:
        async with Connection.open(path):
            await asyncio.Event().wait()

    for ticks in range(6):
        task = asyncio.create_task(hold_open())
        for _ in range(ticks):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
    assert lasting_threads(before) == []
