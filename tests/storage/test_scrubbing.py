import asyncio
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from storage.database import Database
from storage.errors import BusyError
from storage.exchanges import Exchanges
from storage.records import Chat
from storage.schema import PATIENCE
from storage.statements import Statements
from tests.doubles.held import Held, HeldView, add, asked, begun
from tests.doubles.outside import contents, everything, run_sql
from tests.doubles.stored import ask, ask_and_answer, give_answer


@pytest.fixture
def other(path: Path, database: Database) -> Iterator[sqlite3.Connection]:
    """A second connection to the same file, as another process has one."""
    assert database
    # The thread that writes uses it too.
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as opened:
        yield opened


def log(path: Path) -> bytes:
    return path.with_name("ostro.db-wal").read_bytes()


async def test_the_log_is_empty_and_what_is_stored_is_there(
    database: Database, exchanges: Exchanges, chat: Chat, path: Path
) -> None:
    await ask(exchanges, chat.id, "KEPT")
    assert b"KEPT" in log(path)
    assert await database.scrub()
    assert log(path) == b""
    assert b"KEPT" in contents(path.parent)["ostro.db"]


async def test_while_another_connection_reads_it_is_not_done_and_later_it_is(
    database: Database,
    exchanges: Exchanges,
    chat: Chat,
    path: Path,
    other: sqlite3.Connection,
) -> None:
    await ask_and_answer(exchanges, chat.id, "SECRET")
    other.execute("BEGIN")
    assert other.execute("SELECT question FROM exchanges").fetchall() == [("SECRET",)]
    await database.chats.clear(chat.id)
    assert not await database.scrub()
    assert b"SECRET" in everything(path)
    other.execute("COMMIT")
    assert await database.scrub()
    assert b"SECRET" not in everything(path)


async def test_while_another_connection_writes_it_is_not_done_and_later_it_is(
    database: Database, chat: Chat, path: Path, other: sqlite3.Connection
) -> None:
    await database.chats.clear(chat.id)
    other.execute("BEGIN IMMEDIATE")
    other.execute("UPDATE chats SET title = 'new'")
    assert not await database.scrub()
    other.execute("COMMIT")
    assert await database.scrub()
    assert log(path) == b""
    assert (await database.chats.get(chat.id)).title == "new"


async def test_while_this_process_reads_itself_it_is_not_done_and_later_it_is(
    database: Database, exchanges: Exchanges, chat: Chat, path: Path
) -> None:
    await ask_and_answer(exchanges, chat.id, "SECRET")
    held = HeldView()
    view = asyncio.create_task(database._connection.view(held))
    assert await asyncio.to_thread(held.begun.wait, 5)
    await database.chats.clear(chat.id)
    assert not await database.scrub()
    assert b"SECRET" in everything(path)
    held.let.set()
    await view
    assert await database.scrub()
    assert b"SECRET" not in everything(path)


async def test_what_this_process_writes_next_leaves_it_done(
    database: Database, exchanges: Exchanges, chat: Chat, path: Path
) -> None:
    await ask_and_answer(exchanges, chat.id, "SECRET")
    await database.chats.clear(chat.id)
    held = Held()
    first = await begun(database._connection, held)
    scrub = asyncio.create_task(database.scrub())
    next_ones = asked(*(add(database._connection, name) for name in "ab"))
    await asyncio.sleep(0)
    held.let.set()
    assert await scrub
    await asyncio.gather(first, *next_ones)
    assert log(path)
    assert b"SECRET" not in everything(path)


async def test_an_empty_log_that_another_connection_may_write_to_is_not_taken_for_done(
    database: Database, other: sqlite3.Connection, path: Path
) -> None:
    assert await database.scrub()
    other.execute("BEGIN IMMEDIATE")
    assert not await database.scrub()
    other.execute("ROLLBACK")
    assert log(path) == b""
    assert await database.scrub()


