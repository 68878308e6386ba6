"""The slash commands, as Discord lists them: names, options, and who sees the reply."""

import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any, TypeAlias

import discord
from discord import app_commands
from discord.app_commands import (
    AppCommandContext,
    AppInstallationType,
    Choice,
    Range,
    locale_str,
)

from bot.calls import ASK, FOR_ALL, NAMES
from bot.delivery.outlet import DeliveryError
from bot.phrases import FALLBACK, Phrasebook
from bot.platforms.discord.errors import translated
from bot.platforms.discord.interactions import refuse
from bot.platforms.discord.translation import Translation, language_of

Ask: TypeAlias = Callable[[discord.Interaction, str, bool], Awaitable[None]]
"""Is given a command as text (``/persona coder``), and whether only the asker sees the reply."""

_Command: TypeAlias = app_commands.Command[Any, ..., None]
_Callback: TypeAlias = Callable[..., Coroutine[Any, Any, None]]
_Offered: TypeAlias = Callable[[discord.Interaction], Sequence[str]]
_Text: TypeAlias = Range[str, 1, 6000]
"""So many characters Discord takes for an option."""

_PUBLIC = FOR_ALL | {ASK}
"""What concerns all who are in a channel."""
_PUBLIC_WHEN_CHOSEN = frozenset({"persona", "language", "think"})
"""What does so where something was chosen; to look at what there is concerns nobody else."""

_DESCRIPTIONS = {"clear": "slash.clear_description"}
"""Where Discord's list says it otherwise than other lists."""

_MOST = 25
"""So many Discord shows while somebody types."""
_LONGEST_CHOICE = 100
"""Characters that Discord takes."""

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
    client: discord.Client, ask: Ask, personas: _Offered, phrases: Phrasebook
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
    return tree


def _command(name: str, callback: _Callback, phrases: Phrasebook) -> _Command:
    key = _DESCRIPTIONS.get(name, f"menu.{name}")
    command: _Command = app_commands.Command(
        name=_localised(f"slash.{name}", phrases),
        description=_localised(key, phrases),
        callback=callback,
    )
    if name in FOR_ALL:  # so nobody else is offered it; it is checked again when it is used
        command.default_permissions = discord.Permissions(manage_messages=True)
    return command


def _callback(name: str, ask: Ask, personas: _Offered, phrases: Phrasebook) -> _Callback:
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


def _plain(name: str, ask: Ask) -> _Callback:
    async def run(interaction: discord.Interaction) -> None:
        await ask(interaction, f"/{name}", _hidden(interaction, name))

    return run


def _asking(ask: Ask, phrases: Phrasebook) -> _Callback:
    async def run(interaction: discord.Interaction, text: _Text) -> None:
        await ask(interaction, f"/{ASK} {text}", _hidden(interaction, ASK))

    return _with_options(run, phrases, text="text")


def _persona(ask: Ask, personas: _Offered, phrases: Phrasebook) -> _Callback:
    async def offer(interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
        names = [one for one in personas(interaction) if len(one) <= _LONGEST_CHOICE]
        fitting = [one for one in names if typed.casefold() in one.casefold()]
        return [Choice(name=one, value=one) for one in fitting[:_MOST]]

    @app_commands.autocomplete(name=offer)
    async def run(
        interaction: discord.Interaction, name: str = "", instructions: _Text = ""
    ) -> None:
        if name and instructions:  # which of them is meant nobody knows
            language = language_of(interaction.locale)
            await refuse(interaction, phrases.say(language, "slash.persona_usage"))
            return
        argument = f"custom {instructions}" if instructions else name
        hidden = _hidden(interaction, "persona", argument)
        await ask(interaction, f"/persona {argument}".rstrip(), hidden)

    return _with_options(run, phrases, name="name", instructions="instructions")


def _choosing(
    name: str, option: str, choices: Sequence[Choice[str]], ask: Ask, phrases: Phrasebook
) -> _Callback:
    @app_commands.choices(value=list(choices))
    async def run(interaction: discord.Interaction, value: str = "") -> None:
        await ask(interaction, f"/{name} {value}".rstrip(), _hidden(interaction, name, value))

    return _with_options(run, phrases, value=option)


def _formats() -> list[Choice[str]]:
    return [Choice(name=name, value=value) for name, value in _FORMATS.items()]


def _languages(phrases: Phrasebook) -> list[Choice[str]]:
    """Return the languages, each by its own name."""
    return [
        Choice(name=phrases.say(code, f"language.{code}"), value=code) for code in phrases.languages
    ]


def _thinking(phrases: Phrasebook) -> list[Choice[str]]:
    return [
        Choice(name=_localised(f"settings.think_{value}", phrases), value=value)
        for value in ("on", "off")
    ]


def _with_options(run: _Callback, phrases: Phrasebook, **options: str) -> _Callback:
    """Give parameters the names that people see, and descriptions."""
    names = {each: _localised(f"slash.option_{name}", phrases) for each, name in options.items()}
    told = {
        each: _localised(f"slash.option_{name}_description", phrases)
        for each, name in options.items()
    }
    return app_commands.rename(**names)(app_commands.describe(**told)(run))


def _localised(key: str, phrases: Phrasebook) -> locale_str:
    return locale_str(phrases.say(FALLBACK, key), key=key)


def _hidden(interaction: discord.Interaction, name: str, argument: str = "") -> bool:
    """Say whether a reply is for the asker alone, in a channel of many."""
    public = name in _PUBLIC or (name in _PUBLIC_WHEN_CHOSEN and argument)
    return interaction.guild_id is not None and not public
