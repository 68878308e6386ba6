"""From rendered parts to ids: control tokens, and runs of plain text between them."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from bot.prompt.sentinels import Kept, Part, Said
from bot.prompt.vocabulary import Remembering, Vocabulary

_SWALLOWED = " \t\n\v\f\r"
_REMEMBERED_CUTS = 256
_NOWHERE = r"(?!)"

_Piece = str | tuple[int, ...]
"""A stretch of plain text, or ids that stand as they are."""


class Runs:
    """Encodes parts as llama.cpp encodes a whole prompt.

    Control tokens count only where a template wrote them. What stands between two of them,
    whoever said it, is encoded as one run: encoded piece by piece, the ids would be others.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._encode = Remembering(vocabulary.encode)
        self._cut = _cutter(vocabulary)
        self._swallowing = vocabulary.swallowing

    def ids(self, parts: Sequence[Part]) -> list[int]:
        """Return the ids of all parts, one after the other."""
        ids: list[int] = []
        run = ""
        for piece in self._pieces(parts):
            if isinstance(piece, str):
                run += piece
                continue
            ids += self._encoded(run, ids)
            ids += piece
            run = ""
        return ids + self._encoded(run, ids)

    def forget(self) -> None:
        """Keep no text that was encoded."""
        self._encode.forget()

    def _pieces(self, parts: Sequence[Part]) -> Iterator[_Piece]:
        for part in parts:
            if isinstance(part, Kept):
                yield part.ids
            elif isinstance(part, Said):
                yield part.text
            else:
                yield from self._cut(part.text)

    def _encoded(self, run: str, before: Sequence[int]) -> list[int]:
        if before and before[-1] in self._swallowing:
            run = run.lstrip(_SWALLOWED)
        return self._encode(run) if run else []


def _cutter(vocabulary: Vocabulary) -> Callable[[str], tuple[_Piece, ...]]:
    """Return what cuts a text at control tokens; the longer of two at one place wins."""
    control = {text: (token,) for text, token in vocabulary.control.items() if text}
    longest_first = sorted(control, key=len, reverse=True)
    pattern = re.compile(f"({'|'.join(map(re.escape, longest_first))})" if control else _NOWHERE)

    # The same few stretches stand between the texts of every message.
    @lru_cache(maxsize=_REMEMBERED_CUTS)
    def cut(text: str) -> tuple[_Piece, ...]:
        return tuple(control.get(piece, piece) for piece in pattern.split(text))

    return cut
