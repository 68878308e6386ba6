"""Telling Discord which commands there are, until it knows."""

import logging

import discord
from discord import app_commands

from bot.delivery.outlet import DeliveryError
from bot.delivery.pace import Time
from bot.platforms.discord.errors import translated

_PAUSES = (0.0, 5.0, 60.0, 600.0)
"""Before each try, in seconds."""

_log = logging.getLogger("ostro.discord")


async def tell_commands(tree: app_commands.CommandTree[discord.Client], time: Time) -> None:
    """Tell Discord the commands, if not at once then later; it keeps them, also without us.

    Args:
        tree: the commands.
        time: to wait with.
    """
    for seconds in _PAUSES:
        await time.sleep(seconds)
        try:
            async with translated():
                await tree.sync()
        except DeliveryError as error:
            _log.info("the commands are not known to Discord yet: %s", error)
        else:
            return
    _log.warning("Discord could not be told the commands; they stay as they are")
