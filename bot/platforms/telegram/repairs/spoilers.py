"""Tells spoilers from what else has two bars."""

import re
from collections.abc import Iterator

from bot.platforms.telegram.repairs.parsing import CODE, Edit, Parsed, insert

_BARS = re.compile(
    rb"(?P<spoiler>(?<![\w|\\])\|\|(?=[^\s|])(?:[^|\n]|\|(?!\|))*(?<=[^\s|])\|\|(?![\w|]))"
    rb"|(?<!\\)\|{2,}"
)


def keep_bars(parsed: Parsed) -> Iterator[Edit]:
    """``a || b`` is no spoiler: one clings to its bars, and ends in its line."""
    for start, end in parsed.text_between(*CODE):
        for match in _BARS.finditer(parsed.source, start, end):
            if match["spoiler"] is None:
                yield from (insert(place) for place in range(*match.span()))
