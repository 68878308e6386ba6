"""The folder of weights: a file gets its name there only when it is whole and verified."""

import errno
import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.errors import DownloadError

_WORKSHOP = ".partial"
_SPARE = 64 * 2**20  # bytes that are left free on the disk


@dataclass(frozen=True, slots=True)
class Promise:
    """What a file must be: its size in bytes and its SHA-256 in lower-case hex."""

    size: int
    sha256: str


@contextmanager
def workshop(folder: Path) -> Iterator[Path]:
    """Yield the hidden folder for unfinished files in ``folder``, for this process alone.

    It is on the same file system as the weights, so that a finished file only has to be renamed.

    Raises:
        DownloadError: another process fetches weights into ``folder``, or it cannot be written.
    """
    place = folder / _WORKSHOP
    try:
        place.mkdir(parents=True, exist_ok=True)
        handle = os.open(place, os.O_RDONLY)
    except OSError as error:
        raise DownloadError(f"{folder} cannot be written: {error.strerror}") from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield place
    except BlockingIOError as error:
        raise DownloadError(
            f"another ostro is fetching weights into {folder}: wait for it"
        ) from error
    finally:
        os.close(handle)


def make_sure_of_room(folder: Path, needed: int) -> None:
    """Check that ``needed`` more bytes fit on the disk.

    Raises:
        DownloadError: they do not.
    """
    free = shutil.disk_usage(folder).free
    if free < needed + _SPARE:
        raise DownloadError(
            f"there is not enough room in {folder}: {gigabytes(needed)} are needed "
            f"and {gigabytes(free)} are free"
        )


def is_already_there(final: Path, promise: Promise) -> bool:
    """Tell whether ``final`` exists and is what was promised.

    Raises:
        DownloadError: there is another file of that name; it is left alone.
    """
    if not final.exists():
        return False
    if final.stat().st_size == promise.size and sha256_of(final) == promise.sha256:
        return True
    raise DownloadError(
        f"{final} is there already, and is not the file that was asked for: "
        "rename or remove it and try again"
    )


def shelve(unfinished: Path, final: Path, promise: Promise) -> None:
    """Verify ``unfinished`` and give it its name; what is not as promised is removed.

    Raises:
        DownloadError: it is not what was promised.
    """
    size = unfinished.stat().st_size
    if size != promise.size or sha256_of(unfinished) != promise.sha256:
        unfinished.unlink()
        raise DownloadError(
            f"what came is not the {final.name} that was promised (size or SHA-256 differ); "
            "it was thrown away: try again"
        )
    _force_to_disk(unfinished)
    unfinished.replace(final)
    _force_to_disk(final.parent)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file in lower-case hex; a minute for the largest."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def is_disk_full(error: OSError) -> bool:
    """Tell whether an error means that nothing more fits on the disk."""
    return error.errno in {errno.ENOSPC, errno.EDQUOT}


def gigabytes(size: int) -> str:
    """Write a size in GB, as downloads and disks are counted."""
    return f"{size / 1e9:.1f} GB"


def _force_to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
