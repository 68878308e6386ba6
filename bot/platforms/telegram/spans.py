"""Formatted stretches of a text: put in order, so that Telegram takes them."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from telegram.constants import MessageEntityType as Kind

from bot.platforms.telegram.repairs.parsing import BREAK, INVISIBLE, JOIN

RANK = {
    kind: rank
    for rank, kind in enumerate(
        (
            Kind.PRE,
            Kind.TEXT_LINK,
            Kind.BLOCKQUOTE,
            Kind.SPOILER,
            Kind.CODE,
            Kind.BOLD,
            Kind.STRIKETHROUGH,
            Kind.ITALIC,
        )
    )
}
"""What is sent, most useful first. What comes underlined is a heading, and bold as well; with a
line below it looks like a link."""
_BLOCKS = (Kind.PRE, Kind.BLOCKQUOTE)
_SOLID = (Kind.PRE, Kind.TEXT_LINK, Kind.CODE)
_SOFT = (Kind.SPOILER, Kind.BOLD, Kind.STRIKETHROUGH, Kind.ITALIC)


@dataclass(frozen=True, slots=True)
class Span:
    """A formatted stretch: from one character of the text up to another, not included."""

    start: int
    end: int
    kind: Kind
    url: str | None = None
    language: str | None = None

    def moved(self, start: int, end: int) -> "Span":
        """Return the same at another place."""
        return replace(self, start=start, end=end)


def clean(text: str, spans: Sequence[Span]) -> tuple[str, list[Span]]:
    """Take the repairs' marks and blanks at its end off a text; blocks get lines of their own."""
    edits = sorted(set(_edits(text, spans)))
    starts, ends = [edit[0] for edit in edits], [edit[1] for edit in edits]
    moves = [0, *accumulate(len(new) - (end - start) for start, end, new in edits)]
    pieces, position = [], 0
    for start, end, new in edits:
        pieces += [text[position:start], new]
        position = end
    text = "".join([*pieces, text[position:]]).rstrip()

    def moved(span: Span) -> Span:
        start = span.start + moves[bisect_right(ends, span.start)]
        end = span.end + moves[bisect_left(starts, span.end)]
        return span.moved(start, min(end, len(text)))

    return text, [moved(span) for span in spans]


def _edits(text: str, spans: Iterable[Span]) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and new text of all that is to be changed."""
    line_ends = {"", "\n", BREAK}
    for index, character in enumerate(text):
        if character == INVISIBLE:
            yield index, index + 1, ""
        elif character == JOIN:
            yield index - text.endswith("\n", 0, index), index, ""
            yield index, index + 1, ""
        elif character == BREAK:
            is_needed = "\n" not in text[max(0, index - 1) : index + 2] and index > 0
            yield index, index + 1, "\n" if is_needed else ""
    for span in spans:
        if span.kind in _BLOCKS and span.start < span.end:
            if text[max(0, span.start - 1) : span.start] not in line_ends:
                yield span.start, span.start, "\n"
            behind = text[span.end : span.end + 1]
            if text[span.end - 1] != "\n" and behind not in line_ends:
                yield span.end, span.end + (behind == " "), "\n"


def settled(text: str, spans: Iterable[Span], most: int) -> list[Span]:
    """Return what is left of spans, at most so many, in order, where Telegram's rules hold.

    Code has no other formatting; links and code are not in each other, nor quotes; of two others
    one is in the other. None is empty, or blank at its ends.
    """
    by_kind: dict[Kind, list[Span]] = {}
    for span in sorted(spans, key=_outer_first):
        by_kind.setdefault(span.kind, []).append(span)
    solid = list(_apart(span for kind in _SOLID for span in by_kind.get(kind, ())))
    quotes = _merged(by_kind.get(Kind.BLOCKQUOTE, []))
    code = [span for span in solid if span.kind != Kind.TEXT_LINK]
    soft = [
        piece
        for kind in _SOFT
        for whole in _merged(by_kind.get(kind, []))
        for piece in _without(whole, code)
    ]
    trimmed = (_trimmed(text, span) for span in _nested([*solid, *quotes, *soft]))
    nested = [span for span in trimmed if span.start < span.end]
    useful = sorted(nested, key=lambda span: (RANK[span.kind], span.start))[:most]
    return sorted(useful, key=_outer_first)


def _outer_first(span: Span) -> tuple[int, int, int]:
    return span.start, -span.end, RANK[span.kind]


def _apart(spans: Iterable[Span]) -> Iterator[Span]:
    """Yield those that do not begin in another."""
    free = 0
    for span in sorted(spans, key=_outer_first):
        if span.start >= free:
            yield span
            free = span.end


def _merged(spans: Iterable[Span]) -> list[Span]:
    """Make one of those that overlap."""
    merged: list[Span] = []
    for span in spans:
        if merged and span.start < merged[-1].end:
            merged[-1] = span.moved(merged[-1].start, max(span.end, merged[-1].end))
        else:
            merged.append(span)
    return merged


def _without(span: Span, holes: Iterable[Span]) -> Iterator[Span]:
    """Yield what is left of a span outside of others, which are in order."""
    start = span.start
    for hole in holes:
        if start < hole.end and hole.start < span.end:
            yield span.moved(start, hole.start)
            start = hole.end
    yield span.moved(start, span.end)


def _trimmed(text: str, span: Span) -> Span:
    inner = text[span.start : span.end]
    blanks = "\n" if span.kind == Kind.PRE else None
    start = span.end - len(inner.lstrip(blanks))
    return span.moved(start, start + len(inner.strip(blanks)))


def _nested(spans: Iterable[Span]) -> Iterator[Span]:
    """Yield spans of which none crosses another's border: one that does is cut there."""
    waiting = sorted((span for span in spans if span.start < span.end), key=_outer_first)
    around: list[Span] = []
    while waiting:
        span = waiting.pop(0)
        while around and around[-1].end <= span.start:
            around.pop()
        if around and span.end > around[-1].end:
            border = around[-1].end
            insort(waiting, span.moved(border, span.end), key=_outer_first)
            span = span.moved(span.start, border)
        around.append(span)
        yield span
