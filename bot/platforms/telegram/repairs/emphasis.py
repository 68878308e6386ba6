"""Tells emphasis from arithmetic and names, and finds it where Korean stands beside it."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from bot.platforms.telegram.repairs.parsing import (
    BREAK,
    INVISIBLE,
    JOIN,
    Edit,
    Event,
    Parsed,
    insert,
)

_SIZES = {"Strong": 2, "Emphasis": 1, "Strikethrough": 2}
_INLINE = {*_SIZES, "Link", "Image", "Text", "Code", "InlineMath", "SoftBreak", "HardBreak"}
_NAME = re.compile(rb"__[A-Za-z0-9_]+__")


def keep_stars(parsed: Parsed) -> Iterator[Edit]:
    """``2*3*4``, ``*.py``, ``__init__`` and ``https://x.org/_a_`` are no emphasis."""
    for event in parsed.events:
        if event.kind != "Start" or event.name not in {"Strong", "Emphasis"}:
            continue
        size = _SIZES[event.name]
        opening = range(event.start, event.start + size)
        is_star = parsed.source[event.start : event.start + 1] == b"*"
        between = parsed.before(event.start), parsed.behind(opening.stop)
        is_operator = is_star and _multiplies(*between, size)
        is_pattern = is_star and size == 1 and between[1] == "."
        if is_operator or is_pattern or _is_in_address(parsed, event.start):
            yield from map(insert, opening)
        elif _NAME.fullmatch(parsed.source, event.start, event.end):
            yield from map(insert, (*opening, *range(event.end - size, event.end)))


def _is_in_address(parsed: Parsed, place: int) -> bool:
    """Whether an address that is no link of Markdown goes on here."""
    word = parsed.source[:place].replace(b"\n", b" ").rpartition(b" ")[2]
    return b"://" in word


def _multiplies(before: str, behind: str, size: int) -> bool:
    """Whether one or two stars between these are rather an operator."""
    is_word = behind.isascii() and behind.isalnum()
    if before == ")":  # two may be bold text of a numbered line
        return behind == "(" or (size == 1 and is_word)
    return before.isascii() and before.isalnum() and (is_word or behind == "(")


@dataclass(frozen=True, slots=True)
class _Run:
    """Stars or tildes beside each other, and the characters around them."""

    start: int
    end: int
    mark: str
    before: str
    behind: str

    @property
    def opens(self) -> bool:
        """Whether the parser takes it for the beginning of emphasis."""
        return not _is_sign(self.behind) or _is_sign(self.before) or _is_blank(self.before)

    @property
    def closes(self) -> bool:
        """Whether the parser takes it for the end of emphasis."""
        return not _is_sign(self.before) or _is_sign(self.behind) or _is_blank(self.behind)


def find_emphasis(parsed: Parsed) -> Iterator[Edit]:
    """Make ``**중요(重要)**합니다`` bold.

    Markdown tells the beginning of emphasis from its end by blanks and punctuation around it, and
    expects a blank after ``)**``; Korean particles follow at once. There, an invisible letter
    between the two makes it an end to the parser.
    """
    for runs in _blocks(parsed):
        for opening, closing in _pairs(runs):
            fine = opening.opens, closing.closes
            helped = _is_east_asian(opening.before), _may_follow(closing)
            if all(map(any, zip(fine, helped, strict=True))):
                if not opening.opens:
                    yield insert(opening.end, INVISIBLE)
                if not closing.closes:
                    yield insert(closing.start, INVISIBLE)


def _pairs(runs: list[_Run]) -> Iterator[tuple[_Run, _Run]]:
    """Pair marks as people do: what opens stands before a word, and the next one ends it."""
    waiting: list[_Run] = []
    for run in runs:
        same = [index for index, other in enumerate(waiting) if other.mark == run.mark]
        if same and not _is_blank(run.before):
            yield waiting[same[-1]], run
            del waiting[same[-1] :]
        elif not _is_blank(run.behind):
            waiting.append(run)


def _blocks(parsed: Parsed) -> Iterator[list[_Run]]:
    """Yield the runs of each paragraph, heading, item or cell."""
    places: set[int] = set()
    for event in parsed.events:
        if event.name in _INLINE:
            places.update(_mark_places(parsed, event))
        elif places:
            yield _runs(parsed, sorted(places))
            places = set()


def _mark_places(parsed: Parsed, event: Event) -> Iterator[int]:
    """Yield where stars and tildes stand that are emphasis, or could be."""
    if event.kind == "Start" and event.name in _SIZES:
        size = _SIZES[event.name]
        if parsed.source[event.start : event.start + size] in {b"*", b"**", b"~~"}:
            yield from range(event.start, event.start + size)
            yield from range(event.end - size, event.end)
    elif event.kind == "Text" and set(event.detail) <= {"*", "~"}:
        literal = parsed.is_escaped(event.start)
        yield from () if literal else range(event.start, event.end)


def _runs(parsed: Parsed, places: list[int]) -> list[_Run]:
    source = parsed.source
    runs: list[_Run] = []
    start = places[0]
    for place, following in zip(places, [*places[1:], -1], strict=True):
        if following != place + 1 or source[place] != source[following]:
            mark = source[start : place + 1].decode()
            before, behind = parsed.before(start), parsed.behind(place + 1)
            runs.append(_Run(start, place + 1, mark, before, behind))
            start = following
    return runs


def _is_blank(character: str) -> bool:
    return not character or character.isspace()


def _is_sign(character: str) -> bool:
    return bool(character) and unicodedata.category(character)[0] in {"P", "S"}


def _is_east_asian(character: str) -> bool:
    if character in {INVISIBLE, BREAK, JOIN}:  # put there by a repair, in place of anything
        return True
    return character.isalpha() and not character.isascii()


def _may_follow(closing: _Run) -> bool:
    """Whether it is rather the end of emphasis than an operator, though a letter follows."""
    is_word = closing.behind.isalpha() and len(closing.mark) > 1
    return is_word or _is_east_asian(closing.behind)
