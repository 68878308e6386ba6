"""Where a message stands, and where the answer to it goes."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

import discord

from bot.message import ChatKey, Platform


@dataclass(frozen=True, slots=True)
class Place:
    """A place for answers; all its ids are Discord's snowflakes.

    Attributes:
        channel_id: what is written to: a channel of a server, a thread, or a direct conversation.
        guild_id: the server; None in a direct conversation.
        parent_id: the channel that a thread belongs to; None where this is no thread.
        reply_to: the message that is answered; None where it is plain who is meant, and where
            no message of theirs stands in this channel.
        asker: who asked.
        asked: the message or interaction that asked; its id says when that was.
    """

    channel_id: int
    guild_id: int | None = None
    parent_id: int | None = None
    reply_to: int | None = None
    asker: int | None = None
    asked: int | None = None

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """Return what ``to_json`` said."""
        return cls(**stored)

    def to_json(self) -> dict[str, object]:
        """Return the place in words that can be stored as JSON."""
        return asdict(self)

    def key(self) -> ChatKey:
        """Return the chat: ``CHANNEL``, ``GUILD/CHANNEL`` or ``GUILD/PARENT/THREAD``.

        So all chats of a server, and all threads of a channel, begin alike.
        """
        path = (self.guild_id, self.parent_id, self.channel_id)
        return ChatKey(Platform.DISCORD, "/".join(str(each) for each in path if each is not None))

    @property
    def kind(self) -> str:
        """The sort of place, as the dialogue calls it."""
        if self.guild_id is None:
            return "private"
        return "group" if self.parent_id is None else "thread"

    def thread(self, message_id: int) -> Self:
        """Return the thread that begins with a message of this channel: it has the same id."""
        return replace(self, channel_id=message_id, parent_id=self.channel_id, reply_to=None)


def channel_of(key: ChatKey) -> int:
    """Return the id of the channel or thread that a chat of Discord is."""
    return int(key.native_id.rpartition("/")[2])


def server_of(key: ChatKey) -> ChatKey | None:
    """Return the server that a channel or thread is in; None: it is in none, or one itself."""
    server, slash, _ = key.native_id.partition("/")
    return ChatKey(key.platform, server) if slash else None


def parent_of(key: ChatKey) -> ChatKey | None:
    """Return the channel that a thread belongs to; None: it is no thread."""
    match key.native_id.split("/"):
        case [guild, parent, _]:
            return ChatKey(key.platform, f"{guild}/{parent}")
        case _:
            return None


def homes_of(message: discord.Message) -> tuple[ChatKey, ...]:
    """Return the chats that may take a message in: where it stands, and the thread it begins.

    Which of them it is may be set otherwise from one start to the next.
    """
    place = place_of(message.channel)
    if place.kind != "group":
        return (place.key(),)
    return place.key(), place.thread(message.id).key()


def place_of(
    channel: discord.abc.Snowflake,
    *,
    reply_to: int | None = None,
    asker: int | None = None,
    asked: int | None = None,
) -> Place:
    """Return the place for answers that a channel is: whatever Discord's library calls one."""
    guild_id, parent_id = _path(channel)
    return Place(channel.id, guild_id, parent_id, reply_to, asker, asked)


def _path(channel: discord.abc.Snowflake) -> tuple[int | None, int | None]:
    """Return the ids of the server and of the parent channel, where there are any."""
    match channel:
        case discord.Thread():
            return channel.guild.id, channel.parent_id
        case discord.abc.GuildChannel():
            return channel.guild.id, None
        case discord.PartialMessageable():  # one that the library has not been told of
            return channel.guild_id, None
        case _:
            return None, None
