import errno
import sqlite3
from pathlib import Path

import pytest

from storage.errors import (
    BrokenDatabaseError,
    BusyError,
    StorageError,
    StorageFullError,
    UnwritableError,
    explained,
)

PATH = Path("data/ostro.db")
FSYNC = 1034  # SQLITE_IOERR_FSYNC: the kind is in its low byte


def of_sqlite(code: int) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("as SQLite puts it")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (sqlite3.SQLITE_FULL, StorageFullError),
        (sqlite3.SQLITE_IOERR_SHMSIZE, StorageFullError),
        (sqlite3.SQLITE_READONLY, UnwritableError),
        (sqlite3.SQLITE_CANTOPEN, UnwritableError),
        (sqlite3.SQLITE_PERM, UnwritableError),
        (sqlite3.SQLITE_BUSY, BusyError),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, BusyError),
        (sqlite3.SQLITE_LOCKED, BusyError),
        (sqlite3.SQLITE_CORRUPT, BrokenDatabaseError),
        (sqlite3.SQLITE_NOTADB, BrokenDatabaseError),
        (sqlite3.SQLITE_IOERR, StorageError),
        (FSYNC, StorageError),
    ],
)
def test_an_error_of_sqlite_becomes_one_line_about_the_file(
    code: int, expected: type[StorageError]
) -> None:
    error = of_sqlite(code)
    with pytest.raises(StorageError, match=str(PATH)) as caught, explained(PATH):
        raise error
    assert type(caught.value) is expected
    assert caught.value.__cause__ is error
    assert "\n" not in str(caught.value)
    assert ": " in str(caught.value)  # what is wrong: what to do


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (errno.ENOSPC, StorageFullError),
        (errno.EDQUOT, StorageFullError),
        (errno.EACCES, UnwritableError),
        (errno.EROFS, UnwritableError),
        (errno.ENOTDIR, UnwritableError),
        (errno.EIO, StorageError),
    ],
)
def test_an_error_of_the_system_becomes_one_line_about_the_file(
    code: int, expected: type[StorageError]
) -> None:
    error = OSError(code, "as the system puts it")
    with pytest.raises(StorageError, match=str(PATH)) as caught, explained(PATH):
        raise error
    assert type(caught.value) is expected
    assert caught.value.__cause__ is error


@pytest.mark.parametrize(
    "mistake",
    [
        of_sqlite(sqlite3.SQLITE_ERROR),
        of_sqlite(sqlite3.SQLITE_CONSTRAINT),
        sqlite3.ProgrammingError("no code at all"),
        ValueError("not of the database"),
    ],
)
def test_a_mistake_of_the_code_stays_what_it_is(mistake: Exception) -> None:
    with pytest.raises(type(mistake)) as caught, explained(PATH):
        raise mistake
    assert caught.value is mistake
