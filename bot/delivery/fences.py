"""Which lines of a Markdown text stand in fenced code."""

import re
from dataclasses import dataclass

_LIST_MARKER = r"(?:[-*+]|\d{1,9}[.)])"
_OPENING = re.compile(
    rf"(?P<before>(?:[ \t]*>)*[ \t]*(?:{_LIST_MARKER}[ \t]+)*)"
    r"(?P<mark>`{3,}(?=[^`]*$)|~{3,})(?P<info>.*)"
)
_ITEM = re.compile(rf"[ \t]*(?:{_LIST_MARKER}(?:[ \t]+|$))+")
_MOST_INDENT = 3
"""Spaces in front of a fence; with more it is text."""


@dataclass(frozen=True, slots=True)
class Fence:
    """Fenced code that is open.

    Attributes:
        before: what stands before the fence in a line that goes on in the same place: markers of
            quotes, and blanks as wide as those of lists.
        mark: its backticks or tildes.
        info: what stands behind them in the opening line.
        inside: how far a line must be indented to belong to the list item that holds the fence.
    """

    before: str
    mark: str
    info: str
    inside: int

    @property
    def quoted(self) -> bool:
        """Whether it stands in a quote."""
        return ">" in self.before

    @property
    def opening(self) -> str:
        """The line that opens it once more where no list is around it."""
        return (self.before if self.quoted else "") + self.mark + self.info

    @property
    def closing(self) -> str:
        """The line that closes it."""
        return self.before + self.mark

    def goes_on_in(self, line: str) -> bool:
        """Whether a line stands in the quote and the list item in which the fence does."""
        if self.quoted:
            return line.lstrip().startswith(">")
        return not line.strip() or _indent(line) >= self.inside

    def is_closed_by(self, line: str) -> bool:
        """Whether a line that it goes on in closes it."""
        mark = line.lstrip(" \t>").rstrip()
        return len(mark) >= len(self.mark) and set(mark) == {self.mark[0]}

    def outdented(self, lines: str) -> str:
        """Return lines of the code as they stand where no list is around them."""
        if not self.before:
            return lines
        return re.sub(rf"^ {{1,{len(self.before)}}}", "", lines, flags=re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Line:
    """One line, without what ends it.

    Attributes:
        start: where it begins in the text.
        end: where it ends, before its newline.
        fence: the fence that it stands in; also for the line that closes it.
        after: the fence that is open behind it.
        marks: it opens or closes a fence.
        bare: it stands in or opens a fence, and there is nothing in it up to here.
    """

    start: int
    end: int
    fence: Fence | None
    after: Fence | None
    marks: bool
    bare: bool


def read_lines(text: str) -> list[Line]:
    """Return all lines of a text; the last one may be empty. What follows changes no line."""
    lines: list[Line] = []
    fence: Fence | None = None
    start, item, bare = 0, 0, False
    for line in text.split("\n"):
        if fence and not fence.goes_on_in(line):
            fence = None
        after = _after(line, fence, item)
        bare = after is not None and (fence is None or (bare and not line.strip(" \t>")))
        marks = fence is not after
        lines.append(Line(start, start + len(line), fence, after, marks, bare))
        if fence is None:
            item = _item_width(line, item)
        start += len(line) + 1
        fence = after
    return lines


def _after(line: str, fence: Fence | None, item: int) -> Fence | None:
    """Return the fence that is open after a line."""
    if fence:
        return None if fence.is_closed_by(line) else fence
    opening = _OPENING.fullmatch(line)
    if opening is None or _indent(line) > item + _MOST_INDENT:
        return None
    before = re.sub(r"[^\s>]", " ", opening["before"])
    own_item = _item_width(line, item)
    inside = own_item if len(before) >= own_item else 0
    return Fence(before, opening["mark"], opening["info"].rstrip(), inside)


def _item_width(line: str, item: int) -> int:
    """Return how far the content of the list item that a line stands in is indented."""
    if marker := _ITEM.match(line):
        return len(marker[0].expandtabs(4))
    return 0 if line.strip() and _indent(line) == 0 else item


def _indent(line: str) -> int:
    return len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip(" "))
