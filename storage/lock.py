"""One process at a time: a lock that the kernel takes back when its holder dies."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from storage.errors import LockedError, explained


@contextmanager
def hold(path: Path) -> Iterator[None]:
    """Hold the lock of ``path``, a file that is made (mode 0600) where there is none, and stays.

    Raises:
        LockedError: somebody else holds it.
        StorageError: the file cannot be made.
    """
    handle = _taken(path)
    try:
        yield
    finally:
        # The file stays: were it removed, two processes could hold two files of one name.
        os.close(handle)


def _taken(path: Path) -> int:
    with explained(path):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(handle)
            if isinstance(error, BlockingIOError):
                raise LockedError(f"another Ostro is using {path}: end that one first") from error
            raise
    return handle
