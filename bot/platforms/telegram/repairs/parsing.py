"""Markdown with what its parser finds in it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pyromark
from telegramify_markdown.converter import STANDARD_OPTIONS

INVISIBLE = "\ufdd0"
"""A letter to the parser that nobody will see: no text may hold this code point."""
BREAK = "\ufdd1"
"""The same, in whose place a line ends."""
JOIN = "\ufdd2"
"""The same, before which no line ends."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that the parser found.

    Attributes:
        kind: ``Start`` or ``End`` of something, or something without inner parts, like ``Text``.
        name: what starts or ends, like ``Paragraph``; otherwise the kind once more.
        detail: what is known of it: a text, or a mapping.
        start: where it begins, in bytes of UTF-8.
        end: where it ends, likewise.
    """

    kind: str
    name: str
    detail: Any
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Parsed:
    """Markdown in UTF-8, and what is in it; places are counted in bytes."""

    source: bytes
    events: tuple[Event, ...]

    def before(self, place: int) -> str:
        """Return the character before a place; "" at the beginning."""
        return self.source[max(0, place - 4) : place].decode(errors="ignore")[-1:]

    def behind(self, place: int) -> str:
        """Return the character behind a place; "" at the end."""
        return self.source[place : place + 4].decode(errors="ignore")[:1]

    def is_escaped(self, place: int) -> bool:
        """Whether a backslash takes its meaning from what stands here."""
        before = self.source[:place]
        return (len(before) - len(before.rstrip(b"\\"))) % 2 == 1

    def text_between(self, *kept: str) -> Iterator[tuple[int, int]]:
        """Yield the stretches between elements of these names, as start and end."""
        start = 0
        for event in self.events:
            if event.name in kept and event.kind != "End" and event.start >= start:
                yield start, event.start
                start = event.end
        yield start, len(self.source)


@dataclass(frozen=True, slots=True)
class Edit:
    """Puts something in the place of what stands from ``start`` to ``end``."""

    start: int
    end: int
    text: bytes


Repair = Callable[[Parsed], Iterable[Edit]]

CODE = ("CodeBlock", "Code", "InlineMath", "DisplayMath")
"""What nothing in has a meaning."""


def insert(place: int, text: str = "\\") -> Edit:
    """Return an edit that only adds something: by default, what takes a character's meaning."""
    return Edit(place, place, text.encode())


def parse(source: bytes) -> Parsed:
    """Find what is in a Markdown text, in the way its converter will."""
    found = pyromark.events_with_range(source.decode(), options=STANDARD_OPTIONS)
    return Parsed(source, tuple(_event(event, place) for event, place in found))


def repair(parsed: Parsed, repair: Repair) -> Parsed:
    """Apply the edits of a repair; where there are none, the same is returned."""
    edits = sorted(set(repair(parsed)), key=lambda edit: (edit.start, edit.end))
    if not edits:
        return parsed
    source = parsed.source
    pieces = [source[: edits[0].start]]
    for edit, following in pairwise([*edits, Edit(len(source), len(source), b"")]):
        pieces += [edit.text, source[edit.end : following.start]]
    return parse(b"".join(pieces))


def _event(event: Any, place: Any) -> Event:  # noqa: ANN401 # shapes of the parser: see its typed union
    if isinstance(event, str):
        return Event(event, event, "", place["start"], place["end"])
    ((kind, detail),) = event.items()
    name = kind
    if kind in {"Start", "End"}:
        name = detail if isinstance(detail, str) else next(iter(detail))
        detail = detail[name] if isinstance(detail, dict) else ""
    return Event(kind, name, detail, place["start"], place["end"])
