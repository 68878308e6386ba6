import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from storage import connection as connection_module
from storage.connection import Connection
from storage.errors import BusyError, StorageFullError, UnwritableError
from storage.schema import prepare
from storage.statements import Statements
from tests.doubles.held import ADD, COUNT, Held, HeldView, add, asked, begun, count

FULL = 2
"""SQLite's number for waiting at each commit until it is on the disk."""


@pytest.mark.parametrize(
    ("pragma", "value"), [("journal_mode", "wal"), ("foreign_keys", 1), ("secure_delete", 1)]
)
async def test_the_connection_is_opened_as_promised(
    connection: Connection, pragma: str, value: object
) -> None:
    [row] = await connection.transaction(lambda run: run.rows(f"PRAGMA {pragma}"))
    assert row[0] == value


async def test_a_commit_is_on_the_disk_however_sqlite_was_compiled(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Careless(sqlite3.Connection):
        def __init__(self, path: Path, timeout: float, isolation_level: None) -> None:
            super().__init__(path, timeout=timeout, isolation_level=isolation_level)
            self.execute("PRAGMA synchronous = OFF")

    prepare(path)
    monkeypatch.setattr(sqlite3, "connect", Careless)
    async with Connection.open(path) as connection:
        [row] = await connection.transaction(lambda run: run.rows("PRAGMA synchronous"))
    assert row[0] == FULL


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


async def test_what_fails_to_be_read_beside_others_fails_alone(connection: Connection) -> None:
    await add(connection, "a")
    held = HeldView()
    first = asyncio.create_task(connection.view(held))
    assert await asyncio.to_thread(held.begun.wait, 5)
    waiting = asked(count(connection), connection.rows("nonsense"), count(connection))
    await asyncio.sleep(0)
    held.let.set()
    outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    assert await first == 1
    assert [outcomes[0], type(outcomes[1]), outcomes[2]] == [1, sqlite3.OperationalError, 1]


async def test_what_reads_cannot_write(connection: Connection) -> None:
    with pytest.raises(UnwritableError):
        await connection.rows(f"{ADD} RETURNING id", person="a")
    assert await connection.change(ADD, person="a") == 1


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
