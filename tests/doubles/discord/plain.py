"""A plain bot of discord.py that writes down what it hears, for tests of the double itself."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import discord
from discord import app_commands

from tests.doubles.discord.api import TOKEN, DiscordApi
from tests.doubles.discord.client import pointed_at


class PlainBot(discord.Client):
    """Hears everything; does what the test does with it.

    Args:
        api: what it runs on.
        content: asks for the message-content intent too.
    """

    def __init__(self, api: DiscordApi, *, content: bool = False) -> None:
        intents = discord.Intents.default()
        intents.message_content = content
        super().__init__(intents=intents, guild_ready_timeout=0.01)
        self.api = api
        self.tree: app_commands.CommandTree[PlainBot] = app_commands.CommandTree(self)
        self.messages: list[discord.Message] = []
        self.asked: list[discord.Interaction] = []
        self.happened: list[str] = []
        self._more = asyncio.Event()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Do not wait for five seconds before a new session."""

    async def on_message(self, message: discord.Message) -> None:
        """Note a message of others."""
        if message.author != self.user:
            self.messages.append(message)
            self._more.set()

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Note a command, or a press."""
        self.asked.append(interaction)
        self._more.set()

    async def on_socket_event_type(self, event: str) -> None:
        """Note the name of an event."""
        self.happened.append(event)
        self._more.set()

    async def hears(self, count: int = 1) -> discord.Message:
        """Wait until so many messages came, and return the last."""
        await self._until(lambda: len(self.messages) >= count)
        return self.messages[-1]

    async def is_asked(self, count: int = 1) -> discord.Interaction:
        """Wait until so much was run and pressed, and return the last."""
        await self._until(lambda: len(self.asked) >= count)
        return self.asked[-1]

    async def sees(self, event: str, count: int = 1) -> None:
        """Wait until an event came so often."""
        await self._until(lambda: self.happened.count(event) >= count)

    async def _until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not condition():
                self._more.clear()
                await self._more.wait()


@asynccontextmanager
async def running(bot: PlainBot, token: str = TOKEN) -> AsyncIterator[PlainBot]:
    """Let a bot be connected within the block; what keeps it from that is raised."""
    with pointed_at(bot.api):
        async with bot:
            task = asyncio.create_task(bot.start(token))
            ready = asyncio.create_task(bot.wait_until_ready())
            try:
                await asyncio.wait((task, ready), return_when=asyncio.FIRST_COMPLETED)
                if task.done():
                    task.result()
                yield bot
            finally:
                ready.cancel()
                await bot.close()
                await asyncio.wait((task, ready))
