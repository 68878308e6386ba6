import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from storage.database import Database
from storage.errors import ForgottenError, NewerDatabaseError, StorageError, StorageFullError
from storage.records import Chat
from tests.doubles.clock import ManualClock
from tests.doubles.outside import contents, run_sql
from tests.doubles.stored import ask

KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
from storage.database import Database

async def main():
    async with Database.open(Path(sys.argv[1])) as database:
        chat = await database.chats.open("terminal", "default", "private", "")
        await database.exchanges.add(chat.id, None, "Mina", "accepted")
        def change(run):
            run.change("UPDATE exchanges SET question = 'half done'")
            os.kill(os.getpid(), signal.SIGKILL)
        await database.exchanges._connection.transaction(change)

asyncio.run(main())
"""

OPENED_IN_VAIN = """
import asyncio, sys
from pathlib import Path
from storage.database import Database
from storage.errors import StorageError

async def main():
    async with Database.open(Path(sys.argv[1])):
        pass

try:
    asyncio.run(main())
except StorageError as error:
    sys.exit(str(error))
"""


def run_python(code: str, path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 # our own code, in this interpreter
        [sys.executable, "-W", "error", "-c", code, path],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )


def spoil(path: Path) -> None:
    """Overwrite where the exchanges are."""
    [(root,)] = run_sql(path, "SELECT rootpage FROM sqlite_master WHERE name = 'exchanges'")
    assert isinstance(root, int)
    with path.open("r+b") as file:
        file.seek((root - 1) * 4096)
        file.write(b"\xff" * 4096)


async def test_what_was_stored_is_there_at_the_next_opening(path: Path, clock: ManualClock) -> None:
    async with Database.open(path, clock) as database:
        chat = await database.chats.open("terminal", "default", "private", "Terminal")
        asked = await ask(database.exchanges, chat.id, "안녕하세요 👋🏽")
    async with Database.open(path, clock) as database:
        assert await database.exchanges.get(asked.id) == asked
        assert await database.chats.open("terminal", "default", "private", "Terminal") == chat


async def test_the_clock_that_is_given_tells_all_times(
    database: Database, chat: Chat, clock: ManualClock
) -> None:
    clock.now = 2000.0
    asked = await ask(database.exchanges, chat.id)
    assert (chat.created_at, asked.created_at) == (1000.0, 2000.0)


def test_a_kill_loses_nothing_that_was_accepted_and_keeps_nothing_half_done(path: Path) -> None:
    assert run_python(KILLED, path).returncode == -signal.SIGKILL
    assert run_sql(path, "SELECT question, state FROM exchanges") == [("accepted", "pending")]


def test_an_opening_that_fails_ends_the_process_with_one_line(path: Path) -> None:
    path.parent.mkdir()
    path.mkdir()
    result = run_python(OPENED_IN_VAIN, path)
    assert result.returncode == 1
    assert result.stderr.count("\n") == 1
    assert "cannot be opened" in result.stderr


async def test_a_newer_database_is_refused_untouched(path: Path) -> None:
    async with Database.open(path):
        pass
    run_sql(path, "PRAGMA user_version = 9999")
    untouched = contents(path.parent)
    with pytest.raises(NewerDatabaseError):
        async with Database.open(path):
            pass
    assert contents(path.parent) == untouched


async def test_a_question_that_finds_a_full_disk_is_refused_and_leaves_the_rest(
    database: Database, chat: Chat
) -> None:
    first = await ask(database.exchanges, chat.id, "first")
    await database.exchanges._connection.change("PRAGMA max_page_count = 1")
    event = ("terminal", "default", "7")
    with pytest.raises(StorageFullError):
        await database.exchanges.add(chat.id, None, "Mina", "x" * 1_000_000, event=event)
    assert await database.exchanges.all(chat.id) == [first]
    # The event was not taken in either: it is when it comes again.
    assert await database.exchanges.add(chat.id, None, "Mina", "short", event=event) is not None


async def test_a_file_that_breaks_while_it_is_open_is_one_clear_line(path: Path) -> None:
    async with Database.open(path) as database:
        chat = await database.chats.open("terminal", "default", "private", "")
        await ask(database.exchanges, chat.id)
    spoil(path)
    async with Database.open(path) as database:
        with pytest.raises(StorageError, match="is damaged"):
            await database.exchanges.all(chat.id)


async def test_a_change_is_one_of_another_connection_since_it_was_asked_last(
    database: Database, chat: Chat, path: Path
) -> None:
    async with Database.open(path) as other:
        await other.people.open("telegram", "7", "Mina")
        assert not await database.changed()  # the first time there is nothing to compare with
        assert not await database.changed()
        await other.people.open("telegram", "8", "Jun")
        await other.people.open("telegram", "9", "Ada")
        assert await database.changed()
        assert not await database.changed()
        await database.chats.set_language(chat.id, "ko")
        assert not await database.changed()
        await other.people.find("telegram", "7")
        assert not await database.changed()
        assert not await other.changed()
        await database.people.open("telegram", "10", "Bo")
        assert await other.changed()


async def test_scrubbing_is_no_change_to_oneself(database: Database, chat: Chat) -> None:
    await database.changed()
    await database.chats.clear(chat.id)
    assert await database.scrub()
    assert not await database.changed()


async def test_a_change_of_another_connection_that_was_taken_back_is_none(
    database: Database, path: Path
) -> None:
    async with Database.open(path) as other:
        await database.changed()
        mina = await other.people.open("telegram", "7", "Mina")
        assert await database.changed()
        with pytest.raises(ForgottenError):
            await other.exchanges.add(999, mina.id, "Mina", "no such chat")
        assert not await database.changed()