async def test_a_log_that_another_connection_wrote_to_meanwhile_is_not_empty(
    database: Database, chat: Chat, other: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = Statements.rows

    def rows(run: Statements, sql: str) -> list[sqlite3.Row]:
        found = own(run, sql)
        if "checkpoint" in sql:
            other.execute("UPDATE chats SET title = 'new'")
        return found

    monkeypatch.setattr(Statements, "rows", rows)
    assert not await database.scrub()
    monkeypatch.undo()
    assert await database.scrub()
    assert (await database.chats.get(chat.id)).title == "new"


async def test_without_any_erasure_the_file_is_not_rebuilt(
    database: Database, chat: Chat, path: Path
) -> None:
    await database.scrub()
    free = run_sql(path, "PRAGMA freelist_count")
    await database._connection.change("CREATE TABLE filler AS SELECT zeroblob(100000)")
    await database._connection.change("DROP TABLE filler")
    await database.scrub()
    assert run_sql(path, "PRAGMA freelist_count") != free
    await database.chats.clear(chat.id)
    await database.scrub()
    assert run_sql(path, "PRAGMA freelist_count") == [(0,)]


async def test_what_another_connection_erased_is_scrubbed_too_and_once(
    database: Database, exchanges: Exchanges, chat: Chat, path: Path
) -> None:
    await ask_and_answer(exchanges, chat.id, "SECRET")
    async with Database.open(path) as other:
        await other.chats.clear(chat.id)
        assert await database.scrub()
        assert b"SECRET" not in everything(path)
        await other.changed()
        assert await other.scrub()
        assert not await database.changed()
    assert run_sql(path, "SELECT erasures - rebuilt FROM signals") == [(0,)]


@pytest.mark.parametrize("seed", [4, 9])
async def test_copies_that_rows_leave_behind_when_they_move_to_another_page_are_gone(
    database: Database, exchanges: Exchanges, path: Path, seed: int
) -> None:
    dice = random.Random(seed)  # noqa: S311 # the same rows each time
    people = [await database.people.open("telegram", str(who), "") for who in range(5)]
    group = await database.chats.open("telegram", "-10", "group", "")
    waiting = []
    for _ in range(300):
        who = dice.choice(people)
        words = f"MARK{who.native_id}X "
        asked = await exchanges.add(group.id, who.id, "", words * dice.randint(1, 30))
        assert asked is not None
        waiting.append((asked, words))
        if len(waiting) > dice.randint(0, 8):
            asked, words = waiting.pop(0)
            await give_answer(exchanges, asked, words * dice.randint(1, 80))
    await database.erasing.forget_person("telegram", "2")
    assert await database.scrub()
    assert b"MARK2X" not in everything(path)
    assert b"MARK1X" in everything(path)


async def test_what_cannot_be_written_is_left_to_be_done_later(
    database: Database, exchanges: Exchanges, chat: Chat, path: Path
) -> None:
    await ask_and_answer(exchanges, chat.id, "SECRET " * 10_000)
    await database.chats.clear(chat.id)
    impatient = database._connection.impatient
    await impatient(lambda run: run.rows("PRAGMA query_only = ON"))  # as a full disk refuses
    assert not await database.scrub()
    await impatient(lambda run: run.rows("PRAGMA query_only = OFF"))
    assert await database.scrub()
    assert b"SECRET" not in everything(path)


async def test_impatience_ends_with_its_turn(database: Database, other: sqlite3.Connection) -> None:
    connection = database._connection

    def hurry(run: Statements) -> int:
        [row] = run.rows("PRAGMA busy_timeout")
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(BusyError):
            run.change("UPDATE signals SET paused = 1")
        other.execute("ROLLBACK")
        return int(row[0])

    assert await connection.impatient(hurry) < 1000
    [row] = await connection.transaction(lambda run: run.rows("PRAGMA busy_timeout"))
    assert row[0] == PATIENCE * 1000
