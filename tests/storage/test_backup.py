import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from storage.backup import backup
from storage.database import Database
from storage.errors import BrokenDatabaseError, StorageError, StorageFullError, UnwritableError
from storage.exchanges import Exchanges
from storage.records import Chat
from storage.schema import prepare
from storage.statements import Statements
from tests.doubles.outside import contents, run_sql
from tests.doubles.stored import ask, ask_and_answer

KILLED = """
import os, signal, sys
from pathlib import Path
from storage.backup import backup

os.fsync = lambda handle: os.kill(os.getpid(), signal.SIGKILL)
backup(Path(sys.argv[1]), Path(sys.argv[2]))
"""


@pytest.fixture
def stored(path: Path) -> Iterator[Path]:
    """A database that somebody has open: what was written last is in its log alone."""
    prepare(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute(
            "INSERT INTO people (platform, native_id, name) VALUES ('telegram', '7', '0')"
        )
        other.execute("INSERT INTO places VALUES ('telegram', '-7', 1, '0')")
        yield path


@pytest.fixture
def into(tmp_path: Path) -> Path:
    (tmp_path / "copies").mkdir()
    return tmp_path / "copies" / "monday.db"


def refused(error: type[StorageError], source: Path, into: Path, match: str) -> None:
    """Expect one clear line."""
    with pytest.raises(error, match=match) as caught:
        backup(source, into)
    assert "\n" not in str(caught.value)
    assert "STORAGE_PATH" not in str(caught.value)


async def test_a_copy_holds_all_that_is_committed_and_opens_as_a_database(
    exchanges: Exchanges, chat: Chat, path: Path, into: Path
) -> None:
    answered = await ask_and_answer(exchanges, chat.id, "왜요?", "👋🏽 " * 10_000)
    assert "👋🏽".encode() not in contents(path.parent)["ostro.db"]
    backup(path, into)
    assert [found.name for found in into.parent.iterdir()] == ["monday.db"]
    assert run_sql(into, "PRAGMA integrity_check") == [("ok",)]
    async with Database.open(into) as copied:
        assert await copied.exchanges.all(chat.id) == [answered]
        assert await copied.chats.get(chat.id) == chat


@pytest.mark.parametrize("mask", [0o000, 0o777])
def test_a_copy_is_its_owners_alone_whatever_the_umask(stored: Path, into: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        backup(stored, into)
    finally:
        os.umask(before)
    assert into.stat().st_mode & 0o777 == 0o600


def test_a_copy_is_made_while_another_connection_is_writing(stored: Path, into: Path) -> None:
    with closing(sqlite3.connect(stored, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("UPDATE people SET name = 'half done'")
        backup(stored, into)
        other.execute("COMMIT")
    assert run_sql(into, "SELECT name FROM people") == [("0",)]
    assert run_sql(stored, "SELECT name FROM people") == [("half done",)]


def test_a_copy_is_of_one_moment_however_much_is_written_meanwhile(
    stored: Path, tmp_path: Path
) -> None:
    copied, begun = threading.Event(), threading.Event()

    def write() -> None:
        with closing(sqlite3.connect(stored, isolation_level=None)) as other:
            number = 0
            while not copied.is_set():
                number += 1
                other.execute("BEGIN IMMEDIATE")
                other.execute("UPDATE people SET name = ?", (f"{number}",))
                other.execute("UPDATE people SET language = ?", ("x" * (number % 50) * 1000,))
                other.execute("UPDATE places SET title = ?", (f"{number}",))
                other.execute("COMMIT")
                begun.set()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert begun.wait(30)
        for number in range(10):
            backup(stored, tmp_path / f"{number}.db")
    finally:
        copied.set()
        writer.join()
    for number in range(10):
        into = tmp_path / f"{number}.db"
        assert run_sql(into, "PRAGMA integrity_check") == [("ok",)]
        assert run_sql(into, "SELECT name = title FROM people, places") == [(1,)]


async def test_a_copy_needs_no_open_database(path: Path, into: Path) -> None:
    async with Database.open(path) as database:
        await database.people.open("telegram", "7", "Mina")
    before = contents(path.parent)
    backup(path, into)
    assert contents(path.parent) == before
    assert run_sql(into, "SELECT name FROM people") == [("Mina",)]


async def test_the_open_database_goes_on_while_and_after_it_is_copied(
    database: Database, exchanges: Exchanges, chat: Chat, path: Path, into: Path
) -> None:
    def change(run: Statements) -> None:
        run.change("UPDATE chats SET title = 'half done'")
        backup(path, into)
        run.change("UPDATE chats SET title = 'done'")

    await exchanges._connection.transaction(change)
    assert (await database.chats.get(chat.id)).title == "done"
    await ask(exchanges, chat.id)


@pytest.mark.parametrize("taken", ["file", "folder", "link to nowhere"])
def test_a_place_that_is_taken_is_refused_and_left_as_it_is(
    stored: Path, into: Path, taken: str
) -> None:
    if taken == "file":
        into.write_text("Yesterday's.")
    elif taken == "folder":
        into.mkdir()
    else:
        into.symlink_to(into.with_name("nowhere"))
    refused(UnwritableError, stored, into, "is there already: move it away, or name another file")
    assert [found.name for found in into.parent.iterdir()] == ["monday.db"]
    assert taken != "file" or into.read_text() == "Yesterday's."


@pytest.mark.parametrize("name", ["ostro.db", "ostro.db-wal", "ostro.db-shm", "ostro.db-journal"])
def test_the_database_itself_and_its_side_files_are_refused(stored: Path, name: str) -> None:
    before = contents(stored.parent)
    (stored.parent / "here").symlink_to(stored.parent)
    for same in (stored.with_name(name), stored.parent / "here" / name):
        refused(UnwritableError, stored, same, "belongs to the database itself")
    (stored.parent / "here").unlink()
    assert contents(stored.parent) == before


def test_the_side_files_of_a_database_behind_a_link_are_refused(
    stored: Path, tmp_path: Path
) -> None:
    (tmp_path / "link.db").symlink_to(stored)
    refused(UnwritableError, tmp_path / "link.db", stored.with_name("ostro.db-wal"), "itself")


def test_where_there_is_no_database_none_is_made(path: Path, into: Path) -> None:
    refused(UnwritableError, path, into, "there is no database at .*: nothing was copied")
    refused(UnwritableError, into.parent, into, "there is no database at")
    assert not path.parent.exists()
    assert not into.exists()


def test_what_is_no_database_is_not_copied(tmp_path: Path, into: Path) -> None:
    (tmp_path / "list").write_text("A shopping list. " * 100)
    with pytest.raises(BrokenDatabaseError, match=r"list is damaged or is not a database"):
        backup(tmp_path / "list", into)
    assert list(into.parent.iterdir()) == []


def test_a_folder_that_is_not_there_is_one_clear_line(stored: Path, tmp_path: Path) -> None:
    into = tmp_path / "nowhere" / "monday.db"
    refused(
        UnwritableError, stored, into, "cannot be written: name a file in a folder that is there"
    )
    assert not into.parent.exists()


def test_a_full_disk_is_one_clear_line_and_leaves_nothing(
    stored: Path, into: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        raise OSError(28, os.strerror(28), str(handle))

    monkeypatch.setattr("os.fsync", full)
    refused(StorageFullError, stored, into, r"the disk is full, .*monday.db cannot grow")
    assert list(into.parent.iterdir()) == []


def test_an_interruption_leaves_nothing(
    stored: Path, into: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("os.fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        backup(stored, into)
    assert list(into.parent.iterdir()) == []


def test_a_kill_leaves_no_file_of_that_name_and_the_next_try_succeeds(
    stored: Path, into: Path
) -> None:
    killed = subprocess.run(  # noqa: S603 # our own code, in this interpreter
        [sys.executable, "-c", KILLED, stored, into],
        check=False,
        timeout=60,
        cwd=Path(__file__).parents[2],
    )
    assert killed.returncode == -9
    assert not into.exists()
    assert [found.stat().st_mode & 0o777 for found in into.parent.iterdir()] == [0o600]
    backup(stored, into)
    assert run_sql(into, "SELECT name FROM people") == [("0",)]


def test_two_that_make_the_same_copy_at_once_leave_a_whole_one(
    stored: Path, into: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meanwhile(_: int) -> None:
        monkeypatch.undo()
        backup(stored, into)

    monkeypatch.setattr("os.fsync", meanwhile)
    backup(stored, into)
    assert [found.name for found in into.parent.iterdir()] == ["monday.db"]
    assert run_sql(into, "PRAGMA integrity_check") == [("ok",)]


def test_the_copy_and_its_name_are_on_the_disk_before_it_is_done(
    stored: Path, into: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settled = []
    settle = os.fsync

    def note(handle: int) -> None:
        settled.append((Path(f"/proc/self/fd/{handle}").readlink(), into.exists()))
        settle(handle)

    if not Path("/proc/self/fd").exists():
        pytest.skip("what a handle is of can be seen on Linux only")
    monkeypatch.setattr("os.fsync", note)
    backup(stored, into)
    [(first, there), second] = settled
    assert (first.parent, first.name.startswith("monday.db."), there) == (into.parent, True, False)
    assert second == (into.parent, True)
