"""The files that a database is made of."""

import errno
import os
from contextlib import suppress
from pathlib import Path

SIDE_FILES = ("wal", "shm", "journal")
"""What SQLite keeps beside a database while it is open."""


def make(path: Path) -> None:
    """Make an empty file for its owner alone, where there is none; a folder: IsADirectoryError."""
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path)
    # Only a file that is not there is opened: closing a handle of an existing database would
    # drop the locks that SQLite holds on it elsewhere in this process.
    with suppress(FileExistsError):
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.fchmod(handle, 0o600)  # whatever the umask takes away
        finally:
            os.close(handle)


def beside(path: Path, what: str) -> Path:
    """Return where SQLite keeps a side file of a database, such as ``wal``."""
    # It follows links, and keeps the side files where the file itself is.
    file = Path(os.path.realpath(path))
    return file.with_name(f"{file.name}-{what}")


def size(path: Path) -> int:
    """Return the bytes of a file; of none: 0."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
