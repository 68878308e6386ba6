"""Warm states in files, written and read on a thread of their own."""

import math
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Self

from bot.generation.eras import Eras
from bot.generation.warm.chunk import Chunk, Match
from bot.generation.warm.container import Maker
from bot.generation.warm.folder import Folder, hold_folder
from bot.generation.warm.tree import Tree
from bot.generation.warm.wholes import Wholes
from storage.errors import LockedError
from storage.records import Era

_WAITING = 3  # writes, with their data in memory; the next one blocks
_WHOLE_WAITING = 1  # the same of whole states, which are as large as their chats
_REST = 60.0  # seconds without a write after one that the disk refused


class WarmStore:
    """The states of one model in one folder; see WarmStates. Made by ``open``.

    Two threads meet here: the engine's, which calls, and the store's own, which alone touches
    files, in the order in which it was told to. What both use (the tree, the eras, and which chunk
    is each chat's newest) is only touched under ``_guard``, and no file is while it is held. The
    tree is ahead of the files: a chunk is in it before it is written, and out of it before it is
    deleted; the thread looks again before it writes.

    Args:
        folder: where the files are.
        tree: of the chunks that are there.
        maker: whose states they are.
        limit: bytes of all files together.
        held: lets go of the folder's lock.
        clock: seconds, from any moment on.
    """

    def __init__(
        self,
        folder: Folder,
        tree: Tree,
        maker: Maker,
        limit: int,
        held: ExitStack,
        clock: Callable[[], float],
    ) -> None:
        self._folder = folder
        self._tree = tree
        self._maker = maker
        self._limit = limit
        self._held = held
        self._clock = clock
        self._guard = threading.Lock()
        self._eras = Eras(())
        self._newest: dict[int, str] = {}  # chat -> key of what was kept last
        self._too_long = math.inf  # tokens of a chain that would go beyond the limit by itself
        self._rests_until = -math.inf
        self._room = threading.BoundedSemaphore(_WHOLE_WAITING if maker.whole else _WAITING)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="warm")

    @classmethod
    def open(
        cls,
        path: Path,
        limit: int,
        fingerprint: str,
        *,
        whole: bool,
        clock: Callable[[], float] = time.monotonic,
    ) -> Self:
        """Take up what an earlier run left in a folder, which is made (0700) where there is none.

        Deletes what is not whole, what another model made, and what was not used for longest
        beyond the limit. Reads no data.

        Args:
            path: the folder.
            limit: bytes of all files together.
            fingerprint: of the weights, the engine, and all else that the states depend on.
            whole: whether each chunk is a whole state, see Wholes.
            clock: seconds, from any moment on.

        Raises:
            LockedError: another process has the folder.
            StorageError: there is no such folder, and none can be made.
        """
        maker = Maker(fingerprint, whole)
        with ExitStack() as held:
            held.enter_context(hold_folder(path))
            folder = Folder(path)
            tree = _left(folder, maker, limit)
            return cls(folder, tree, maker, limit, held.pop_all(), clock)

    def match(self, ids: Sequence[int]) -> Match:
        """Return the longest warm beginning of some tokens."""
        with self._guard:
            return self._tree.match(tuple(ids))

    def missing(self, ids: Sequence[int]) -> list[tuple[int, int]]:
        """Return what is to be kept, so that all of ``ids`` is warm.

        Not what could not be kept anyhow: who keeps all that is missing comes to an end.
        """
        with self._guard:
            pieces = [] if self._is_resting() else self._tree.missing(tuple(ids))
            return [(start, end) for start, end in pieces if end < self._too_long]

    def fetch(self, chunk: Chunk) -> Future[bytes | None]:
        """Return the state of a chunk; it may still have to be written before it is read."""
        with self._guard:
            self._tree.use(chunk)  # now, or writes that wait could push it out before it is read
        return self._thread.submit(self._read, chunk)

    def keep(self, era: Era, ids: Sequence[int], start: int, data: bytes) -> None:
        """Write a state down behind the answers; blocks where three writes wait already."""
        with self._guard:
            chunk = self._taken_in(era, tuple(ids), start, len(data))
        if chunk is not None:
            self._room.acquire()
            self._thread.submit(self._write, chunk, data)

    def come_to(self, era: Era, ids: Sequence[int]) -> None:
        """Delete what a chat has besides the way to ``ids``."""
        with self._guard:
            gone = self._tree.astray(era.chat, tuple(ids)) + self._tree.over(self._eras)
        if gone:
            self._thread.submit(self._folder.delete, gone)

    @property
    def is_busy(self) -> bool:
        """Whether ``keep`` would block now: three writes wait."""
        is_free = self._room.acquire(blocking=False)
        if is_free:
            self._room.release()
        return not is_free

    def retain(self, eras: Eras) -> None:
        """Delete the states whose era is over; not what those of other chats stand on."""
        with self._guard:
            self._eras = eras
            gone = self._tree.over(eras)
        if gone:
            self._thread.submit(self._folder.delete, gone)

    def close(self) -> None:
        """Write down what waits, and let others have the folder. Can be called twice."""
        self._thread.shutdown()
        self._held.close()

    def _is_resting(self) -> bool:
        return self._clock() < self._rests_until

    def _taken_in(self, era: Era, ids: tuple[int, ...], start: int, size: int) -> Chunk | None:
        """Put a chunk into the tree; None: it cannot be kept."""
        parent = self._tree.parent_at(ids, start)
        if parent is None or start >= len(ids) or self._eras.is_over(era) or self._is_resting():
            return None
        chunk = self._maker.chunk(parent, start, ids[start:], era, size)
        if chunk.size + sum(one.size for one in self._tree.under(chunk)) > self._limit:
            # Its end would be written and deleted, again and again.
            self._too_long = min(self._too_long, chunk.end)
            return None
        if not self._tree.add(chunk):
            return None
        self._newest[era.chat] = chunk.key
        return chunk

    def _write(self, chunk: Chunk, data: bytes) -> None:
        try:
            with self._guard:
                if chunk not in self._tree:
                    return
            written = self._folder.write(self._maker, chunk, data)
            with self._guard:
                gone = self._made_needless(chunk) if written else self._given_up(chunk)
            self._folder.delete(gone)
        finally:
            self._room.release()

    def _made_needless(self, chunk: Chunk) -> list[Chunk]:
        """Take out what is not needed any more, now that a chunk is written."""
        gone = []
        # Where more was kept for the chat meanwhile, the way to that decides.
        if chunk in self._tree and self._newest[chunk.era.chat] == chunk.key:
            gone += self._tree.outdated(chunk)
        gone += self._tree.beyond(self._limit)
        return gone + self._tree.over(self._eras)  # what was only needed by what went

    def _given_up(self, chunk: Chunk) -> list[Chunk]:
        """Take out what could not be written, and leave the disk alone for a while."""
        self._rests_until = self._clock() + _REST
        return self._tree.take_out(chunk) + self._tree.over(self._eras)

    def _read(self, chunk: Chunk) -> bytes | None:
        with self._guard:
            if chunk not in self._tree:
                return None
        data = self._folder.read(chunk)
        if data is None:
            with self._guard:
                gone = self._tree.take_out(chunk) + self._tree.over(self._eras)
            self._folder.delete(gone)
        return data


def sweep(path: Path, eras: Eras) -> bool:
    """Delete the states whose era is over from a folder that no process uses, of whatever model.

    Returns:
        False: a process uses it, and has to be told itself.

    Raises:
        StorageError: the folder cannot be used.
    """
    if not path.is_dir():
        return True
    try:
        with hold_folder(path):
            folder, tree = Folder(path), Tree()
            homeless = tree.plant([front.chunk for front in folder.fronts()])
            folder.delete([*homeless, *tree.over(eras)])
    except LockedError:
        return False
    return True


def _left(folder: Folder, maker: Maker, limit: int) -> Tree:
    """Return the tree of what an earlier run of the same maker left; the rest is deleted."""
    tree = Wholes() if maker.whole else Tree()
    fronts = list(folder.fronts())
    foreign = [front.chunk for front in fronts if front.maker != maker]
    homeless = tree.plant([front.chunk for front in fronts if front.maker == maker])
    folder.delete([*foreign, *homeless, *tree.beyond(limit)])
    return tree
