"""What an interaction says: who wants what, and where. Discord waits 3 seconds for a sign."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import discord

from bot.delivery.outlet import DeliveryError, UnreachableError
from bot.message import Author, Incoming, Visitor
from bot.platforms.dialogue import Dialogue
from bot.platforms.discord.errors import AnsweredError, translated
from bot.platforms.discord.happenings import Happening, Happenings
from bot.platforms.discord.places import Place
from bot.platforms.discord.reading import author_of, opened_by, title_of
from bot.platforms.discord.speaking import Speaking
from bot.platforms.discord.translation import language_of

_log = logging.getLogger("ostro.discord")


@dataclass(frozen=True, slots=True)
class Sign:
    """Discord was told that an interaction arrived.

    Attributes:
        message_id: of the message that says so and becomes the reply; None where it is not known.
    """

    message_id: int | None


Take = Callable[[Sign], Awaitable[None]]
"""Stores what an interaction asks for; safe to do again. Raises StorageError: it is not stored."""


async def take_in(
    interaction: discord.Interaction,
    place: Place,
    dialogue: Dialogue,
    happenings: Happenings,
    take: Take,
    *,
    hidden: bool = False,
) -> None:
    """Give a sign at once, and let an interaction be taken in after what came before it.

    One that Discord takes no sign for is passed over: the person was told that it failed. One that
    was taken in before is what it has become.

    Args:
        interaction: a command or a press.
        place: where it was.
        dialogue: knows what was taken in.
        happenings: where it waits.
        take: what is done then.
        hidden: only the person sees the sign, and what it becomes.
    """
    giving = asyncio.create_task(_give_sign(interaction, hidden=hidden))

    async def take_signed() -> None:
        sign = await asyncio.shield(giving)
        if sign is not None and not await dialogue.known(place.key(), event_id):
            await take(sign)

    event_id = str(interaction.id)
    happenings.add(Happening(place.key(), event_id, take_signed))
    await giving


async def _give_sign(interaction: discord.Interaction, *, hidden: bool) -> Sign | None:
    try:
        async with translated():
            told = await interaction.response.defer(ephemeral=hidden)
    except (UnreachableError, AnsweredError) as error:  # the library tries again by itself
        _log.info("it is not known whether a sign arrived: %s", error)
        return Sign(None)
    except DeliveryError as error:
        _log.info("an interaction is passed over: %s", error)
        return None
    return Sign(None if told is None else told.message_id)


async def turned_away(
    interaction: discord.Interaction, place: Place, dialogue: Dialogue, speaking: Speaking
) -> bool:
    """Say whether who made an interaction is not answered; they alone are told so.

    The owners are told of them, but where letting them in would help nobody: the bot is not there.

    Raises:
        StorageError: it is not known in which language.
    """
    visitor = visitor_in(interaction, place)
    if dialogue.allows(visitor):
        return False
    line = "" if is_foreign(interaction) else (await dialogue.turn_away(visitor)).text
    say = await speaking.voice(place.key(), visitor.author.language)
    await refuse(interaction, line or say("access.silent"))
    return True


async def refuse(interaction: discord.Interaction, line: str) -> None:
    """Answer an interaction at once, with a line that only the person sees."""
    try:
        async with translated():
            await interaction.response.send_message(line, ephemeral=True)
    except DeliveryError as error:
        _log.info("an interaction was not answered: %s", error)


def is_foreign(interaction: discord.Interaction) -> bool:
    """Say whether it comes from a server that the bot is no member of: the person brought it."""
    guild_id = interaction.guild_id
    if guild_id is None or interaction.is_guild_integration():
        return False
    return interaction.client.get_guild(guild_id) is None


def author_in(interaction: discord.Interaction) -> Author:
    """Return who made an interaction; Discord says which language they read."""
    return author_of(interaction.user, language_of(interaction.locale))


def visitor_in(interaction: discord.Interaction, place: Place) -> Visitor:
    """Return who made an interaction, and where; a channel is let in with its whole server."""
    guild = interaction.guild
    title = "" if guild is None else title_of(guild)
    return Visitor(place.key(), place.kind, author_in(interaction), title)


def manages(interaction: discord.Interaction) -> bool:
    """Say whether who made an interaction may put the place in order."""
    if interaction.guild_id is None or interaction.permissions.manage_messages:
        return True
    return opened_by(interaction.channel, interaction.user)


def incoming_in(interaction: discord.Interaction, place: Place, text: str) -> Incoming:
    """Return what the dialogue is told of an interaction: the text of a command."""
    author, channel = author_in(interaction), interaction.channel
    private = place.guild_id is None
    return Incoming(
        place.key(),
        author,
        text,
        kind=place.kind,
        title=author.name if private or channel is None else title_of(channel),
        event_id=str(interaction.id),
        said_at=interaction.created_at.timestamp(),
        outlet=place.to_json(),
        manages=manages(interaction),
    )
