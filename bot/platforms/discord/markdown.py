"""Turns Markdown into what Discord shows: it knows neither tables nor all headings."""

import re
from collections.abc import Iterator
from functools import lru_cache

from bot.delivery.fences import Line, read_lines
from bot.platforms.discord.tables import drawn, table_at
from bot.platforms.lengths import utf16_length

LONGEST = 2000
"""What a message holds. Discord counts characters; UTF-16 units are never fewer."""

_HEADING = re.compile(
    r"(?P<before>(?:[ \t]*>)*[ \t]{0,3}(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*)"
    r"#{4,6}[ \t]+(?P<title>[^\s#].*?)(?:[ \t]+#+)?[ \t\r]*"
)
_CODE_OR_BOLD = re.compile(r"(?P<code>(?<!`)(`++).+?(?<!`)\2(?!`))|\\\*|\*\*")


def rendered(markdown: str) -> str:
    """Return what is to be sent of a Markdown text, or of any beginning of one.

    Tables become blocks of code, also rows at the very beginning: there a table of the part before
    goes on. Headings that Discord does not know become bold lines. All else stays as it is, above
    all code.
    """
    return "\n".join(_lines(markdown))


@lru_cache
def fits(markdown: str) -> bool:
    """Whether one message can hold it: 2,000 UTF-16 units as it was written, and rendered.

    What was written counts too: so a growing text does not fit again when the marks in a cell are
    closed and go away, which would move its parts.

    An answer that grows is split several times a second, and its settled parts lead to the same
    questions each time: the last ones are remembered.
    """
    return utf16_length(markdown) <= LONGEST and utf16_length(rendered(markdown)) <= LONGEST


def _lines(markdown: str) -> Iterator[str]:
    texts = markdown.split("\n")
    lines = read_lines(markdown)
    index = 0
    while index < len(lines):
        if _is_code(lines[index]):
            yield texts[index]
            index += 1
            continue
        end = next((i for i in range(index, len(lines)) if _is_code(lines[i])), len(lines))
        yield from _without_code(texts[index:end], first=index == 0)
        index = end


def _is_code(line: Line) -> bool:
    return line.marks or line.fence is not None


def _without_code(lines: list[str], *, first: bool) -> Iterator[str]:
    """Yield lines that stand in no fence as they are sent; ``first``: the text begins with them."""
    index = 0
    while index < len(lines):
        table = table_at(lines, index, goes_on=first and index == 0)
        if table is None:
            yield _without_heading(lines[index])
            index += 1
        else:
            yield from drawn(table)
            index += table.lines


def _without_heading(line: str) -> str:
    heading = _HEADING.fullmatch(line) if "####" in line else None
    if heading is None:
        return line
    # What is bold in it would end the bold of the whole line.
    title = _CODE_OR_BOLD.sub(lambda m: "" if m[0] == "**" else m[0], heading["title"])
    return f"{heading['before']}**{title}**" if title.strip() else line
