"""One connection to Discord's gateway: it notices its own death, and leaves nothing behind."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import aiohttp
from discord.gateway import DiscordWebSocket, ReconnectWebSocket

GO_ON = 4000
"""A connection that is closed with this code leaves its session to the next one."""
GOODBYE = 1000
"""One that is closed with this code ends its session: the bot is shown as away at once."""

SILENT_SECONDS = 50.0
"""Discord answers a heartbeat every 41 s; a connection that says less is dead."""

_CLOSE_SECONDS = 1.0
"""So long the other side may take to say goodbye: over a dead connection it never does."""


class Line(DiscordWebSocket):
    """A connection. Whatever ends it, it is closed by then.

    Attributes:
        last_word: the code that it is closed with.
    """

    last_word = GO_ON

    async def poll_event(self) -> None:
        """Wait for what Discord tells next, and hand it over.

        Raises:
            ReconnectWebSocket: the connection is over.
            ConnectionClosed: it is, and the code says why there will be no other.
            OSError, aiohttp.ClientError: it failed.
        """
        async with self._or_closed():
            try:
                async with asyncio.timeout(SILENT_SECONDS):
                    await super().poll_event()
            except TimeoutError:
                raise ReconnectWebSocket(self.shard_id) from None

    async def identify(self) -> None:
        """Ask for a new session."""
        async with self._or_closed():
            await super().identify()

    async def resume(self) -> None:
        """Ask to go on with a session."""
        async with self._or_closed():
            await super().resume()

    @asynccontextmanager
    async def _or_closed(self) -> AsyncIterator[None]:
        try:
            yield
        except BaseException:  # also where it is cancelled: nobody else may know of this line yet
            with suppress(TimeoutError, OSError, aiohttp.ClientError):
                async with asyncio.timeout(_CLOSE_SECONDS):
                    await self.close(self.last_word)
            raise
