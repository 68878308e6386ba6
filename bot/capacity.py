"""How many answers are made at once, and how many tokens are held for them: pure decisions."""

from typing import Literal

from bot.catalogue.memory import GIB

_SMALL, _MIDDLING = 12 * GIB, 24 * GIB
"""A machine sold as "16 GB" reports somewhat less, and is between these."""
_MANY_CORES = 8
MOST_SLOTS = 16
"""More answers at once would each be written too slowly to be read, on any machine of one's own."""
_A_FEW, _MANY = 2, 4
_BLOCK = 256  # llama.cpp makes cells in blocks of so many


def decide_slots(setting: int | Literal["auto"], total_memory: int, cores: int) -> int:
    """Decide how many answers are made at once.

    More of them share the cores: in all they are written faster, each for itself more slowly.

    Args:
        setting: a number is obeyed.
        total_memory: the machine's memory in bytes.
        cores: physical ones that there are to use.
    """
    if setting != "auto":
        return setting
    if total_memory < _SMALL or cores == 1:
        return 1
    return _A_FEW if total_memory < _MIDDLING or cores < _MANY_CORES else _MANY


def decide_cells(
    setting: int | Literal["auto"], window: int, slots: int, bytes_per_cell: int, room: int
) -> int:
    """Decide how many tokens are held for all chats together.

    Args:
        setting: a number is obeyed. ``auto`` is a window for each answer that is made at once,
            or what there is room for, but at least one window.
        window: tokens that one chat may take.
        slots: answers that are made at once.
        bytes_per_cell: what a token takes; 0 where it takes nothing.
        room: what all of them may take, in bytes.
    """
    if setting != "auto":
        return setting
    wanted = slots * window
    if wanted * bytes_per_cell <= room:
        return wanted
    return max(window, room // bytes_per_cell // _BLOCK * _BLOCK)
