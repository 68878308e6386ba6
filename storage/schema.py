"""Bring a database file up to this version's tables, or refuse it untouched.

A file's version is its PRAGMA user_version: the number of the last migration that it has been
through. Migrations are files ``NNNN_name.sql``, numbered from 0001 without gaps.
"""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from storage.backup import copy
from storage.errors import NewerDatabaseError, broken, explained
from storage.files import beside, make

MIGRATIONS = Path(__file__).resolve().parent / "migrations"
PATIENCE = 5.0
"""How long to wait while another program writes, in seconds."""
_ALWAYS_THERE = "exchanges"
"""A table that every version has: a file without it is not ours, whatever its version says."""


def prepare(path: Path, migrations: Path = MIGRATIONS) -> None:
    """Leave a database of this version at ``path``, readable and writable by its owner alone.

    A new one is made where there is none. Before an older one is changed, a copy of it is kept
    beside it, named after the first migration that follows: ``ostro.db.before-0002``. Each
    migration is one transaction, so that a kill leaves the version before it or after it.

    Raises:
        NewerDatabaseError: it was written by a newer version, and was left untouched.
        StorageError: it cannot be opened, copied or changed.
    """
    steps = sorted(migrations.glob("[0-9][0-9][0-9][0-9]_*.sql"))
    with explained(path):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        make(path)
        version = _version_of_ours(path, newest=len(steps))
        path.chmod(0o600)  # SQLite gives its side files the mode of the database
        if version < len(steps):
            _migrate(path, steps)


def _version_of_ours(path: Path, newest: int) -> int:
    """Look at a file without changing a byte of it, or anything beside it."""
    # A reader of a WAL database leaves side files behind, unless the file is immutable to it;
    # where a crash left a WAL, the version may stand in that alone.
    how = "mode=ro" if beside(path, "wal").exists() else "mode=ro&immutable=1"
    file = Path(os.path.realpath(path))
    with closing(sqlite3.connect(f"{file.as_uri()}?{how}", uri=True)) as database:
        version = _version(database)
        tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master")}
    if version > newest:
        raise NewerDatabaseError(
            f"{path} was written by a newer version of Ostro (database {version}, this one knows "
            f"{newest}): bring Ostro up to date, or set STORAGE_PATH to another file"
        )
    # Other software numbers its files too.
    if tables if version == 0 else _ALWAYS_THERE not in tables:
        raise broken(path)
    return version


def _migrate(path: Path, steps: Sequence[Path]) -> None:
    # Foreign keys stay off here, SQLite's default: a table that is rebuilt loses no rows to them.
    with closing(sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)) as database:
        database.execute("PRAGMA secure_delete = ON")
        first = _version(database) + 1
        for number, step in enumerate(steps[first - 1 :], start=first):
            with _transaction(database):
                if _version(database) >= number:
                    continue  # another process was faster
                if number == first > 1:
                    _keep_copy(path, number)
                _apply(database, step, number)


@contextmanager
def _transaction(database: sqlite3.Connection) -> Iterator[None]:
    database.execute("BEGIN IMMEDIATE")
    with database:  # commits, or rolls back
        yield


def _version(database: sqlite3.Connection) -> int:
    return int(database.execute("PRAGMA user_version").fetchone()[0])


def _apply(database: sqlite3.Connection, step: Path, number: int) -> None:
    for statement in _statements(step.read_text(encoding="utf-8")):
        database.execute(statement)
    database.execute(f"PRAGMA user_version = {number}")


def _statements(script: str) -> Iterator[str]:
    """Cut a script into statements: ``executescript`` would end the transaction."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    yield statement  # comments, or a statement whose semicolon was forgotten


def _keep_copy(path: Path, number: int) -> None:
    """Copy what is committed; the caller's open transaction keeps other writers out."""
    into = path.with_name(f"{path.name}.before-{number:04}")
    unfinished = into.with_name(f"{into.name}.part")
    unfinished.unlink(missing_ok=True)
    copy(path, into, unfinished)
