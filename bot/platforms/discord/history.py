"""What was said in a channel before, as Discord tells it when it is asked."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import TypeAlias, TypeVar

import discord

from bot.delivery.backoff import pause
from bot.delivery.outlet import DeliveryError, FloodError, UnreachableError
from bot.delivery.pace import Time
from bot.message import ChatKey
from bot.platforms.discord.errors import translated
from bot.platforms.discord.places import channel_of

MOST_MESSAGES = 2000
"""So many of the newest messages of a channel are looked at."""

_PAGE = 100
"""So many Discord tells at once."""

_log = logging.getLogger("ostro.discord")

_T = TypeVar("_T")
_Readable: TypeAlias = (
    discord.TextChannel
    | discord.VoiceChannel
    | discord.StageChannel
    | discord.Thread
    | discord.DMChannel
)
_OfServer: TypeAlias = discord.abc.GuildChannel | discord.Thread


class History:
    """Asks for what was said, and waits for a network that is away.

    Args:
        client: to ask with.
        time: to wait with.
    """

    def __init__(self, client: discord.Client, time: Time) -> None:
        self._client = client
        self._time = time

    async def after(self, chat: ChatKey, message_id: int) -> Sequence[discord.Message]:
        """Return the newest messages of a chat after one, oldest first; none where none can be.

        Where there are more than are looked at, a line in the log says so.

        Raises:
            DeliveryError: they cannot be had.
        """
        channel = await self._channel(channel_of(chat))
        if channel is None:
            return ()
        newest = None if isinstance(channel, discord.DMChannel) else channel.last_message_id
        if newest is not None and newest <= message_id:
            return ()
        found = await self._newest(channel, message_id)
        if len(found) > MOST_MESSAGES:
            _log.warning(
                "more was missed in %s than the newest %d messages: older ones are not looked at",
                chat,
                MOST_MESSAGES,
            )
        return found[:MOST_MESSAGES][::-1]

    async def _channel(self, channel_id: int) -> _Readable | None:
        channel = await self._asked(partial(self._found, channel_id))
        return channel if isinstance(channel, _Readable) else None

    async def _found(self, channel_id: int) -> object:
        """Return a channel.

        Raises:
            UnreachableError: Discord has not told of its server yet, or that is away. What is said
                there could not be understood.
        """
        channel = self._client.get_channel(channel_id)
        if channel is None:
            channel = await self._client.fetch_channel(channel_id)
        if isinstance(channel, _OfServer) and channel.guild.me is None:
            raise UnreachableError("its server is not there yet")
        return channel

    async def _newest(self, channel: _Readable, message_id: int) -> list[discord.Message]:
        """Return the messages after one, newest first: some more than are looked at, at most."""
        found: list[discord.Message] = []
        while len(found) <= MOST_MESSAGES:
            before = found[-1] if found else None
            page = await self._asked(partial(_page, channel, message_id, before))
            found += page
            if len(page) < _PAGE:
                break
        return found

    async def _asked(self, ask: Callable[[], Awaitable[_T]]) -> _T:
        """Return what Discord says, as soon as it does.

        Raises:
            DeliveryError: it says no.
        """
        failures = 0
        while True:
            try:
                async with translated():
                    return await ask()
            except FloodError as error:
                await self._time.sleep(error.seconds)
            except UnreachableError:
                failures += 1
                await self._time.sleep(pause(failures))


async def find_member(message: discord.Message) -> None:
    """Let a message know who its author is in their server, which Discord tells of new ones only.

    Where that cannot be had, they are called what they are called everywhere.
    """
    if message.guild is None or isinstance(message.author, discord.Member):
        return
    try:
        async with translated():
            message.author = await message.guild.fetch_member(message.author.id)
    except DeliveryError as error:
        _log.info("somebody's name in a server is not known: %s", error)


async def _page(
    channel: _Readable, after: int, before: discord.Message | None
) -> list[discord.Message]:
    """Return the newest messages after one, and before another, newest first."""
    history = channel.history(
        limit=_PAGE, before=before, after=discord.Object(after), oldest_first=False
    )
    return [message async for message in history]
