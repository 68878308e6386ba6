"""What Telegram accepts as a text with entities, and what it makes of it."""

from collections.abc import Callable, Sequence
from itertools import pairwise

from tests.doubles.telegram.wire import Json, bad_request, cut_units, cuts_character, units

LONGEST = 4096
MOST_ENTITIES = 100
_QUOTES = frozenset(("blockquote", "expandable_blockquote"))
_SOLITARY = frozenset(("code", "pre"))

Blame = Callable[[str], None]


def accepted(
    text: str, entities: Sequence[Json], blame: Blame, *, longest: int = LONGEST
) -> tuple[str, list[Json]]:
    """Return a text and its entities as Telegram shows them.

    Args:
        text: as it was sent.
        entities: as they were sent.
        blame: is told each rule that was broken.
        longest: how many UTF-16 units are allowed.

    Raises:
        RefusalError: Telegram refuses it.
    """
    if not text.strip():
        blame("an empty text")
        raise bad_request("message text is empty")
    if units(text) > longest:
        blame(f"a text of {units(text)} UTF-16 units")
        raise bad_request("message is too long")
    _check(text, entities, blame)
    return _trimmed(text, list(entities[:MOST_ENTITIES]))


def _check(text: str, entities: Sequence[Json], blame: Blame) -> None:
    if len(entities) > MOST_ENTITIES:
        blame(f"{len(entities)} entities")
    for entity in entities:
        _check_bounds(text, entity, blame)
    if any(_order(one) > _order(other) for one, other in pairwise(entities)):
        blame(f"entities out of order: {entities}")
    ordered = sorted(entities, key=_order)
    for index, outer in enumerate(ordered):
        for inner in ordered[index + 1 :]:
            _check_pair(outer, inner, blame)


def _check_bounds(text: str, entity: Json, blame: Blame) -> None:
    start, end = entity["offset"], _end(entity)
    if start < 0 or end <= start:
        blame(f"an entity of nothing: {entity}")
    elif end > units(text):
        blame(f"an entity outside of the text ({units(text)} units): {entity}")
        raise bad_request(
            f"entity beginning at UTF-16 offset {start} ends after the end of the text"
            f" at UTF-16 offset {end}"
        )
    elif cuts_character(text, start) or cuts_character(text, end):
        blame(f"an entity that cuts a character: {entity}")
        raise bad_request(f"entity begins in a middle of a UTF-16 symbol at UTF-16 offset {start}")


def _check_pair(outer: Json, inner: Json, blame: Blame) -> None:
    if inner["offset"] >= _end(outer):
        return
    if _end(inner) > _end(outer):
        blame(f"entities that overlap in part: {outer} {inner}")
    elif outer["type"] in _SOLITARY:
        blame(f"an entity inside of code: {outer} {inner}")
    elif inner["type"] in _SOLITARY and outer["type"] not in _QUOTES:
        blame(f"code inside of another entity: {outer} {inner}")
    elif outer["type"] in _QUOTES and inner["type"] in _QUOTES:
        blame(f"a quotation inside of another: {outer} {inner}")


def _trimmed(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Cut white space at the end, and at the beginning up to the first entity."""
    text = text.rstrip()
    end = units(text)
    kept = [
        {**each, "length": min(_end(each), end) - each["offset"]}
        for each in entities
        if 0 <= each["offset"] < end and each["length"] > 0
    ]
    first = min((each["offset"] for each in kept), default=end)
    head = cut_units(text, 0, first)
    lead = len(head) - len(head.lstrip(" \n"))
    return text[lead:], [{**each, "offset": each["offset"] - lead} for each in kept]


def _order(entity: Json) -> tuple[int, int]:
    return entity["offset"], -entity["length"]


def _end(entity: Json) -> int:
    end: int = entity["offset"] + entity["length"]
    return end
