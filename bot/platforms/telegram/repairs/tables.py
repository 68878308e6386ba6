"""Makes aligned text of tables."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from telegramify_markdown import convert

from bot.platforms.columns import Side, aligned, rule, width
from bot.platforms.telegram.repairs.parsing import Edit, Event, Parsed


@dataclass(slots=True)
class _Table:
    start: int
    end: int
    alignments: Sequence[str]
    rows: list[list[str]] = field(default_factory=list)


_SIDES: Mapping[str, Side] = {"Right": ">", "Center": "^"}
"""The parser's words -> ours; all others stand on the left."""

_WIDEST = 80
"""Columns of a table that is aligned: lines of a wider one are broken, and blanks do not help."""


def align_tables(parsed: Parsed) -> Iterator[Edit]:
    """Put each table into a block of code, as the lines that people shall see."""
    for table in _tables(parsed):
        lines = _drawn(table)
        line_start = parsed.source.rfind(b"\n", 0, table.start) + 1
        # The markers of a quote go on in each line; those of a list are blanks from the second on.
        margin = re.sub(r"[^\s>]", " ", parsed.source[line_start : table.start].decode())
        longest = max(map(len, re.findall("`+", "\n".join(lines))), default=0)
        fence = "`" * max(3, longest + 1)
        code = f"\n{margin}".join([fence, *lines, fence])
        if parsed.source[table.start : table.end].endswith(b"\n"):
            code += "\n"
        yield Edit(table.start, table.end, code.encode())


def _tables(parsed: Parsed) -> Iterator[_Table]:
    table: _Table | None = None
    cell: list[Event] | None = None
    for event in parsed.events:
        if event.kind == "Start" and event.name == "Table":
            table = _Table(event.start, event.end, event.detail)
        elif event.kind == "End" and event.name == "Table" and table:
            yield table
            table = None
        elif event.name == "TableCell":
            if table and cell is not None:
                table.rows[-1].append(_cell_text(cell))
            cell = [] if event.kind == "Start" else None
        elif event.name in {"TableHead", "TableRow"} and table:
            if event.kind == "Start":
                table.rows.append([])
            else:
                table.rows[-1] += _superfluous(parsed, event, len(table.alignments))
        elif cell is not None:
            cell.append(event)


def _superfluous(parsed: Parsed, row: Event, columns: int) -> list[str]:
    """Return the cells beyond those of the head: to the parser these are no part of the table."""
    source = parsed.source[row.start : row.end].decode().strip().removeprefix("|")
    cells = re.split(r"(?<!\\)\|", source.removesuffix("|"))
    return [cell.strip() for cell in cells[columns:]]


def _cell_text(events: Sequence[Event]) -> str:
    """Return a cell as text; in code there are no links, so their addresses are shown."""
    text = ""
    addresses: list[str] = []
    for event in events:
        if event.kind in {"Text", "Code", "InlineHtml"}:
            text += event.detail
        elif event.kind in {"InlineMath", "DisplayMath"}:
            text += convert(f"${event.detail}$", latex_escape=False)[0].strip()
        elif event.kind == "Start" and event.name in {"Link", "Image"}:
            addresses.append(event.detail["dest_url"])
        elif event.kind == "End" and event.name in {"Link", "Image"}:
            address = addresses.pop()
            text += "" if text.endswith(address) else f" ({address})"
    return text


def _drawn(table: _Table) -> list[str]:
    columns = max(map(len, table.rows))
    rows = [[*cells, *[""] * (columns - len(cells))] for cells in table.rows]
    widths = [max(1, *(width(cells[column]) for cells in rows)) for column in range(columns)]
    if sum(widths) > _WIDEST:
        return [" | ".join(cells) for cells in rows]
    alignments = [*table.alignments, *["None"] * columns]
    sides = [_SIDES.get(each, "<") for each in alignments]
    lines = [aligned(cells, widths, sides) for cells in rows]
    return [lines[0], rule(widths), *lines[1:]]
