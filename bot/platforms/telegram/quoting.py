"""Whose words a message answers to, and where words come from that it passes on."""

from telegram import (
    Message,
    MessageOrigin,
    MessageOriginChannel,
    MessageOriginChat,
    MessageOriginHiddenUser,
    MessageOriginUser,
    User,
)

from bot.names import clean_name
from bot.platforms.quoting import quote
from bot.platforms.telegram.calling import is_reply_to, said
from storage.records import Quote


def quote_of(message: Message, me: User) -> Quote | None:
    """Return the words of somebody that a message answers to.

    It is what its author marked, or else the whole message; of the bot's own messages, which the
    conversation holds already, it is only what was marked.
    """
    marked = message.quote.text if message.quote and message.quote.is_manual else ""
    if message.external_reply is not None:
        return quote(marked, *_source(message.external_reply.origin))
    replied = message.reply_to_message
    if replied is None:
        return None
    whole = "" if is_reply_to(message, me) else said(replied)
    return quote(marked or whole, *_speaker(replied))


def passed_on(message: Message, text: str) -> str:
    """Return the text of a message; that of a forward begins with a line that says its source."""
    if message.forward_origin is None:
        return text
    _, name = _source(message.forward_origin)
    return f"[Forwarded from {clean_name(name)}]\n{text}".rstrip("\n")


def _speaker(message: Message) -> tuple[str | None, str]:
    """Return the id and name of who said something: a person, or a chat in its own name."""
    if message.sender_chat is not None:
        return str(message.sender_chat.id), message.sender_chat.effective_name or ""
    if message.from_user is not None:
        return str(message.from_user.id), message.from_user.full_name
    return None, ""


def _source(origin: MessageOrigin) -> tuple[str | None, str]:
    """Return the id and name of where a message of another chat comes from."""
    match origin:
        case MessageOriginUser():
            return str(origin.sender_user.id), origin.sender_user.full_name
        case MessageOriginHiddenUser():
            return None, origin.sender_user_name
        case MessageOriginChat():
            return str(origin.sender_chat.id), origin.sender_chat.effective_name or ""
        case MessageOriginChannel():
            return str(origin.chat.id), origin.chat.effective_name or ""
        case _:
            return None, ""
