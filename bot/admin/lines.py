"""Stored records -> what an admin is shown of them; names and titles become clean lines."""

from bot.admin.records import ChatLine, KnockLine, PlaceLine, QueueLine
from bot.message import PersonKey, PlaceKey, Platform
from bot.names import shown_name
from storage.records import Chat, ChatUse, Knock, Rule, Waiting


def chat_line(use: ChatUse) -> ChatLine:
    """Return a chat."""
    chat = use.chat
    return ChatLine(
        number=chat.id,
        key=key_of(chat),
        kind=chat.kind,
        title=shown_name(chat.title),
        persona=chat.persona,
        exchanges=use.exchanges,
        tokens=use.tokens,
        used_at=use.used_at,
    )


def knock_line(knock: Knock) -> KnockLine:
    """Return who or what asks to be let in."""
    target = (PlaceKey if knock.place else PersonKey)(Platform(knock.platform), knock.native_id)
    return KnockLine(str(target), knock.place, shown_name(knock.name), knock.asked_at)


def place_line(rule: Rule) -> PlaceLine:
    """Return a place that was decided on."""
    place = PlaceKey(Platform(rule.platform), rule.native_id)
    return PlaceLine(str(place), shown_name(rule.title), rule.allowed)


def queue_line(waiting: Waiting) -> QueueLine:
    """Return a question that is answered now or waits; not what it asks."""
    chat, person = waiting.chat, waiting.person
    return QueueLine(
        number=waiting.id,
        chat=chat.id,
        key=key_of(chat),
        title=shown_name(chat.title),
        target=None if person is None else f"{person.platform}:{person.native_id}",
        name=shown_name(waiting.author_name),
        asked_at=waiting.created_at,
        begun=waiting.begun,
        started_at=waiting.started_at,
        tries=waiting.tries,
    )


def key_of(chat: Chat) -> str:
    """Return what commands call a chat, beside its number."""
    return f"{chat.platform}:{chat.native_id}"
