import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from storage import connection as connection_module
from storage.connection import Connection
from storage.errors import BrokenDatabaseError, BusyError, StorageFullError, UnwritableError
from storage.schema import prepare

ADD = "INSERT INTO people (platform, native_id, name) VALUES ('terminal', :person, '')"
COUNT = "SELECT count(*) FROM people"


@pytest.fixture
async def connection(path: Path) -> AsyncIterator[Connection]:
    prepare(path)
    async with Connection.open(path) as opened:
        yield opened


async def add(connection: Connection, *people: str) -> None:
    """Put in rows, in one transaction."""
    async with connection.transaction() as run:
        for person in people:
            await run.change(ADD, person=person)


async def count(connection: Connection) -> int:
    [row] = await connection.rows(COUNT)
    return int(row[0])


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
    [row] = await connection.rows(f"PRAGMA {pragma}")
    assert row[0] == value


async def test_side_files_are_their_owners_alone(connection: Connection, path: Path) -> None:
    await connection.change(ADD, person="a")
    modes = {found.name: found.stat().st_mode & 0o777 for found in path.parent.iterdir()}
    assert modes == {"ostro.db": 0o600, "ostro.db-wal": 0o600, "ostro.db-shm": 0o600}


async def test_a_transaction_happens_as_a_whole(connection: Connection) -> None:
    await add(connection, "a", "b")
    assert await count(connection) == 2


async def test_an_exception_takes_everything_back(connection: Connection) -> None:
    async def write() -> None:
        async with connection.transaction() as run:
            await run.change(ADD, person="a")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await write()
    assert await count(connection) == 0


async def test_a_broken_constraint_takes_everything_back_and_stays_what_it_is(
    connection: Connection,
) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        await add(connection, "a", "a")
    assert await count(connection) == 0


async def test_two_tasks_do_not_interleave_inside_a_transaction(connection: Connection) -> None:
    steps = []

    async def write(name: str) -> None:
        async with connection.transaction() as run:
            for number in range(3):
                await run.change(ADD, person=f"{name}{number}")
                steps.append(name)
                await asyncio.sleep(0)

    await asyncio.gather(write("a"), write("b"))
    assert steps == ["a", "a", "a", "b", "b", "b"]


async def test_a_read_and_a_change_wait_for_the_transaction_of_another_task(
    connection: Connection,
) -> None:
    async with connection.transaction() as run:
        await run.change(ADD, person="a")
        read = asyncio.create_task(count(connection))
        change = asyncio.create_task(connection.change(ADD, person="c"))
        await run.change(ADD, person="b")
        assert not read.done()
        assert not change.done()
    assert await read == 2
    assert await change == 1


async def test_a_cancellation_in_a_transaction_takes_everything_back(
    connection: Connection,
) -> None:
    written = asyncio.Event()

    async def write() -> None:
        async with connection.transaction() as run:
            await run.change(ADD, person="a")
            written.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(write())
    await written.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await count(connection) == 0


@pytest.mark.parametrize("cancellations", [1, 2])
async def test_a_cancellation_at_any_step_never_leaves_a_transaction_open_or_half_done(
    connection: Connection, cancellations: int
) -> None:
    ticks = 0
    task = asyncio.create_task(add(connection, "a", "b"))
    while not task.done():
        for _ in range(ticks):
            await asyncio.sleep(0)
        for _ in range(cancellations):
            task.cancel()
            await asyncio.sleep(0)
        await asyncio.wait([task])
        assert await count(connection) in {0, 2}
        async with connection.transaction() as run:
            await run.change("DELETE FROM people")
        if task.cancelled():
            ticks += 1
            task = asyncio.create_task(add(connection, "a", "b"))
    assert ticks > 0


async def test_a_full_disk_is_one_clear_line_and_nothing_is_half_stored(
    connection: Connection,
) -> None:
    await connection.rows("PRAGMA max_page_count = 1")  # SQLite takes the present size instead
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
                async with connection.transaction():
                    pass
            other.execute("ROLLBACK")
        assert await connection.change(ADD, person="a") == 1


async def test_no_thread_is_left_when_the_context_is_left(path: Path) -> None:
    before = threading.enumerate()
    prepare(path)
    async with Connection.open(path):
        assert len(new_threads(before)) == 1
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
