"""The slash commands, as Discord lists them: names, options, and who sees the reply."""

import logging
from collections.abc import Sequence
from typing import Any, TypeAlias

import discord
from discord import app_commands
from discord.app_commands import (
    AppCommandContext,
    AppInstallationType,
    Choice,
    Range,
)

from bot.calls import ASK, NAMES
from bot.delivery.outlet import DeliveryError
from bot.phrases import Phrasebook
from bot.platforms.discord.errors import translated
from bot.platforms.discord.interactions import refuse
from bot.platforms.discord.options import Ask, Callback, Offered, give, offering, with_options
from bot.platforms.discord.slash_admin import admin_group
from bot.platforms.discord.translation import Translation, language_of, localised

_Command: TypeAlias = app_commands.Command[Any, ..., None]
_Text: TypeAlias = Range[str, 1, 6000]
"""So many characters Discord takes for an option."""

_OFFERED_TO_FEW = frozenset({"new", "clear"})
"""What is listed for those who manage messages. In a thread of one's own one may do more than
Discord can know, so that the others are listed for all; each is checked when it is used."""

_DESCRIPTIONS = {"clear": "slash.clear_description"}
"""Where Discord's list says it otherwise than other lists."""

_FORMATS = {"Markdown": "md", "JSON": "json"}

_log = logging.getLogger("ostro.discord")


class CommandTree(app_commands.CommandTree[discord.Client]):
    """The commands of a client, told to Discord in every language that the bot speaks.

    Args:
        client: whose commands they are.
        phrases: names and descriptions.
    """

    def __init__(self, client: discord.Client, phrases: Phrasebook) -> None:
        super().__init__(
            client,
            allowed_contexts=AppCommandContext(guild=True, dm_channel=True, private_channel=False),
            allowed_installs=AppInstallationType(guild=True, user=True),
        )
        self._phrases = phrases

    async def sync(
        self, *, guild: discord.abc.Snowflake | None = None
    ) -> list[app_commands.AppCommand]:
        """Tell Discord the commands.

        Raises:
            discord.HTTPException: as the library raises it; the commands stay as they were.
        """
        if self.translator is None:
            await self.set_translator(Translation(self._phrases))
        return await super().sync(guild=guild)

    async def tell(self) -> None:
        """Tell Discord the commands.

        Raises:
            DeliveryError: as ``translated`` says; the commands stay as they were.
        """
        async with translated():
            await self.sync()

    async def on_error(
        self, interaction: discord.Interaction, error: app_commands.AppCommandError, /
    ) -> None:
        """Log what failed, and tell the asker no more than that it did."""
        _log.error("a slash command failed", exc_info=error)
        language = language_of(interaction.locale)
        line = self._phrases.say(language, "slash.failed")
        try:
            async with translated():
                if interaction.response.is_done():
                    await interaction.followup.send(line, ephemeral=True)
                else:
                    await interaction.response.send_message(line, ephemeral=True)
        except DeliveryError as more:
            _log.info("that could not be said: %s", more)


def command_tree(
    client: discord.Client, ask: Ask, personas: Offered, phrases: Phrasebook
) -> CommandTree:
    """Return the tree of all commands; ``await tree.tell()`` once tells Discord of them.

    Args:
        client: gets the tree.
        ask: is given each command that is used.
        personas: the names that are offered to somebody for /persona.
        phrases: the bot's own words.
    """
    tree = CommandTree(client, phrases)
    for name in NAMES:
        tree.add_command(_command(name, _callback(name, ask, personas, phrases), phrases))
    tree.add_command(admin_group(ask, personas, phrases))
    return tree


def _command(name: str, callback: Callback, phrases: Phrasebook) -> _Command:
    key = _DESCRIPTIONS.get(name, f"menu.{name}")
    command: _Command = app_commands.Command(
        name=localised(f"slash.{name}", phrases),
        description=localised(key, phrases),
        callback=callback,
    )
    if name in _OFFERED_TO_FEW:
        command.default_permissions = discord.Permissions(manage_messages=True)
    return command


def _callback(name: str, ask: Ask, personas: Offered, phrases: Phrasebook) -> Callback:
    """Return what is done with a command; how it is written says which options it takes."""
    match name:
        case "ask":
            return _asking(ask, phrases)
        case "persona":
            return _persona(ask, personas, phrases)
        case "language":
            return _choosing(name, "language", _languages(phrases), ask, phrases)
        case "think":
            return _choosing(name, "thinking", _thinking(phrases), ask, phrases)
        case "export":
            return _choosing(name, "format", _formats(), ask, phrases)
        case _:
            return _plain(name, ask)


def _plain(name: str, ask: Ask) -> Callback:
    async def run(interaction: discord.Interaction) -> None:
        await give(ask, interaction, f"/{name}")

    return run


def _asking(ask: Ask, phrases: Phrasebook) -> Callback:
    async def run(interaction: discord.Interaction, text: _Text) -> None:
        await give(ask, interaction, f"/{ASK} {text}")

    return with_options(run, phrases, text="slash.option_text")


def _persona(ask: Ask, personas: Offered, phrases: Phrasebook) -> Callback:
    @app_commands.autocomplete(name=offering(personas))
    async def run(
        interaction: discord.Interaction, name: str = "", instructions: _Text = ""
    ) -> None:
        if name and instructions:  # which of them is meant nobody knows
            language = language_of(interaction.locale)
            await refuse(interaction, phrases.say(language, "slash.persona_usage"))
            return
        argument = f"custom {instructions}" if instructions else name
        await give(ask, interaction, f"/persona {argument}")

    return with_options(
        run, phrases, name="slash.option_name", instructions="slash.option_instructions"
    )


def _choosing(
    name: str, option: str, choices: Sequence[Choice[str]], ask: Ask, phrases: Phrasebook
) -> Callback:
    @app_commands.choices(value=list(choices))
    async def run(interaction: discord.Interaction, value: str = "") -> None:
        await give(ask, interaction, f"/{name} {value}")

    return with_options(run, phrases, value=f"slash.option_{option}")


def _formats() -> list[Choice[str]]:
    return [Choice(name=name, value=value) for name, value in _FORMATS.items()]


def _languages(phrases: Phrasebook) -> list[Choice[str]]:
    """Return the languages, each by its own name."""
    return [
        Choice(name=phrases.say(code, f"language.{code}"), value=code) for code in phrases.languages
    ]


def _thinking(phrases: Phrasebook) -> list[Choice[str]]:
    return [
        Choice(name=localised(f"settings.think_{value}", phrases), value=value)
        for value in ("on", "off")
    ]
