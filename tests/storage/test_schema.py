import os
import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing
from pathlib import Path

import pytest

from storage import schema
from storage.errors import BrokenDatabaseError, NewerDatabaseError, StorageError, UnwritableError
from storage.schema import MIGRATIONS, prepare
from tests.doubles.outside import contents, run_sql

NEWEST = len(list(MIGRATIONS.glob("*.sql")))


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def names(folder: Path) -> list[str]:
    return sorted(found.name for found in folder.iterdir())


@pytest.fixture
def next_version(tmp_path: Path) -> Path:
    """Migrations that go one further than ours."""
    folder = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, folder)
    (folder / f"{NEWEST + 1:04}_notes.sql").write_text(
        "CREATE TABLE notes (text TEXT); -- one; line\nINSERT INTO notes SELECT title FROM chats;\n"
    )
    return folder


@pytest.fixture
def before(path: Path) -> Path:
    """The name of the copy that is kept before the next version's migration."""
    return path.with_name(f"ostro.db.before-{NEWEST + 1:04}")


@pytest.fixture
def old(path: Path) -> Path:
    """A database of our version, with a chat in it."""
    prepare(path)
    run_sql(path, "PRAGMA journal_mode = WAL")
    run_sql(
        path,
        "INSERT INTO chats (platform, native_id, kind, title, created_at, updated_at)"
        " VALUES ('terminal', 'default', 'private', '한글', 0, 0)",
    )
    return path


def test_migrations_are_numbered_from_one_without_gaps() -> None:
    numbers = [int(step.name[:4]) for step in sorted(MIGRATIONS.glob("*.sql"))]
    assert numbers == list(range(1, len(numbers) + 1))


def test_a_blank_place_gets_a_database_of_the_newest_version(path: Path) -> None:
    prepare(path)
    assert run_sql(path, "PRAGMA user_version") == [(NEWEST,)]
    tables = {
        row[0] for row in run_sql(path, "SELECT name FROM sqlite_master WHERE type = 'table'")
    }
    assert tables - {"sqlite_sequence"} == {
        "chats", "exchanges", "people", "incoming", "deliveries", "sources", "leftovers",
        "places", "knocks", "tellings", "claims", "signals",
    }  # fmt: skip
    assert names(path.parent) == ["ostro.db"]


