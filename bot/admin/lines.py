"""Stored records -> what an admin is shown of them; names and titles become clean lines."""

import re

from bot.admin.records import ChatLine, KnockLine, PlaceLine, QueueLine
from bot.admin.targets import PersonKey, PlaceKey
from bot.message import Platform
from bot.names import clean_line
from storage.records import Chat, ChatUse, Knock, Rule, Waiting

_LONGEST = 40
"""Characters of a name or title that are shown: one line of a phone."""
_COMMAND = re.compile(r"(?<!\w)/+(?=\w)")
"""The slash of what would be a command: Telegram makes a link of it that gives the command."""


def title(text: str) -> str:
    """Return a name or title as one clean line, without a command to press; it may be empty."""
    return _COMMAND.sub("", clean_line(text, _LONGEST))


def chat_line(use: ChatUse) -> ChatLine:
    """Return a chat."""
    chat = use.chat
    return ChatLine(
        number=chat.id,
        key=key_of(chat),
        kind=chat.kind,
        title=title(chat.title),
        persona=chat.persona,
        exchanges=use.exchanges,
        tokens=use.tokens,
        used_at=use.used_at,
    )


def knock_line(knock: Knock) -> KnockLine:
    """Return who or what asks to be let in."""
    target = (PlaceKey if knock.place else PersonKey)(Platform(knock.platform), knock.native_id)
    return KnockLine(str(target), knock.place, title(knock.name), knock.asked_at)


def place_line(rule: Rule) -> PlaceLine:
    """Return a place that was decided on."""
    place = PlaceKey(Platform(rule.platform), rule.native_id)
    return PlaceLine(str(place), title(rule.title), rule.allowed)


def queue_line(waiting: Waiting) -> QueueLine:
    """Return a question that is answered now or waits; not what it asks."""
    chat, person = waiting.chat, waiting.person
    return QueueLine(
        number=waiting.id,
        chat=chat.id,
        key=key_of(chat),
        title=title(chat.title),
        target=None if person is None else f"{person.platform}:{person.native_id}",
        name=title(waiting.author_name),
        asked_at=waiting.created_at,
        begun=waiting.begun,
        started_at=waiting.started_at,
        tries=waiting.tries,
    )


def key_of(chat: Chat) -> str:
    """Return what commands call a chat, beside its number."""
    return f"{chat.platform}:{chat.native_id}"
