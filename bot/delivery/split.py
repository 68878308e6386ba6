"""Cuts a long Markdown text into parts that single messages can hold."""

from collections.abc import Callable, Iterator
from itertools import islice

from bot.delivery.cuts import Cuts
from bot.delivery.excerpts import Excerpts
from bot.delivery.graphemes import boundary_before, is_boundary

_SHORTEST = 1 / 3
"""A good place to cut is passed over where the part would be shorter than this share."""
_TRIES = 8
"""Cuts of one kind that are tried: at the last ones, code may not have room to be closed."""
_FIRST_STEP = 1024
"""Characters with which the search for the longest part begins."""
_NEAR = 100
"""The search ends when a part is longest but for one in so many of its characters."""

Fits = Callable[[str], bool]


def split(text: str, fits: Fits) -> list[str]:
    """Cut a Markdown text into parts that each fit; a blank text has no parts.

    Cuts stand between paragraphs where a part does not become too short by it, else between lines,
    sentences, words, and at last between characters (see ``is_boundary``). Fenced code that is cut
    is closed and opened again, and moved to the left margin if its list is in another part. Nothing
    else is added, and nothing but blanks and empty fences is left out. Other markup that a cut goes
    through stays in the text as it was written.

    Args:
        text: Markdown, complete or not.
        fits: whether a text can be one message. Where it fits, what is shorter should fit too: then
            all parts but the last stay the same while the text grows. Some exceptions do no harm.

    Returns:
        Parts that fit; where one character alone does not, that character is a part all the same.
    """
    return list(_parts(Excerpts(text.rstrip()), fits))


def _parts(excerpts: Excerpts, fits: Fits) -> Iterator[str]:
    length = len(excerpts.text)
    start = excerpts.after_blanks(0)
    while start < length:
        rest = excerpts.excerpt(start, length, closed=False)
        if fits(rest):
            yield rest
            return
        end, part = _cut_well(excerpts, start, fits) or _cut_anywhere(excerpts.text, start, fits)
        yield part
        start = excerpts.after_blanks(end)


def _cut_well(excerpts: Excerpts, start: int, fits: Fits) -> tuple[int, str] | None:
    """Return where a part that starts here ends best, and the part; None if only its fences fit."""
    reach = _reach(
        start,
        lambda end: end < len(excerpts.text) and fits(excerpts.excerpt(start, end, closed=False)),
    )
    shortest = start + max(1, int((reach - start) * _SHORTEST))
    # What is not written yet in a shorter text must not be seen in a longer one either.
    excerpts = Excerpts(excerpts.text[: reach + 1])
    for ends in Cuts(excerpts, shortest, reach).kinds():
        for end in islice(ends, _TRIES):
            if fits(part := excerpts.excerpt(start, end)):
                return end, part
    cut = excerpts.open_behind(reach)
    for longest in (reach, reach - len(f"\n{cut.closing}" if cut else ""), (start + reach) // 2):
        end = boundary_before(excerpts.text, longest)
        if end > start and fits(part := excerpts.excerpt(start, end)):
            return end, part
    return None


def _cut_anywhere(text: str, start: int, fits: Fits) -> tuple[int, str]:
    """Return the end of a part without fences, and the part: at least one character."""
    reach = _reach(start, lambda end: end < len(text) and fits(text[start:end]))
    end = boundary_before(text, reach)
    if end <= start:
        end = start + 1
        while not is_boundary(text, end):
            end += 1
    return end, text[start:end].rstrip()


def _reach(start: int, fit: Callable[[int], bool]) -> int:
    """Return a position up to which it fits, the last one or not far before.

    Which positions are tried does not depend on the text's length, so that a longer text is cut at
    the same place.
    """
    low, step = start, _FIRST_STEP
    while fit(low + step):
        low, step = low + step, 2 * step
    high = low + step
    while high - low > 1 + (low - start) // _NEAR:
        middle = (low + high) // 2
        low, high = (middle, high) if fit(middle) else (low, middle)
    return low
