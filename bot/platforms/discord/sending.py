"""What messages are sent with, answers and the bot's own words alike."""

from typing import Any

import discord

from bot.platforms.discord.places import Place


def channel_at(client: discord.Client, place: Place) -> discord.PartialMessageable:
    """Return what is written to in a place, whether the library knows more of it or not."""
    return client.get_partial_messageable(place.channel_id)


def given(**fields: object) -> dict[str, Any]:
    """Return those fields that there are: the library takes no None for them."""
    return {name: value for name, value in fields.items() if value is not None}


def reply_in(place: Place) -> discord.MessageReference | None:
    """Return which message is answered in a place; once it is deleted it is none."""
    if place.reply_to is None:
        return None
    return discord.MessageReference(
        message_id=place.reply_to,
        channel_id=place.channel_id,
        fail_if_not_exists=False,
    )
