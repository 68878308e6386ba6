"""Moving what the context holds together, where others have left holes."""

from collections.abc import Sequence

from bot.errors import EngineError
from bot.generation.llama.cells import Cells
from bot.generation.llama.context import Context
from bot.generation.llama.held import Held

_LOOSE = 256
"""Fewer holes than this cost nothing: llama.cpp rounds what it looks at up to so many cells."""
_AT_ONCE = 256
"""Tokens; as a state they are some 30 MB of a 7B model."""


def pack(context: Context, held: Sequence[Held], cells: Cells, scratch: int) -> None:
    """Move some hundred tokens out of the last cells, if enough are free before them.

    Args:
        context: that they are in.
        held: all sequences.
        cells: what is where.
        scratch: the number of an empty sequence.

    Raises:
        BrokenContextError: they are lost.
    """
    if cells.reach - cells.used < _LOOSE:
        return
    holders, start, end = last_run(held, cells)
    try:
        context.move([one.number for one in holders], scratch, start, end)
    except (EngineError, MemoryError):
        return  # answers go on where they are
    for one in holders:
        cells.release(one.cells[start:end])
    new = cells.take(end - start)
    for one in holders:
        one.cells[start:end] = new
    for _ in holders[1:]:
        cells.share(new)


def last_run(held: Sequence[Held], cells: Cells) -> tuple[list[Held], int, int]:
    """Find the tokens in the last cells, as many as are moved at once. Pure.

    Returns:
        All sequences that hold them, the position of the first token, and that behind the last.
    """
    last = cells.reach - 1
    first = next(one for one in held if last in one.cells)
    end = first.cells.index(last) + 1
    holders = [one for one in held if one.cells[end - 1 : end] == [last]]
    start = end - 1
    while start and end - start < _AT_ONCE:
        cell = first.cells[start - 1]
        if cell < cells.used or cells.holders(cell) != len(holders):
            break  # it is to stay there, or is another's, too
        start -= 1
    return holders, start, end
