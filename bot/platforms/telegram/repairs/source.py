"""All repairs, in the order in which they build on each other."""

from bot.platforms.telegram.repairs.breaks import break_lines
from bot.platforms.telegram.repairs.emphasis import find_emphasis, keep_stars
from bot.platforms.telegram.repairs.formulas import keep_dollars, read_brackets
from bot.platforms.telegram.repairs.literal import (
    level_headings,
    show_addresses,
    show_backslashes,
    show_dates,
    show_definitions,
    show_html,
)
from bot.platforms.telegram.repairs.parsing import (
    BREAK,
    INVISIBLE,
    JOIN,
    Parsed,
    Repair,
    parse,
    repair,
)
from bot.platforms.telegram.repairs.spoilers import keep_bars
from bot.platforms.telegram.repairs.tables import align_tables

_UNTIL_NONE_IS_NEEDED = (
    show_html,
    show_definitions,
    show_addresses,
    show_dates,
    keep_dollars,
    keep_stars,
)
_MOST_ROUNDS = 20


class RepairError(Exception):
    """One repair made another necessary, again and again."""


def repaired(markdown: str) -> str:
    """Return Markdown whose conversion shows all of this one.

    It may hold ``INVISIBLE``, ``BREAK`` and ``JOIN``, which are to be taken out of what is shown.

    Raises:
        RepairError: the text resists.
    """
    text = markdown.replace("\r\n", "\n").replace("\r", "\n")
    for reserved in (INVISIBLE, BREAK, JOIN):
        text = text.replace(reserved, "\N{REPLACEMENT CHARACTER}")
    parsed = repair(parse(text.encode()), read_brackets)
    parsed = _settled(parsed, *_UNTIL_NONE_IS_NEEDED)
    for once in (level_headings, show_backslashes, break_lines):
        parsed = repair(parsed, once)
    parsed = _settled(parsed, find_emphasis)
    for once in (align_tables, keep_bars):
        parsed = repair(parsed, once)
    return parsed.source.decode()


def _settled(parsed: Parsed, *repairs: Repair) -> Parsed:
    """Apply repairs that make others necessary, such as where a tag hid Markdown."""
    for _ in range(_MOST_ROUNDS):
        before = parsed
        for each in repairs:
            parsed = repair(parsed, each)
        if parsed is before:
            return parsed
    raise RepairError
