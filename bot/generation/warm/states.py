"""What the engine knows of the states on disk."""

from collections.abc import Sequence
from concurrent.futures import Future
from typing import Protocol

from bot.generation.eras import Eras
from bot.generation.warm.chunk import Chunk, Match
from storage.records import Era


class WarmStates(Protocol):
    """States that outlive their place in the context. One thread calls it, always the same.

    Nothing here raises: what cannot be kept is read again later.
    """

    def match(self, ids: Sequence[int]) -> Match:
        """Return the longest warm beginning of some tokens."""
        ...

    def fetch(self, chunk: Chunk) -> Future[bytes | None]:
        """Return the state of a chunk, once it is read and checked.

        None: it is damaged or gone; it will not match again, nor will what stood on it.
        """
        ...

    def missing(self, ids: Sequence[int]) -> list[tuple[int, int]]:
        """Return what is to be kept, so that all of ``ids`` is warm: (start, end) of each piece.

        Pieces are in order, and each is ``keep``'s next. Empty: all is warm, or cannot be kept.
        """
        ...

    def keep(self, era: Era, ids: Sequence[int], start: int, data: bytes) -> None:
        """Write a state down behind the answers; blocks where several writes wait already.

        It matches at once. Once it is written, what the chat had besides the way to it is deleted.

        Args:
            era: of the chat that it was read for; of one that is over nothing is kept.
            ids: all tokens up to its end.
            start: how many of them it does not hold.
            data: the state of the others.
        """
        ...

    def come_to(self, era: Era, ids: Sequence[int]) -> None:
        """Delete what a chat has besides the way to ``ids``, all that it was now found to hold.

        For where nothing is kept: it is warm already, or not worth it. ``keep`` does so itself.
        """
        ...

    @property
    def is_busy(self) -> bool:
        """Whether ``keep`` would block now."""
        ...

    def retain(self, eras: Eras) -> None:
        """Delete the states whose era is over; not what those of other chats stand on."""
        ...

    def close(self) -> None:
        """Write down what waits, and let others have the folder. Can be called twice."""
        ...


class NoWarmStates:
    """Nothing is kept: it is not wanted, or another process has the folder."""

    def match(self, ids: Sequence[int]) -> Match:  # noqa: ARG002 # see WarmStates
        """Return that nothing is warm."""
        return Match()

    def fetch(self, chunk: Chunk) -> Future[bytes | None]:  # noqa: ARG002 # see WarmStates
        """Return that it is gone."""
        gone: Future[bytes | None] = Future()
        gone.set_result(None)
        return gone

    def missing(self, ids: Sequence[int]) -> list[tuple[int, int]]:  # noqa: ARG002 # see WarmStates
        """Return that nothing is to be kept."""
        return []

    def keep(self, era: Era, ids: Sequence[int], start: int, data: bytes) -> None:
        """Keep nothing."""

    def come_to(self, era: Era, ids: Sequence[int]) -> None:
        """There is nothing to delete."""

    @property
    def is_busy(self) -> bool:
        """Return that nothing is written."""
        return False

    def retain(self, eras: Eras) -> None:
        """There is nothing to delete."""

    def close(self) -> None:
        """There is nothing to write."""
