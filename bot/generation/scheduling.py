"""What the engine decides, without any engine. Pure."""

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

_WORTH_SECONDS = 2.0
"""What is read again sooner than this is not kept on disk."""


def common(one: Sequence[int], other: Sequence[int]) -> int:
    """Return how many tokens two sequences have in common at the beginning.

    Slices are compared, not tokens: a chat of 8,000 tokens takes about 13 steps.
    """
    same, differs = 0, min(len(one), len(other)) + 1
    while differs - same > 1:
        middle = (same + differs) // 2
        if tuple(one[same:middle]) == tuple(other[same:middle]):
            same = middle
        else:
            differs = middle
    return same


class Reader(Protocol):
    """An answer whose prompt is being read."""

    @property
    def unread(self) -> int:
        """Tokens that are still to be read."""
        ...


R = TypeVar("R", bound=Reader)


def next_reader(readers: Iterable[R]) -> R | None:
    """Choose whose prompt is read on in a step: the one that is done soonest.

    So a chat that comes back with a short question does not wait for somebody's long text. The
    long one is not starved: whoever overtakes it has its slot, and writes, after few steps.
    """
    return min(readers, key=lambda reader: reader.unread, default=None)


def fits(needed: int, growing: Iterable[int], held: int, cells: int) -> bool:
    """Say whether one more answer may be begun, so that none ever lacks a cell.

    Args:
        needed: tokens that the new one has still to read and may write.
        growing: the same of each answer under way.
        held: cells that are held by answers under way, the new one included; what idle chats
            hold alone does not count, they can give it up.
        cells: that there are.
    """
    return held + needed + sum(growing) <= cells


def is_worth_keeping(seconds_to_read: float | None) -> bool:
    """Say whether a state is written to disk; None: how long reading it takes is not known."""
    return seconds_to_read is None or seconds_to_read >= _WORTH_SECONDS


class Idle(Protocol):
    """A sequence in which nothing is read or written now."""

    @property
    def used(self) -> float:
        """When it was used last, on a counter that rises."""
        ...


I = TypeVar("I", bound=Idle)  # noqa: E741 # as in Idle


def first_to_go(idle: Iterable[I]) -> I | None:
    """Choose what gives its cells up: what was not used for the longest time."""
    return min(idle, key=lambda one: one.used, default=None)
