"""Bringing a chat back from disk into the context, a chunk at a time."""

from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future

from bot.generation.llama.context import Context
from bot.generation.llama.held import Held
from bot.generation.llama.sequences import Sequences
from bot.generation.warm.chunk import Chunk
from bot.generation.warm.states import WarmStates

_WORTH = 16
"""Fewer tokens than this are read faster than a chunk is fetched and given its cells: all prompts
begin with the same one or two."""

_TRIES = 3
"""llama.cpp does not say whether a state finds no cells, or could never be restored: for that not
all chats have to go."""


class Restoring:
    """What a sequence can still be given from disk.

    Args:
        context: that the sequence is in.
        sequences: what the context holds.
        warm: the states on disk.
        held: the sequence.
        ids: what it is to hold in the end.
    """

    def __init__(
        self,
        context: Context,
        sequences: Sequences,
        warm: WarmStates,
        held: Held,
        ids: Sequence[int],
    ) -> None:
        self._context = context
        self._sequences = sequences
        self._warm = warm
        self._held = held
        self._ids = ids
        match = warm.match(ids)
        self._tokens = match.tokens
        self._chunks = deque(match.chunks)
        while self._chunks and self._chunks[0].end <= len(held.ids):
            self._chunks.popleft()
        while self._chunks and self._gain(self._chunks[-1]) < _WORTH:
            self._chunks.pop()
        self._coming: Future[bytes | None] | None = None
        self._fetch()

    @property
    def done(self) -> bool:
        """Whether there is nothing more to be had."""
        return self._coming is None

    def step(self, *, wait: bool) -> None:
        """Give the sequence the next chunk, if it is there or is to be waited for."""
        if self._coming is None or not (wait or self._coming.done()):
            return
        chunk, coming = self._chunks.popleft(), self._coming
        self._coming = None
        state = None if coming.exception() else coming.result()
        if state is None or not self._restored(state, chunk):
            return  # the rest stands on what is missing: it is read
        self._sequences.adopt(self._held, self._ids[: min(chunk.end, self._tokens)])
        self._fetch()

    def _gain(self, chunk: Chunk) -> int:
        """Return how many tokens of a chunk are of use, where those before it are there."""
        return min(chunk.end, self._tokens) - max(chunk.start, len(self._held.ids))

    def _restored(self, state: bytes, chunk: Chunk) -> bool:
        self._sequences.make_room(len(chunk.ids))
        for _ in range(_TRIES):
            if self._context.restore(self._sequences.scratch, state):
                return True
            if not self._sequences.evict():
                break
        return False

    def _fetch(self) -> None:
        if self._chunks:
            self._coming = self._warm.fetch(self._chunks[0])
