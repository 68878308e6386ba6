"""Pages of a list that is made of several lists, one behind another."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self, TypeVar

from bot.admin.errors import Unclear

SIZE = 10
"""Entries on a page: with two buttons each they fit below one message of any platform."""

_One = TypeVar("_One")


@dataclass(frozen=True, slots=True)
class Span:
    """Some entries of a list, by their places in it.

    Attributes:
        first: place of the first one, from 0 on; less than that: in a list before this one.
        size: how many, at most.
    """

    first: int
    size: int

    @property
    def start(self) -> int:
        """The first one that is in this list."""
        return max(self.first, 0)

    @property
    def room(self) -> int:
        """How many of this list there can be."""
        return max(self.first + self.size, 0) - self.start

    def past(self, count: int) -> Self:
        """Return the same span, as it is in the list behind one of so many entries."""
        return type(self)(self.first - count, self.size)

    def of(self, entries: Sequence[_One]) -> Sequence[_One]:
        """Return those of a list's entries that are in the span."""
        return entries[self.start : self.start + self.room]


@dataclass(frozen=True, slots=True)
class Page:
    """One page.

    Attributes:
        number: which one, from 1 on.
        pages: how many there are, at least 1.
        span: its entries.
    """

    number: int
    pages: int
    span: Span


def page_of(number: int | None, total: int) -> Page:
    """Return a page of a list of so many entries; None: all of them on one page.

    Raises:
        Unclear: there is no such page.
    """
    if number is None:
        return Page(1, 1, Span(0, total))
    pages = max(1, -(-total // SIZE))
    if not 1 <= number <= pages:
        raise Unclear("admin.no_page", page=number, pages=pages)
    return Page(number, pages, Span((number - 1) * SIZE, SIZE))
