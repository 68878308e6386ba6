"""Draws tables as blocks of code."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from bot.platforms.columns import Side, aligned, rule, width

_FENCE = "```"
_WIDEST = 40
"""Columns up to which cells are filled: one long cell must not make all lines of its table long."""

_LEFT: Side = "<"

_MARGIN = re.compile(r"(?:[ \t]*>)*[ \t]*")
_OTHER_BLOCK = re.compile(r"#{1,6}[ \t]|[-*+][ \t]|\d{1,9}[.)][ \t]")
_BAR = re.compile(r"(?<!\\)\|")
_RULE = re.compile(r":?-+:?")
_MARKS = re.compile(
    r"(?<![`\\])(?P<ticks>`++)(?P<code>.+?)(?<!`)(?P=ticks)(?!`)"
    r"|(?<![\w*\\])\*\*\*(?=[^\s*])(?P<both>.+?)(?<=[^\s*])\*\*\*(?!\*)"
    r"|(?<![0-9A-Za-z_*\\])\*\*(?=[^\s*])(?P<bold>.+?)(?<=\S)\*\*(?!\*)"
    r"|(?<![\w*\\])\*(?=[^\s*])(?P<italic>[^*]+?)(?<=\S)\*(?![\w*])"
    r"|(?<![~\\])~~(?=[^\s~])(?P<struck>.+?)(?<=[^\s~])~~(?!~)"
    r"|\\(?P<escaped>[*_`~])"
    r"|(?P<break>[ \t]*<br[ \t]*/?>[ \t]*)"
)


@dataclass(frozen=True, slots=True)
class Table:
    """A table in a text.

    Attributes:
        margin: the quote's markers that begin each of its lines.
        lines: how many lines of the text it takes.
        head: the names of its columns; None where rows go on whose head is elsewhere.
        sides: where cells stand, one a column of the head.
        rows: cells as people see them; rows may be shorter or longer than the head.
    """

    margin: str
    lines: int
    head: tuple[str, ...] | None
    sides: tuple[Side, ...]
    rows: tuple[tuple[str, ...], ...]


def table_at(lines: Sequence[str], index: int, *, goes_on: bool) -> Table | None:
    """Return the table that begins in a line; None as long as the line below its head is missing.

    A row has at least one bar; where the head begins with a bar, rows do too.

    Args:
        lines: lines without fenced code.
        index: the line's.
        goes_on: whether rows without a head are a table: two or more, the first one complete.
    """
    margin, first = _parted(lines[index])
    if "|" not in first:
        return None
    barred = first.startswith("|")

    def is_row(line: str) -> bool:
        quote, text = _parted(line)
        if quote != margin or "|" not in text or _OTHER_BLOCK.match(text):
            return False
        return text.startswith("|") or not barred

    texts = [_parted(line)[1] for line in takewhile(is_row, lines[index:])]
    head, below = _cells(first), [_cells(text) for text in texts[1:2]]
    if below and len(below[0]) == len(head) and all(_RULE.fullmatch(cell) for cell in below[0]):
        sides = tuple(_side(cell) for cell in below[0])
        return Table(margin, len(texts), _shown(head), sides, _rows(texts[2:]))
    complete = barred and len(head) > 1 and first.endswith("|")
    if goes_on and complete and any(re.search(r"\w", text) for text in texts[1:]):
        return Table(margin, len(texts), None, (_LEFT,) * len(head), _rows(texts))
    return None


def drawn(table: Table) -> list[str]:
    """Return its lines as a block of code."""
    every = [*([] if table.head is None else [table.head]), *table.rows]
    widths = [
        min(_WIDEST, max([1, *(width(row[column]) for row in every if column < len(row))]))
        for column in range(len(table.sides))
    ]
    lines = [aligned(row, widths, table.sides) for row in every]
    if table.head is not None:
        lines.insert(1, rule(widths))
    return [table.margin + line for line in (_FENCE, *lines, _FENCE)]


def _parted(line: str) -> tuple[str, str]:
    """Return a line's quote markers, and what stands behind them and blanks."""
    margin = _MARGIN.match(line)
    before = margin[0] if margin else ""
    return "> " * before.count(">"), line[len(before) :].rstrip()


def _cells(row: str) -> list[str]:
    cells = [cell.strip() for cell in _BAR.split(row)]
    if not cells[0]:
        del cells[0]
    if cells and not cells[-1]:
        del cells[-1]
    return cells


def _rows(texts: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    return tuple(_shown(cells) for text in texts if (cells := _cells(text)))


def _side(below: str) -> Side:
    if not below.endswith(":"):
        return "<"
    return "^" if below.startswith(":") else ">"


def _shown(cells: Sequence[str]) -> tuple[str, ...]:
    # Three backticks would end the block, whatever stands around them.
    whole = (_plain(cell).strip() for cell in cells)
    return tuple(re.sub("``(?=`)", "``\N{ZERO WIDTH SPACE}", cell) for cell in whole)


def _plain(cell: str) -> str:
    return _MARKS.sub(_unmarked, cell.replace(r"\|", "|"))


def _unmarked(found: re.Match[str]) -> str:
    if found["code"] is not None:
        return found["code"].strip()
    if found["break"] is not None:
        return " "
    if found["escaped"] is not None:
        return found["escaped"]
    return _plain(found["both"] or found["bold"] or found["italic"] or found["struck"])
