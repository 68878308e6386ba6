"""Turns Markdown into what Telegram shows: a text, and what is bold or code in it."""

import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import accumulate

import telegramify_markdown
from telegram import MessageEntity
from telegram.constants import MessageEntityType, MessageLimit
from telegramify_markdown import RenderConfig

from bot.platforms.lengths import utf16_length
from bot.platforms.telegram.repairs.literal import can_be_opened
from bot.platforms.telegram.repairs.source import repaired
from bot.platforms.telegram.spans import RANK, Span, clean, settled

_LONGEST = MessageLimit.MAX_TEXT_LENGTH
_TABLE = re.compile(r"[-:][ \t]*\||\|[ \t]*[-:]")
"""What the second line of a table has."""

_log = logging.getLogger("ostro.telegram")


@dataclass(frozen=True, slots=True)
class Formatted:
    """A text as people see it, and its entities in order; offsets are in UTF-16 units."""

    text: str
    entities: tuple[MessageEntity, ...] = ()


def formatted(markdown: str) -> Formatted:
    """Return what Telegram shows of a Markdown text, or of any beginning of one.

    All that was written can be read in it: what cannot be formatted stays as it is, and so does
    everything where the converter fails or makes it too long for a message. It is blank only if
    ``markdown`` is. There are at most 100 entities, of which Telegram takes no more: code, links
    and quotes go before bold and italic.
    """
    text, spans = _read(markdown)
    if not text.strip() or utf16_length(text) > max(_LONGEST, utf16_length(markdown)):
        return Formatted(markdown)  # an empty fence, as when its code is yet to come, shows nothing
    return Formatted(text, tuple(_entities(text, spans)))


@lru_cache
def fits(markdown: str) -> bool:
    """Whether one message can hold it: 4,096 UTF-16 units as it was written, and formatted.

    What was written counts, though it is usually longer: so the message can also be sent without
    entities, and a growing text does not fit again when a link becomes complete, which would move
    its parts. Only tables, whose cells are filled with blanks, grow by formatting.

    An answer that grows is split several times a second, and its settled parts lead to the same
    questions each time: the last ones are remembered, as formatting takes milliseconds.
    """
    if utf16_length(markdown) > _LONGEST:
        return False
    return _TABLE.search(markdown) is None or utf16_length(_read(markdown)[0]) <= _LONGEST


def _read(markdown: str) -> tuple[str, list[Span]]:
    """Return the text that is shown, and what is formatted in it; nothing is, where that fails."""
    try:
        text, entities = telegramify_markdown.convert(
            repaired(markdown), latex_escape=False, config=_plain()
        )
        text, spans = clean(text, list(_spans(text, entities)))
        return text, settled(text, spans, MessageLimit.MESSAGE_ENTITIES)
    except Exception as error:  # noqa: BLE001 # whatever the converter trips over: the text goes out
        _log.debug("shown as it was written: %s", type(error).__name__)
        return markdown, []


@cache
def _plain() -> RenderConfig:
    """Return the converter's settings: marks that do not distract, and nothing folded away."""
    config = RenderConfig.isolated()
    config.cite_expandable = False
    marks = config.markdown_symbol
    marks.heading_level_1 = marks.heading_level_2 = ""
    marks.heading_level_3 = marks.heading_level_4 = ""
    marks.horizontal_rule = "———"  # no longer than what was written for it
    marks.unordered_list_item = "•"
    marks.task_completed, marks.task_uncompleted = "☑", "☐"
    return config


def _spans(text: str, entities: Iterable[telegramify_markdown.MessageEntity]) -> Iterator[Span]:
    """Yield the entities that Telegram takes, at places counted in characters."""
    characters = {unit: index for index, unit in enumerate(_offsets(text))}
    for entity in entities:
        if entity.type not in RANK or (entity.url and not can_be_opened(entity.url)):
            continue
        start, end = characters[entity.offset], characters[entity.offset + entity.length]
        language = (entity.language or "").split()[:1]
        kind = MessageEntityType(entity.type)
        yield Span(start, end, kind, entity.url, language[0] if language else None)


def _entities(text: str, spans: Iterable[Span]) -> Iterator[MessageEntity]:
    units = _offsets(text)
    for span in spans:
        start, end = units[span.start], units[span.end]
        yield MessageEntity(span.kind, start, end - start, url=span.url, language=span.language)


def _offsets(text: str) -> list[int]:
    """Return how many UTF-16 units stand before each character, and before the end."""
    return [0, *accumulate(1 + (character > "\uffff") for character in text)]
