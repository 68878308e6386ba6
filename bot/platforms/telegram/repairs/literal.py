"""Keeps in sight what Markdown would swallow: tags, addresses that cannot be opened, dates."""

import re
from collections.abc import Iterator
from itertools import pairwise
from urllib.parse import urlsplit

import pyromark
from telegramify_markdown.converter import STANDARD_OPTIONS

from bot.platforms.telegram.repairs.parsing import Edit, Parsed, insert

_LINE_TAG = re.compile(rb"^[ \t>]*(<)", re.MULTILINE)


def can_be_opened(address: str) -> bool:
    """Whether Telegram takes an address behind a text: the web with a real host, or itself.

    It takes no mail addresses there, but finds those that stand in the text by itself.
    """
    if any(character.isspace() for character in address):
        return False
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return False
    is_web = parts.scheme in {"http", "https"} and ("." in host.strip(".") or ":" in host)
    return is_web or (parts.scheme == "tg" and bool(host))


def show_html(parsed: Parsed) -> Iterator[Edit]:
    """Models do not write HTML to be rendered: ``List<String>``, ``<b>`` and comments are text."""
    for event in parsed.events:
        if event.kind == "InlineHtml":
            yield insert(event.start)
        elif event.kind == "Start" and event.name == "HtmlBlock":
            yield insert(parsed.source.index(b"<", event.start))
            # The lines after it become Markdown then. Backticks may make code of what follows.
            tags = re.split(rb"[`~]", parsed.source[event.start : event.end])[0]
            for match in _LINE_TAG.finditer(tags):
                yield insert(event.start + match.start(1))


def show_definitions(parsed: Parsed) -> Iterator[Edit]:
    """``[1]: https://...`` and footnotes are lists of sources, that people want to see."""
    if b"]:" in parsed.source:
        parser = pyromark.Markdown(options=STANDARD_OPTIONS)
        for definition in parser.reference_definitions(parsed.source.decode()).values():
            yield insert(parsed.source.index(b"[", definition["span"]["start"]))


def show_addresses(parsed: Parsed) -> Iterator[Edit]:
    """A link that nobody could press stays as it was written."""
    for event, inner in pairwise(parsed.events):
        if event.kind != "Start" or event.name not in {"Link", "Image"}:
            continue
        if event.detail["link_type"] == "Email":
            continue
        has_text = event.name == "Image" or (inner.kind != "End" and inner.detail != " ")
        if not has_text or not can_be_opened(event.detail["dest_url"]):
            yield insert(event.start)


def show_dates(parsed: Parsed) -> Iterator[Edit]:
    """``2026. 11. 22.`` is a date, and no list in a list in a list."""
    for event, inner in pairwise(parsed.events):
        if (event.name, inner.name, inner.kind) != ("Item", "List", "Start"):
            continue
        if event.kind == "Start" and b"\n" not in parsed.source[event.start : inner.start]:
            marker = re.compile(rb"[ \t]*\d*()").match(parsed.source, inner.start)
            if marker:
                yield insert(marker.end())


def show_backslashes(parsed: Parsed) -> Iterator[Edit]:
    r"""``\\server`` has two backslashes. One before a sign of Markdown takes its meaning."""
    for event in parsed.events:
        is_backslash = parsed.source[event.start : event.start + 1] == b"\\"
        if event.kind == "Text" and is_backslash and parsed.is_escaped(event.start):
            yield insert(event.start, r"\\")


def level_headings(parsed: Parsed) -> Iterator[Edit]:
    """Headings are bold; the converter makes the two smallest kinds italic."""
    for event in parsed.events:
        if event.kind == "Start" and event.name == "Heading":
            marks = re.compile(rb"#{5,}").match(parsed.source, event.start)
            if marks:
                yield Edit(event.start, marks.end(), b"####")
