r"""Tells formulas from prices, and reads ``\(x\)`` and ``\[x\]``."""

import re
from collections.abc import Iterator

from bot.platforms.telegram.repairs.parsing import CODE, Edit, Parsed, insert

_CERTAIN = re.compile(r"(?!.*\\[A-Za-z](?![A-Za-z])).*(?:\\[A-Za-z]|[\^_=])", re.DOTALL)
"""Commands of one letter are accents (``\\b``), which the converter lets swallow what is around."""
_SYMBOLS = re.compile(r"(?!.*[A-Za-z]{2}|\d.* )[A-Za-z0-9 .,;:|!'+*/<>()-]{1,16}")
_LETTERS = re.compile(r"[A-Za-z]{2,3}")
_IN_PARAGRAPH = r"(?:(?!\n[ \t]*\n)[^$])+?"
_INLINE = re.compile(rf"(?<!\\)\\\(({_IN_PARAGRAPH})\\\)".encode())
_DISPLAY = re.compile(rf"(?<!\\)\\\[({_IN_PARAGRAPH})\\\]".encode())


def read_brackets(parsed: Parsed) -> Iterator[Edit]:
    r"""``\(...\)`` and ``\[...\]`` are formulas where they look like one, outside of code."""
    for start, end in parsed.text_between(*CODE):
        for match in _INLINE.finditer(parsed.source, start, end):
            formula = match[1].decode().strip()
            has_letter = re.search("[A-Za-z]", formula) is not None
            if _CERTAIN.match(formula) or (has_letter and _SYMBOLS.fullmatch(formula)):
                yield Edit(*match.span(), f"${formula}$".encode())
        for match in _DISPLAY.finditer(parsed.source, start, end):
            formula = match[1].decode().strip()
            if _CERTAIN.match(formula):  # others in such brackets are often numbers of sources
                yield Edit(*match.span(), f"$${formula}$$".encode())


def keep_dollars(parsed: Parsed) -> Iterator[Edit]:
    """``$5 (or 10$)`` and ``$HOME/$USER`` are no formulas."""
    for event in parsed.events:
        if event.kind in {"InlineMath", "DisplayMath"}:
            dollars = "$" if event.kind == "InlineMath" else "$$"
            inner = event.detail.strip()
            behind = parsed.behind(event.end)
            if (behind.isascii() and behind.isalnum()) or not _is_formula(inner, dollars):
                yield from map(insert, range(event.start, event.start + len(dollars)))
                yield from map(insert, range(event.end - len(dollars), event.end))
            elif dollars == "$$" and inner != event.detail:
                yield Edit(event.start, event.end, f"$${inner}$$".encode())


def _is_formula(text: str, dollars: str) -> bool:
    """Whether this between dollars is a formula: has signs of one, or is too short for a text."""
    is_short = _SYMBOLS.fullmatch(text) or (dollars == "$" and _LETTERS.fullmatch(text))
    return bool(_CERTAIN.match(text) or is_short)
