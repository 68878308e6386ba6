"""Whether somebody speaks to the bot, and what is left when its name is cut off."""

from collections.abc import Collection, Sequence

import discord

from bot.addressing import addressed


def called(
    message: discord.Message, me: discord.ClientUser, names: Sequence[str], *, listening: bool
) -> str | None:
    """Return what is said to the bot, as Discord writes it: without its name at the start.

    In private, and where it is listening, everything is for it; elsewhere it is spoken to by a
    mention (of it, or of the role that Discord gave it, which is easily taken for it), by one of
    its names at the start, or by a reply to one of its messages, also without a ping. What is for
    everyone is not for it.

    Returns:
        The rest of the text, empty when there is none; None: it is not for the bot.
    """
    private = isinstance(message.channel, discord.abc.PrivateChannel)
    known = _mentions(message, me)
    rest = addressed(message.content, known if private else [*known, *names])
    if rest is not None:
        return rest
    spoken_to = listening or _is_mentioned(message, me) or is_reply_to(message, me)
    return message.content if private or spoken_to else None


def needs_no_mention(
    channel: discord.abc.Snowflake, me: discord.ClientUser, always: Collection[int]
) -> bool:
    """Say whether all that is said somewhere is for the bot.

    Args:
        channel: where it is said.
        me: the bot; so it is in threads that it opened, or was added to.
        always: the channels where it is so, and in all their threads.
    """
    if isinstance(channel, discord.Thread):
        ours = channel.owner_id == me.id or channel.me is not None
        return ours or channel.parent_id in always
    return channel.id in always


def is_reply_to(message: discord.Message, me: discord.ClientUser) -> bool:
    """Say whether a message answers one of the bot's own."""
    answered = replied(message)
    return answered is not None and answered.author.id == me.id


def replied(message: discord.Message) -> discord.Message | None:
    """Return the message that one answers to; None: it answers to none, or that is gone."""
    resolved = None if message.reference is None else message.reference.resolved
    return resolved if isinstance(resolved, discord.Message) else None


def _is_mentioned(message: discord.Message, me: discord.ClientUser) -> bool:
    roles = {role.id for role in message.role_mentions}
    return any(user.id == me.id for user in message.mentions) or _own_role(message) in roles


def _mentions(message: discord.Message, me: discord.ClientUser) -> list[str]:
    """Return how a mention of the bot is written."""
    role = _own_role(message)
    return [f"<@{me.id}>", f"<@!{me.id}>", *([] if role is None else [f"<@&{role}>"])]


def _own_role(message: discord.Message) -> int | None:
    """Return the role that Discord made for the bot when it was let into a server."""
    role = None if message.guild is None else message.guild.self_role
    return None if role is None else role.id
