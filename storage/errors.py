"""Everything that can go wrong with what is stored, in sentences for people.

StorageError
├── NewerDatabaseError    the file was written by a newer Ostro; it was left untouched
├── BrokenDatabaseError   the file is damaged, or is no database of Ostro
├── StorageFullError      the disk, or what is allowed of it, is full
├── UnwritableError       the file or its folder cannot be opened or written
├── BusyError             another program kept the database to itself for too long
├── LockedError           another process holds the lock of a chat or of a database
└── ForgottenError        the chat or person was forgotten meanwhile: they are met anew

Each message is one line that says what is wrong and what to do. Errors of sqlite3 and of the
system become these in ``explained`` and nowhere else. Mistakes of the code (bad SQL, a broken
constraint) stay what they are.
"""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class StorageError(Exception):
    """What is stored cannot be read or written; nothing that was stored before is lost."""


class NewerDatabaseError(StorageError):
    """The file was written by a newer Ostro; it was left untouched."""


class BrokenDatabaseError(StorageError):
    """The file is damaged, or is no database of Ostro."""


class StorageFullError(StorageError):
    """The disk, or what is allowed of it, is full."""


class UnwritableError(StorageError):
    """The file or its folder cannot be opened or written."""


class BusyError(StorageError):
    """Another program kept the database to itself for too long."""


class LockedError(StorageError):
    """Another process holds the lock of a chat or of a database."""


class ForgottenError(StorageError):
    """What is to be stored belongs to a chat or person that was forgotten meanwhile."""


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what sqlite3 and the system raise inside into a StorageError about ``path``."""
    try:
        yield
    except sqlite3.Error as error:
        explanation = _of_sqlite(error, path)
        if explanation is None:
            raise
        raise explanation from error
    except OSError as error:
        raise _of_system(error, path) from error


def broken(path: Path) -> BrokenDatabaseError:
    """Return the error of a file that is damaged, or that other software wrote."""
    return BrokenDatabaseError(
        f"{path} is damaged or is not a database of Ostro: move it away to start with a new one, "
        "or put an intact copy in its place"
    )


def _full(path: Path) -> StorageFullError:
    return StorageFullError(f"the disk is full, {path} cannot grow: free some space and try again")


def _unwritable(path: Path) -> UnwritableError:
    return UnwritableError(
        f"{path} cannot be opened for writing: give yourself the right to write to it and its "
        "folder, or set STORAGE_PATH to another place"
    )


def _busy(path: Path) -> BusyError:
    return BusyError(f"another program keeps {path} busy: end that program, or try again later")


_OF_SQLITE = {
    sqlite3.SQLITE_FULL: _full,
    sqlite3.SQLITE_READONLY: _unwritable,
    sqlite3.SQLITE_CANTOPEN: _unwritable,
    sqlite3.SQLITE_PERM: _unwritable,
    sqlite3.SQLITE_BUSY: _busy,
    sqlite3.SQLITE_LOCKED: _busy,
    sqlite3.SQLITE_CORRUPT: broken,
    sqlite3.SQLITE_NOTADB: broken,
}


def _of_sqlite(error: sqlite3.Error, path: Path) -> StorageError | None:
    """The explanation; None for what is a mistake of the code."""
    # The low byte is the kind; sqlite3 gives no code for errors of its own.
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    kind = code & 0xFF
    if code == sqlite3.SQLITE_IOERR_SHMSIZE:  # its index of the WAL could not grow
        return _full(path)
    if kind == sqlite3.SQLITE_IOERR:
        return _failing(error, path)
    explain = _OF_SQLITE.get(kind)
    return explain(path) if explain else None


def _of_system(error: OSError, path: Path) -> StorageError:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return _full(path)
    if error.errno == errno.EIO:
        return _failing(error, path)
    return _unwritable(path)


def _failing(error: Exception, path: Path) -> StorageError:
    return StorageError(f"{path} cannot be read or written ({error}): check the disk that it is on")
