"""The files of the chunks, one each, in a folder that this process has to itself."""

import logging
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from bot.generation.warm.chunk import Chunk
from bot.generation.warm.container import DamagedError, Front, Maker
from storage.errors import UnwritableError
from storage.lock import hold

_log = logging.getLogger("ostro.warm")

_LOCK = "lock"
_OURS = re.compile(r"(?P<key>[0-9a-f]{32})\.warm(?P<unfinished>\.part)?")


@contextmanager
def hold_folder(path: Path) -> Iterator[None]:
    """Hold a folder against other processes; it is made (0700) where there is none.

    Raises:
        LockedError: another process has it.
        UnwritableError: it cannot be written to, or is no folder.
    """
    with ExitStack() as held:
        try:
            held.enter_context(hold(path / _LOCK))
        except UnwritableError as error:
            raise UnwritableError(
                f"{path} is no folder that can be written to: set WARM_PATH to another one"
            ) from error
        yield


class Folder:
    """Writes, reads and deletes chunks. What the disk refuses is logged once, and never raised.

    Args:
        path: the folder; other files in it are left alone.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._complained = False

    def fronts(self) -> Iterator[Front]:
        """Yield what whole files say of themselves, those first that were not used for longest.

        What is ours and not whole is deleted. The data are not read.
        """
        for name in self._names():
            known = _OURS.fullmatch(name)
            front = self._front(name) if known and not known["unfinished"] else None
            if front is not None and known and front.chunk.key == known["key"]:
                yield front
            elif known:
                self._delete(name)

    def write(self, maker: Maker, chunk: Chunk, data: bytes) -> bool:
        """Make the file of a chunk; False: the disk refuses, and there is none."""
        final = self._path / _name(chunk)
        unfinished = final.with_suffix(".warm.part")
        try:
            with os.fdopen(_made(unfinished), "wb") as file:
                file.write(maker.front(chunk, data))
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            unfinished.rename(final)
        except OSError as error:
            self._complain(error)
            self._delete(unfinished.name)
            return False
        return True

    def read(self, chunk: Chunk) -> bytes | None:
        """Return the data of a chunk, checked, and note in its file that it was used now.

        None: the file is gone or damaged.
        """
        try:
            with (self._path / _name(chunk)).open("rb") as file:
                front = Front.read(file, os.fstat(file.fileno()).st_size)
                data = file.read()
            front.check(data)
        except (OSError, DamagedError):
            return None
        if front.chunk != chunk:
            return None
        with suppress(OSError):  # its place in the order is lost, nothing else
            os.utime(self._path / _name(chunk))
        return data

    def delete(self, chunks: Iterable[Chunk]) -> None:
        """Delete the files of chunks, where there are any."""
        for chunk in chunks:
            self._delete(_name(chunk))

    def _names(self) -> list[str]:
        try:
            with os.scandir(self._path) as entries:
                files = [entry for entry in entries if entry.is_file(follow_symlinks=False)]
            return [entry.name for entry in sorted(files, key=_last_used)]
        except OSError as error:
            self._complain(error)
            return []

    def _front(self, name: str) -> Front | None:
        try:
            with (self._path / name).open("rb") as file:
                return Front.read(file, os.fstat(file.fileno()).st_size)
        except (OSError, DamagedError):
            return None

    def _delete(self, name: str) -> None:
        try:
            (self._path / name).unlink(missing_ok=True)
        except OSError as error:
            self._complain(error)

    def _complain(self, error: OSError) -> None:
        if not self._complained:
            _log.warning(
                "warm states in %s cannot be written or deleted (%s): chats go on without, "
                "and are read again after a restart",
                self._path,
                error.strerror,
            )
        self._complained = True


def _name(chunk: Chunk) -> str:
    return f"{chunk.key}.warm"


def _made(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)


def _last_used(entry: os.DirEntry[str]) -> int:
    try:
        return entry.stat(follow_symlinks=False).st_mtime_ns
    except OSError:  # somebody deletes it at this moment
        return 0