def test_an_empty_file_becomes_a_database(path: Path) -> None:
    path.parent.mkdir()
    path.touch()
    prepare(path)
    assert run_sql(path, "PRAGMA user_version") == [(NEWEST,)]


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o777])
def test_the_file_is_its_owners_alone_whatever_the_umask(tmp_path: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        prepare(tmp_path / "ostro.db")
    finally:
        os.umask(before)
    assert mode(tmp_path / "ostro.db") == 0o600


def test_a_file_that_others_could_read_is_closed_to_them(old: Path) -> None:
    old.chmod(0o644)
    prepare(old)
    assert mode(old) == 0o600


def test_an_older_database_is_brought_up_to_date_and_keeps_what_is_in_it(
    old: Path, next_version: Path
) -> None:
    prepare(old, next_version)
    assert run_sql(old, "PRAGMA user_version") == [(NEWEST + 1,)]
    assert run_sql(old, "SELECT text FROM notes") == [("한글",)]


def test_a_copy_of_an_older_database_is_kept(old: Path, before: Path, next_version: Path) -> None:
    prepare(old, next_version)
    assert names(old.parent) == ["ostro.db", before.name]
    assert mode(before) == 0o600
    assert run_sql(before, "PRAGMA user_version") == [(NEWEST,)]
    assert run_sql(before, "SELECT title FROM chats") == [("한글",)]
    assert run_sql(before, "PRAGMA integrity_check") == [("ok",)]


def test_the_copy_holds_what_stands_in_the_write_ahead_log_alone(
    old: Path, before: Path, next_version: Path
) -> None:
    with closing(sqlite3.connect(old, isolation_level=None)) as other:
        other.execute("UPDATE chats SET title = 'late'")
        assert b"late" not in old.read_bytes()
        prepare(old, next_version)
    assert run_sql(before, "SELECT title FROM chats") == [("late",)]


def test_the_copy_is_the_database_before_the_first_of_several_migrations(
    old: Path, before: Path, next_version: Path
) -> None:
    (next_version / f"{NEWEST + 2:04}_more.sql").write_text("CREATE TABLE more (text TEXT);")
    prepare(old, next_version)
    assert run_sql(old, "PRAGMA user_version") == [(NEWEST + 2,)]
    assert names(old.parent) == ["ostro.db", before.name]
    assert run_sql(before, "PRAGMA user_version") == [(NEWEST,)]


def test_no_copy_is_kept_where_nothing_changes(old: Path) -> None:
    prepare(old)
    assert names(old.parent) == ["ostro.db"]


def test_a_migration_that_fails_leaves_the_version_before_it(old: Path, next_version: Path) -> None:
    (next_version / f"{NEWEST + 2:04}_bad.sql").write_text(
        "CREATE TABLE half (text TEXT);\nDELETE FROM chats;\nNONSENSE;\n"
    )
    with pytest.raises(sqlite3.OperationalError, match="NONSENSE"):
        prepare(old, next_version)
    assert run_sql(old, "PRAGMA user_version") == [(NEWEST + 1,)]
    assert run_sql(old, "SELECT name FROM sqlite_master WHERE name = 'half'") == []
    assert run_sql(old, "SELECT title FROM chats") == [("한글",)]


def test_a_last_statement_without_semicolon_is_not_forgotten(old: Path, next_version: Path) -> None:
    (next_version / f"{NEWEST + 2:04}_more.sql").write_text("CREATE TABLE more (text TEXT)")
    prepare(old, next_version)
    assert run_sql(old, "SELECT * FROM more") == []


def test_several_may_prepare_the_same_file_at_once(path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(prepare, [path] * 8))
    assert run_sql(path, "PRAGMA user_version") == [(NEWEST,)]


def test_a_process_that_was_faster_is_noticed(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begin = schema._transaction

    def begin_too_late(database: sqlite3.Connection) -> AbstractContextManager[None]:
        monkeypatch.setattr(schema, "_transaction", begin)
        prepare(path)
        return begin(database)

    monkeypatch.setattr(schema, "_transaction", begin_too_late)
    prepare(path)
    assert run_sql(path, "PRAGMA user_version") == [(NEWEST,)]


def test_what_a_kill_left_of_a_copy_is_replaced(
    old: Path, before: Path, next_version: Path
) -> None:
    before.with_name(f"{before.name}.part").write_text("half of a copy")
    prepare(old, next_version)
    assert names(old.parent) == ["ostro.db", before.name]
    assert run_sql(before, "SELECT title FROM chats") == [("한글",)]


def test_a_newer_database_is_refused_and_left_untouched(old: Path) -> None:
    run_sql(old, f"PRAGMA user_version = {NEWEST + 1}")
    old.chmod(0o640)
    untouched = contents(old.parent)
    with pytest.raises(NewerDatabaseError, match="newer version of Ostro"):
        prepare(old)
    assert contents(old.parent) == untouched
    assert mode(old) == 0o640


def test_a_newer_version_that_stands_in_the_write_ahead_log_alone_is_noticed(
    old: Path, tmp_path: Path
) -> None:
    left = tmp_path / "left"
    with closing(sqlite3.connect(old, isolation_level=None)) as other:
        other.execute(f"PRAGMA user_version = {NEWEST + 1}")
        shutil.copytree(old.parent, left)  # as a kill would leave it
    (left / "ostro.db-shm").unlink()
    untouched = contents(left)
    with pytest.raises(NewerDatabaseError):
        prepare(left / "ostro.db")
    assert {name: contents(left)[name] for name in untouched} == untouched


def test_the_write_ahead_log_behind_a_link_is_looked_at(old: Path, tmp_path: Path) -> None:
    left = tmp_path / "left"
    with closing(sqlite3.connect(old, isolation_level=None)) as other:
        other.execute(f"PRAGMA user_version = {NEWEST + 1}")
        shutil.copytree(old.parent, left)  # as a kill would leave it
    link = tmp_path / "link.db"
    link.symlink_to(left / "ostro.db")
    with pytest.raises(NewerDatabaseError):
        prepare(link)


def test_a_link_to_itself_is_one_clear_line(tmp_path: Path) -> None:
    link = tmp_path / "ostro.db"
    link.symlink_to(link)
    with pytest.raises(UnwritableError, match="STORAGE_PATH") as caught:
        prepare(link)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_no_database_is_refused_and_left_untouched(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("A shopping list. " * 100)
    untouched = contents(path.parent)
    with pytest.raises(BrokenDatabaseError, match="not a database of Ostro: move it away"):
        prepare(path)
    assert contents(path.parent) == untouched


@pytest.mark.parametrize("version", [-1, 0, NEWEST])
def test_a_database_of_other_software_is_refused_and_left_untouched(
    path: Path, version: int
) -> None:
    path.parent.mkdir()
    run_sql(path, "CREATE TABLE bookmarks (address TEXT)")
    run_sql(path, f"PRAGMA user_version = {version}")
    untouched = contents(path.parent)
    with pytest.raises(BrokenDatabaseError, match="not a database of Ostro"):
        prepare(path)
    assert contents(path.parent) == untouched


def test_a_folder_that_cannot_be_made_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    with pytest.raises(UnwritableError, match="STORAGE_PATH") as caught:
        prepare(tmp_path / "data" / "deep" / "ostro.db")
    assert "\n" not in str(caught.value)


def test_a_folder_in_the_place_of_the_file_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(UnwritableError, match="cannot be opened for writing"):
        prepare(tmp_path)


def test_a_copy_that_cannot_be_made_stops_the_migration(
    old: Path, before: Path, next_version: Path
) -> None:
    before.mkdir()
    with pytest.raises(StorageError):
        prepare(old, next_version)
    assert run_sql(old, "PRAGMA user_version") == [(NEWEST,)]
    assert names(old.parent) == ["ostro.db", before.name]
