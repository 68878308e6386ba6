"""The short beginning with which a message is sent before the rest is put in by edits."""

import re

from bot.delivery.fences import read_lines
from bot.delivery.graphemes import boundary_before

_LONGEST = 200
_SHORTEST = 12
"""Less than this tells nothing yet on a phone that rings."""

_CLOSING = r"""["'”’»)\]*_]*"""
_END = re.compile(rf"(?<!\d)[.!?…]+{_CLOSING}(?=\s)|[。！？]+[”’」』)]*|\n")


def opening(text: str) -> str | None:
    """Return the first sentence of a text that grows; None while it is not finished.

    A sentence that is too long for a beginning is cut between words.
    """
    sentence = _sentence(text)
    return _cut(text) if sentence is None and len(text) > _LONGEST else sentence


def short(text: str) -> str:
    """Return the beginning of a text that is complete: the whole text where it is short."""
    if len(text) <= _LONGEST:
        return text
    return _sentence(text) or _cut(text)


def _sentence(text: str) -> str | None:
    for end in _END.finditer(text, 0, _LONGEST):
        sentence = text[: end.end()].rstrip()
        # A line that opens a block of code says nothing without the line below it.
        if len(sentence) >= _SHORTEST and not read_lines(sentence)[-1].marks:
            return sentence
    return None


def _cut(text: str) -> str:
    words = text[: _LONGEST + 1].rsplit(maxsplit=1)
    if len(words) > 1:
        return words[0]
    return text[: boundary_before(text, _LONGEST)]
