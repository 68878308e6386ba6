"""The slash commands for those who run the bot, as Discord lists them."""

import re
from typing import Any, TypeAlias

import discord
from discord import app_commands
from discord.app_commands import Choice, Group, Range

from bot.calls import ADMIN
from bot.phrases import Phrasebook
from bot.platforms.discord.options import Ask, Callback, Offered, give, offering, with_options
from bot.platforms.discord.translation import localised

_Word: TypeAlias = Range[str, 1, 100]
"""So many characters Discord takes for it."""
_Page: TypeAlias = Range[int, 1, 100_000]

_ROLES = ("owner", "admin", "member", "none")
_HERE = "here"
_MENTION = re.compile(r"<@!?([0-9]{1,20})>")


def admin_group(ask: Ask, personas: Offered, phrases: Phrasebook) -> Group:
    """Return ``/admin`` with all that belongs to it.

    It is listed for those who manage a server, whom Discord takes for the bot's admins there.
    Whether they are is looked at when a command is used.

    Args:
        ask: is given each command that is used.
        personas: the names that are offered to somebody.
        phrases: the bot's own words.
    """
    group = Group(
        name=localised("slash_admin.group", phrases),
        description=localised(f"menu.{ADMIN}", phrases),
        default_permissions=discord.Permissions(manage_guild=True),
    )
    callbacks = {
        "chats": _paged("chats", ask, phrases),
        "reset": _reset(ask, phrases),
        "persona": _persona(ask, personas, phrases),
        "people": _paged("people", ask, phrases),
        "allow": _about("allow", ask, phrases),
        "block": _about("block", ask, phrases),
        "role": _role(ask, phrases),
        "queue": _plain("queue", ask),
        "cancel": _cancel(ask, phrases),
        "pause": _plain("pause", ask),
        "resume": _plain("resume", ask),
        "stats": _plain("stats", ask),
    }
    for name, callback in callbacks.items():
        group.add_command(_command(name, callback, phrases))
    return group


def _command(
    name: str, callback: Callback, phrases: Phrasebook
) -> app_commands.Command[Any, ..., None]:
    return app_commands.Command(
        name=localised(f"slash_admin.{name}", phrases),
        description=localised(f"slash_admin.{name}_description", phrases),
        callback=callback,
    )


def _plain(name: str, ask: Ask) -> Callback:
    async def run(interaction: discord.Interaction) -> None:
        await give(ask, interaction, f"/{ADMIN} {name}")

    return run


def _paged(name: str, ask: Ask, phrases: Phrasebook) -> Callback:
    async def run(interaction: discord.Interaction, page: _Page | None = None) -> None:
        await give(ask, interaction, f"/{ADMIN} {name} {page or ''}")

    return with_options(run, phrases, page="slash_admin.option_page")


def _reset(ask: Ask, phrases: Phrasebook) -> Callback:
    async def run(interaction: discord.Interaction, chat: _Word = _HERE) -> None:
        await give(ask, interaction, f"/{ADMIN} reset {chat}")

    return with_options(run, phrases, chat="slash_admin.option_chat")


def _persona(ask: Ask, personas: Offered, phrases: Phrasebook) -> Callback:
    @app_commands.autocomplete(name=offering(personas))
    async def run(interaction: discord.Interaction, chat: _Word = _HERE, name: str = "") -> None:
        await give(ask, interaction, f"/{ADMIN} persona {chat} {name}")

    return with_options(
        run, phrases, chat="slash_admin.option_chat", name="slash_admin.option_name"
    )


def _about(name: str, ask: Ask, phrases: Phrasebook) -> Callback:
    async def run(interaction: discord.Interaction, who: _Word) -> None:
        await give(ask, interaction, f"/{ADMIN} {name} {_named(who)}")

    return with_options(run, phrases, who="slash_admin.option_who")


def _role(ask: Ask, phrases: Phrasebook) -> Callback:
    @app_commands.choices(
        role=[Choice(name=localised(f"admin.role_{role}", phrases), value=role) for role in _ROLES]
    )
    async def run(interaction: discord.Interaction, person: _Word, role: str) -> None:
        await give(ask, interaction, f"/{ADMIN} role {_named(person)} {role}")

    return with_options(
        run, phrases, person="slash_admin.option_person", role="slash_admin.option_role"
    )


def _cancel(ask: Ask, phrases: Phrasebook) -> Callback:
    async def run(interaction: discord.Interaction, what: _Word) -> None:
        await give(ask, interaction, f"/{ADMIN} cancel {what}")

    return with_options(run, phrases, what="slash_admin.option_what")


def _named(who: str) -> str:
    """Return a mention, as people choose it while they type, in the bot's own words."""
    return _MENTION.sub(r"discord:\1", who)
