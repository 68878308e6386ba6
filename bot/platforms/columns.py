"""Aligned text, in which East Asian characters are two columns wide."""

import unicodedata
from collections.abc import Sequence
from typing import Literal, TypeAlias

Side: TypeAlias = Literal["<", ">", "^"]
"""On which side of a column a cell stands: left, right, in the middle."""


def width(text: str) -> int:
    """Return how many columns a text takes where all characters have one or two.

    What is not shown takes none: marks on other characters, joiners, and the code points that
    Unicode keeps for a program's own use.
    """
    return len(text) if text.isascii() else sum(map(_columns, text))


def aligned(cells: Sequence[str], widths: Sequence[int], sides: Sequence[Side]) -> str:
    """Return the cells of a row as a line, each filled up to its column's width.

    A row that has fewer cells than there are columns has its bars all the same; cells beyond the
    last column, and those that are wider than theirs, stand there as they are.
    """
    filled = [_filled(*place) for place in zip(cells, widths, sides, strict=False)]
    filled += [" " * wide for wide in widths[len(cells) :]]
    return " | ".join([*filled, *cells[len(widths) :]]).rstrip()


def rule(widths: Sequence[int]) -> str:
    """Return the line below the head of a table."""
    return "-+-".join("-" * wide for wide in widths)


def _filled(cell: str, wide: int, side: Side) -> str:
    room = max(0, wide - width(cell))
    left = {">": room, "^": room // 2}.get(side, 0)
    return " " * left + cell + " " * (room - left)


def _columns(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"} or "\ufdd0" <= character <= "\ufdef":
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1
