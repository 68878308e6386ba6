"""Whether somebody in a group speaks to the bot, and what is left when its name is cut off."""

import re
from collections.abc import Sequence

from telegram import Message, MessageEntity, User

from bot.addressing import addressed
from bot.calls import ADMIN, CLAIM, NAMES, START, parse

_KNOWN = frozenset({START, CLAIM, ADMIN, *NAMES})
_COMMAND = re.compile(r"/[^\W\d]\w*(?:@(\w+))?(?=\s|$)")


def called(message: Message, me: User, names: Sequence[str]) -> str | None:
    """Return what is said to the bot: without its name, where that stands at the start.

    The bot is spoken to by a command, a mention, one of its names at the start, or a reply to one
    of its messages. A command for another bot, or one that nobody knows, is not for it.

    Returns:
        The rest of the text or caption, empty when there is none; None: it is not for the bot.
    """
    text = said(message)
    command = _COMMAND.match(text)
    if command is not None:
        return text if _ours(text, command[1], me) else None
    mentions = _mentions(message, me)
    rest = addressed(text, [*mentions, *names])
    if rest is not None:
        return rest
    return text if mentions or is_reply_to(message, me) else None


def said(message: Message) -> str:
    """Return the text of a message or the caption of what it shows; empty: it has neither."""
    return message.text or message.caption or ""


def is_reply_to(message: Message, me: User) -> bool:
    """Say whether a message answers one of the bot's own."""
    replied = message.reply_to_message
    # whatever is said in a topic answers to what created it, when it answers to nothing else
    if replied is None or replied.forum_topic_created is not None:
        return False
    return replied.from_user is not None and replied.from_user.id == me.id


def _ours(text: str, bot: str | None, me: User) -> bool:
    """Say whether a command is for us: by the bot that it names, or because we know it."""
    if bot is not None:
        return bot.lower() == (me.username or "").lower()
    call = parse(text)
    return call is not None and call.name in _KNOWN


def _mentions(message: Message, me: User) -> list[str]:
    """Return the words by which the bot is mentioned."""
    kinds: list[str | None] = [MessageEntity.MENTION, MessageEntity.TEXT_MENTION]
    of_text, of_caption = message.parse_entities(kinds), message.parse_caption_entities(kinds)
    mine = f"@{me.username}".lower()
    return [
        words
        for entity, words in (of_text | of_caption).items()
        if (entity.user.id == me.id if entity.user else words.lower() == mine)
    ]
