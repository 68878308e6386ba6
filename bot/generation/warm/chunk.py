"""One piece of warm state, and how it is called."""

import hashlib
from dataclasses import dataclass

from storage.records import Era

PIECE = 256
"""Most tokens of one chunk of a chain."""

_DIGITS = 32


@dataclass(frozen=True, slots=True)
class Chunk:
    """What the model holds after it has read some tokens; the state itself is in a file.

    Attributes:
        key: where it stands and what was read, see ``key_of``.
        parent: key of the chunk that it goes on from; empty: it stands at the beginning.
        start: tokens before it.
        ids: the tokens that were read for it.
        era: of the chat that it was written for.
        size: bytes of its file.
    """

    key: str
    parent: str
    start: int
    ids: tuple[int, ...]
    era: Era
    size: int

    @property
    def end(self) -> int:
        """Tokens up to its end."""
        return self.start + len(self.ids)


@dataclass(frozen=True, slots=True)
class Match:
    """How far some tokens are warm.

    Attributes:
        chunks: from the beginning on, each standing on the one before. Only the last may hold
            other tokens than those asked for, after ``tokens``.
        tokens: how many tokens from the beginning on are in the chunks.
    """

    chunks: tuple[Chunk, ...] = ()
    tokens: int = 0


def key_of(parent: str, start: int, ids: tuple[int, ...]) -> str:
    """Return the name of a chunk: the same for the same tokens after the same tokens.

    Args:
        parent: key of the chunk before it; at the beginning the fingerprint of the model.
        start: tokens before it.
        ids: its tokens.
    """
    said = f"{parent}\n{start}\n{','.join(map(str, ids))}"
    return hashlib.sha256(said.encode()).hexdigest()[:_DIGITS]
