"""What slash commands have in common: how they are given, and what their options are called."""

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any, TypeAlias

import discord
from discord import app_commands
from discord.app_commands import Choice

from bot.phrases import Phrasebook
from bot.platforms.discord.audience import concerns_all
from bot.platforms.discord.translation import localised

Ask: TypeAlias = Callable[[discord.Interaction, str, bool], Awaitable[None]]
"""Is given a command as text (``/persona coder``), and whether only the asker sees the reply."""
Callback: TypeAlias = Callable[..., Coroutine[Any, Any, None]]
"""What is done with a command; its parameters are the options."""
Offered: TypeAlias = Callable[[discord.Interaction], Sequence[str]]
"""Returns the names of personas that are offered to somebody."""
Offering: TypeAlias = Callable[[discord.Interaction, str], Coroutine[Any, Any, list[Choice[str]]]]

_MOST = 25
"""So many Discord shows while somebody types."""
_LONGEST_CHOICE = 100
"""Characters that Discord takes."""


async def give(ask: Ask, interaction: discord.Interaction, command: str) -> None:
    """Give a command; in a channel of many all see the reply only to what concerns them all."""
    command = command.rstrip()
    await ask(interaction, command, interaction.guild_id is not None and not concerns_all(command))


def offering(personas: Offered) -> Offering:
    """Return what offers names of personas to somebody who types one."""

    async def offer(interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
        names = [one for one in personas(interaction) if len(one) <= _LONGEST_CHOICE]
        fitting = [one for one in names if typed.casefold() in one.casefold()]
        return [Choice(name=one, value=one) for one in fitting[:_MOST]]

    return offer


def with_options(run: Callback, phrases: Phrasebook, **keys: str) -> Callback:
    """Give parameters the names that people see, and descriptions.

    Args:
        run: what has the parameters.
        phrases: the bot's own words.
        keys: by parameter, the phrase of its name; that of its description has a like name.
    """
    names = {each: localised(key, phrases) for each, key in keys.items()}
    told = {each: localised(f"{key}_description", phrases) for each, key in keys.items()}
    return app_commands.rename(**names)(app_commands.describe(**told)(run))
