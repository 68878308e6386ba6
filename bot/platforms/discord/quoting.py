"""Whose words a message answers to, and which it passes on."""

import discord

from bot.platforms.discord.calling import is_reply_to, replied
from bot.platforms.discord.words import names_in, readable
from bot.platforms.quoting import quote
from storage.records import Quote

_FORWARDED = "[Forwarded]"
"""Discord does not tell from whom."""


def said(message: discord.Message, me: discord.ClientUser) -> str:
    """Return the words of a message as a person reads them; empty: it has none.

    Those that it passes on stand below a line that says so.
    """
    return passed_on(message, me, readable(message.content, names_in(message, me)))


def passed_on(message: discord.Message, me: discord.ClientUser, words: str) -> str:
    """Return the words of a message, and those that it passes on."""
    names = names_in(message, me)
    forwarded = [readable(each.content, names) for each in message.message_snapshots]
    marked = [f"{_FORWARDED}\n{text}" for text in forwarded if text.strip()]
    return "\n\n".join(part for part in (words, *marked) if part)


def quote_of(message: discord.Message, me: discord.ClientUser) -> Quote | None:
    """Return the words of somebody else that a message answers to.

    The conversation holds the bot's own already.
    """
    answered = replied(message)
    if answered is None or is_reply_to(message, me):
        return None
    speaker = answered.author
    # who is mentioned by the reply is named as in this server, which the quoted one may not tell
    known = {user.id: user.display_name for user in message.mentions}
    name = known.get(speaker.id, speaker.display_name)
    return quote(said(answered, me), str(speaker.id), name)


def is_hidden(message: discord.Message) -> bool:
    """Say whether there is nothing in a message that a person has written.

    So Discord hides from a bot what is not said to it, unless it is let read everything.
    """
    words = (message.content, message.message_snapshots, message.poll)
    things = (message.attachments, message.embeds, message.stickers)
    return not message.is_system() and not any((*words, *things))
