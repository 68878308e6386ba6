"""What tests of warm states keep, and how they look at what became of it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from threading import Event

from bot.generation.warm.chunk import PIECE, Chunk
from bot.generation.warm.store import WarmStore
from storage.records import Era

MAKER = "a model"
PLENTY = 2**30
NOBODYS = Chunk("0" * 32, "", 0, (1,), Era(1, 0, 0), 0)


def talk(length: int, seed: int = 0, after: tuple[int, ...] = ()) -> tuple[int, ...]:
    """Return ``length`` token ids, ``after`` first; other seeds differ soon."""
    random = Random(seed)  # noqa: S311 # the same tokens in every run are wanted
    return after + tuple(random.randrange(32_000) for _ in range(length - len(after)))


def state(ids: tuple[int, ...], start: int = 0) -> bytes:
    """Return what a model might hold of ``ids[start:]``: other tokens make other bytes."""
    return repr(ids[start:]).encode()


def era(chat: int, epoch: int = 0, erasures: int = 0) -> Era:
    return Era(chat, epoch, erasures)


@contextmanager
def warm(
    path: Path,
    limit: int = PLENTY,
    maker: str = MAKER,
    *,
    whole: bool = False,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[WarmStore]:
    """Open a store, and close it when all that it was told is done."""
    store = WarmStore.open(path, limit, maker, whole=whole, clock=clock)
    try:
        yield store
    finally:
        store.close()


def keep(store: WarmStore, chat: Era, ids: tuple[int, ...]) -> None:
    """Keep all of ``ids`` that is missing, as the engine does, and wait until it is written."""
    for start, end in store.missing(ids):
        store.keep(chat, ids[:end], start, state(ids[:end], start))
    settle(store)


def keep_one_by_one(store: WarmStore, chat: Era, ids: tuple[int, ...]) -> int:
    """Keep what is missing first, as long as anything is; return how often that was."""
    for times in range(100):
        if not (missing := store.missing(ids)):
            return times
        start, end = missing[0]
        store.keep(chat, ids[:end], start, state(ids[:end], start))
        settle(store)
    raise AssertionError("it never comes to an end")


def settle(store: WarmStore) -> None:
    """Wait until the store has done all that it was told: it does one thing after the other."""
    store.fetch(NOBODYS).result(timeout=30)


def restored(store: WarmStore, ids: tuple[int, ...]) -> int:
    """Fetch all that is warm of ``ids``; return how many tokens that are.

    Fails where a state is not that of its tokens.
    """
    match = store.match(ids)
    at = 0
    for chunk in match.chunks:
        assert chunk.start in {0, at}  # 0: a whole state
        at = chunk.end
        if (data := store.fetch(chunk).result(timeout=30)) is None:
            return chunk.start
        assert data == repr(chunk.ids).encode()
        end = min(chunk.end, match.tokens)
        assert chunk.ids[: end - chunk.start] == ids[chunk.start : end]
    return match.tokens


def files(path: Path) -> set[str]:
    """Return the names of all files in the folder but its lock."""
    return {file.name for file in path.iterdir()} - {"lock"}


def pieces(length: int) -> int:
    """Return how many chunks a chain of so many tokens has."""
    return -(-length // PIECE)


@contextmanager
def held_up(store: WarmStore) -> Iterator[None]:
    """Let the store's thread do nothing, however much it is told meanwhile."""
    go_on = Event()
    store._thread.submit(go_on.wait)
    try:
        yield
    finally:
        go_on.set()
