"""Keeps lines of list items apart where the converter would glue them together."""

from collections.abc import Iterator

from bot.platforms.telegram.repairs.parsing import BREAK, JOIN, Edit, Parsed, insert

_BLOCKS = {"CodeBlock", "Heading", "Rule", "BlockQuote", "Table"}
_INLINE = {"Text", "Code", "InlineMath", "DisplayMath", "Strong", "Emphasis", "Strikethrough"}
_INLINE |= {"Link", "Image"}


def break_lines(parsed: Parsed) -> Iterator[Edit]:
    """Mark the text that follows a heading, code, quote or rule in an item, and headings there.

    A heading at the beginning of an item is marked to stand beside its bullet or number.
    """
    depth, begins, seen_text, mark = 0, False, False, ""
    for event in parsed.events:
        if event.name == "Item":
            depth += 1 if event.kind == "Start" else -1
            seen_text, mark = False, ""
            begins = event.kind == "Start"
        elif event.name in _BLOCKS:
            mark = "" if event.kind == "Start" else BREAK
            if event.name == "Heading" and event.kind == "Start":
                mark = BREAK if seen_text else JOIN if begins else ""
            begins = False
        elif depth and event.name in _INLINE and event.kind != "End":
            if mark:
                yield insert(event.start, mark)
            seen_text, mark, begins = True, "", False
