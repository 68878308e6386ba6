"""Discord's library, made ready: what it asks Discord for, what it keeps, and whom it tells."""

import logging
from typing import Protocol

import discord

from bot.message import ChatKey, Platform
from bot.platforms.discord.keyboard import Pressable
from bot.platforms.discord.leave import LONGEST_SECONDS, give_leave
from bot.platforms.pressing import ButtonPressed, Chosen

_log = logging.getLogger("ostro.discord")


class Listener(Protocol):
    """Is told what happens, in the order in which Discord tells it; none of it may take time."""

    def entered(self) -> None:
        """Learn that the client is logged in: something can be sent."""
        ...

    def begun(self) -> None:
        """Learn that a session begins: Discord does not tell what was before it."""
        ...

    def ready(self) -> None:
        """Learn that the servers of the new session are known."""
        ...

    def said(self, message: discord.Message) -> None:
        """Take in a message."""
        ...

    def edited(self, message: discord.Message) -> None:
        """Take in a message that its author changed, as it is now."""
        ...

    def joined(self, guild: discord.Guild) -> None:
        """Take in that the bot is in a server: it was added, or a new session tells so."""
        ...

    def gone(self, chat: ChatKey) -> None:
        """Take in that a server, channel or thread is gone for the bot, with all that is in it."""
        ...

    async def pressed(
        self, interaction: discord.Interaction, pressed: ButtonPressed | Chosen
    ) -> None:
        """Take in that a button was pressed; Discord waits 3 seconds for a sign."""
        ...


class OstroClient(discord.Client):
    """The bot's client. It keeps no messages and no members but the bot itself.

    Attributes:
        listener: is told what happens; set it before the client is logged in.

    Args:
        message_content: whether to ask for the words of messages that do not mention the bot.
            Discord refuses the connection where its owner has not switched that on.
    """

    listener: Listener

    def __init__(self, *, message_content: bool) -> None:
        # the library would say that it cannot speak
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
        super().__init__(
            intents=discord.Intents(
                guilds=True,
                guild_messages=True,
                dm_messages=True,
                message_content=message_content,
            ),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            allowed_mentions=discord.AllowedMentions.none(),
            max_ratelimit_timeout=LONGEST_SECONDS,
        )
        self._told: set[int] = set()
        """The servers that were handed over in this session; what comes while the library waits
        for no more of them would be lost."""

    async def setup_hook(self) -> None:
        """Know the buttons of earlier runs; the library calls this when it has logged in."""
        give_leave(self)
        self.add_dynamic_items(Pressable)
        self.listener.entered()

    def dispatch(self, event: str, /, *args: object, **kwargs: object) -> None:
        """Tell of an event, as the library does; after the end, which it does not mind, nothing."""
        if not self.is_closed():
            super().dispatch(event, *args, **kwargs)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Let the gateway wait between two sessions, instead of the library."""

    async def pressed(
        self, interaction: discord.Interaction, pressed: ButtonPressed | Chosen
    ) -> None:
        """Hand a press over."""
        await self.listener.pressed(interaction, pressed)

    async def on_connect(self) -> None:
        """Hand over that a session begins; one that is gone on with does not."""
        self._told.clear()
        self.listener.begun()

    async def on_ready(self) -> None:
        """Hand over that a session's servers are known, and those that nothing was told of."""
        for guild in self.guilds:
            if guild.id not in self._told and not guild.unavailable:
                self._join(guild)
        self.listener.ready()

    async def on_message(self, message: discord.Message) -> None:
        """Hand a message over."""
        self.listener.said(message)

    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Hand an edit over; Discord calls it one, too, when it adds the preview of a link."""
        if payload.message.edited_at is not None:
            self.listener.edited(payload.message)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Hand over that the bot was added to a server."""
        self._join(guild)

    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Hand over that the bot is in a server: so each session begins, and outages end."""
        self._join(guild)

    def _join(self, guild: discord.Guild) -> None:
        self._told.add(guild.id)
        self.listener.joined(guild)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Hand over that the bot is in a server no more."""
        self.listener.gone(ChatKey(Platform.DISCORD, f"{guild.id}"))

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """Hand over that a channel is gone; its threads are too."""
        self.listener.gone(ChatKey(Platform.DISCORD, f"{channel.guild.id}/{channel.id}"))

    async def on_raw_thread_delete(self, thread: discord.RawThreadDeleteEvent) -> None:
        """Hand over that a thread is gone."""
        path = f"{thread.guild_id}/{thread.parent_id}/{thread.thread_id}"
        self.listener.gone(ChatKey(Platform.DISCORD, path))

    async def on_error(self, event_method: str, /, *_: object, **__: object) -> None:
        """Log what failed while something was handed over."""
        _log.exception("%s failed", event_method)


def owner_of(application: discord.AppInfo) -> str | None:
    """Return who owns the bot: a person, or the one who owns the team; None: nobody does."""
    if application.team is None:
        return str(application.owner.id)
    # the library knows a team's owner by the list of its members, in which they may be missing
    return None if application.team.owner_id is None else str(application.team.owner_id)
