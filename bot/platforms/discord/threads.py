"""Opening the threads in which calls in a channel are answered."""

import discord

from bot.platforms.discord.errors import translated
from bot.platforms.discord.reading import Reading, threaded
from bot.platforms.discord.words import thread_name

_OPENED_ALREADY = 160004


async def opened(message: discord.Message, reading: Reading) -> Reading:
    """Return a reading in its thread, which is there; where there was one already, that is fine.

    Args:
        message: what the thread begins with.
        reading: what it asks for, in the channel.

    Raises:
        DeliveryError: there is none.
    """
    if not message.flags.has_thread:
        text = "" if reading.incoming is None else reading.incoming.text
        async with translated():
            await _open(message, thread_name(text, reading.author.name))
    return threaded(message, reading)


async def _open(message: discord.Message, name: str) -> None:
    try:
        await message.create_thread(name=name)
    except discord.HTTPException as error:
        if error.code != _OPENED_ALREADY:
            raise
