"""Copies of a database: consistent, also while others write to it, and for its owner alone."""

import os
import secrets
import sqlite3
from contextlib import closing
from pathlib import Path

from storage.errors import UnwritableError, explained
from storage.files import SIDE_FILES, beside, make


def backup(source: Path, into: Path) -> None:
    """Copy all that is committed into a new file of mode 0600.

    Nothing has to be closed for it, and nobody waits. Where it is interrupted, there is no file
    of that name.

    Raises:
        UnwritableError: there is no such database, the place is taken, or cannot be written to.
        StorageError: the database cannot be read, or the disk is full.
    """
    with explained(source):
        if not source.is_file():
            raise UnwritableError(f"there is no database at {source}: nothing was copied")
    if Path(os.path.realpath(into)) in _files_of(source):
        raise UnwritableError(f"{into} belongs to the database itself: name another file")
    if os.path.lexists(into):
        raise UnwritableError(f"{into} is there already: move it away, or name another file")
    with explained(source), closing(_opened(source)) as database:
        database.execute("SELECT count(*) FROM sqlite_master")  # it is one, and can be read
    try:
        with explained(into):
            copy(source, into, into.with_name(f"{into.name}.{secrets.token_hex(4)}.part"))
    except UnwritableError as error:
        raise UnwritableError(
            f"{into} cannot be written: name a file in a folder that is there and that you may "
            "write to"
        ) from error


def copy(source: Path, into: Path, unfinished: Path) -> None:
    """Put a copy of what is committed in the place of ``into``, whole or not at all.

    Errors are those of sqlite3 and of the system.

    Args:
        source: a database.
        into: what the copy is called.
        unfinished: what it is called until it is on the disk, in the same folder.
    """
    try:
        make(unfinished)
        with closing(_opened(source)) as one, closing(_opened(unfinished)) as other:
            one.backup(other)
        _settle(unfinished)
        unfinished.replace(into)
    finally:
        unfinished.unlink(missing_ok=True)
    _settle(into.parent)


def _opened(path: Path) -> sqlite3.Connection:
    """Open a database that is there; none is made."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True)


def _files_of(source: Path) -> set[Path]:
    own = Path(os.path.realpath(source))
    return {own, *(beside(source, what) for what in SIDE_FILES)}


def _settle(path: Path) -> None:
    """Wait until a file, or what a folder lists, is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
