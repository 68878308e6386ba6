"""A gateway at a Discord, and who is told what it tells."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import discord

from bot.delivery.pace import Time
from bot.errors import PlatformError
from bot.message import ChatKey
from bot.platforms.discord.client import OstroClient
from bot.platforms.discord.gateway import Gateway
from bot.platforms.pressing import ButtonPressed, Chosen
from tests.doubles.discord.api import TOKEN, DiscordApi
from tests.doubles.hurry import hurried


class Listener:
    """Writes down what the client is told.

    Attributes:
        entered_times: how often it was logged in.
        begun_times: how often a session began.
        readies: how often its servers were known.
        texts: what was said.
        edits: what was edited, as it was then.
        joined_servers: servers that it is in, by their ids.
        lost: chats that were gone.
        presses: what was pressed; each is answered.
    """

    def __init__(self) -> None:
        self.entered_times = 0
        self.begun_times = 0
        self.readies = 0
        self.texts: list[str] = []
        self.edits: list[str] = []
        self.joined_servers: list[int] = []
        self.lost: list[ChatKey] = []
        self.presses: list[ButtonPressed | Chosen] = []

    def entered(self) -> None:
        self.entered_times += 1

    def begun(self) -> None:
        self.begun_times += 1

    def ready(self) -> None:
        self.readies += 1

    def said(self, message: discord.Message) -> None:
        self.texts.append(message.content)

    def edited(self, message: discord.Message) -> None:
        self.edits.append(message.content)

    def joined(self, guild: discord.Guild) -> None:
        self.joined_servers.append(guild.id)

    def gone(self, chat: ChatKey) -> None:
        self.lost.append(chat)

    async def pressed(
        self, interaction: discord.Interaction, pressed: ButtonPressed | Chosen
    ) -> None:
        self.presses.append(pressed)
        await interaction.response.defer()


class House:
    """A gateway at a Discord, and who listens to it."""

    def __init__(self, api: DiscordApi, time: Time, token: str, *, content: bool) -> None:
        self.api = api
        self.client = OstroClient(message_content=content)
        self.listener = self.client.listener = Listener()
        self.gateway = Gateway(self.client, token, time)
        self.running = asyncio.create_task(self.gateway.run())

    async def until(self, condition: Callable[[], object]) -> None:
        async with asyncio.timeout(10):
            while not condition():  # noqa: ASYNC110 # what is waited for has no event
                await asyncio.sleep(0.005)

    async def hears(self, *texts: str) -> None:
        await self.until(lambda: self.listener.texts == list(texts))

    async def is_connected(self) -> None:
        await self.until(lambda: self.api.gateway.connected and self.listener.begun_times)

    async def leave(self) -> None:
        self.gateway.end()
        self.running.cancel()
        with contextlib.suppress(asyncio.CancelledError, PlatformError):
            await self.running
        await self.client.close()


@asynccontextmanager
async def listening(
    api: DiscordApi, time: Time | None = None, token: str = TOKEN, *, content: bool = False
) -> AsyncIterator[House]:
    house = House(api, time or hurried(), token, content=content)
    try:
        yield house
    finally:
        await house.leave()
