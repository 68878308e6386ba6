"""Opening the threads in which calls in a channel are answered."""

import discord

from bot.platforms.discord.errors import translated
from bot.platforms.discord.reading import Reading, threaded
from bot.platforms.discord.words import thread_name

_OPENED_ALREADY = 160004


async def opened(message: discord.Message, reading: Reading, me: discord.ClientUser) -> Reading:
    """Return a reading in its thread, which is there; where there was one already, that is fine.

    One that the bot opened is its author's own; one that somebody else opened is not.

    Args:
        message: what the thread begins with.
        reading: what it asks for, in the channel.
        me: the bot.

    Raises:
        DeliveryError: there is none.
    """
    text = "" if reading.incoming is None else reading.incoming.text
    async with translated():
        owner = await _owner(message, thread_name(text, reading.author.name))
    return threaded(message, reading, opens=owner == me.id)


async def _owner(message: discord.Message, name: str) -> int:
    """Open a thread, if there is none, and return who opened it."""
    if not message.flags.has_thread:
        try:
            return (await message.create_thread(name=name)).owner_id
        except discord.HTTPException as error:
            if error.code != _OPENED_ALREADY:
                raise
    return (message.thread or await message.fetch_thread()).owner_id
