"""An outlet of a channel at a strict Discord."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import discord

from bot.delivery.outlet import Outlet
from bot.delivery.pace import Pace, Time
from bot.phrases import Phrasebook
from bot.platforms.discord.outlet import DiscordOutlet
from bot.platforms.discord.places import Place
from tests.doubles.discord.api import TOKEN, DiscordApi
from tests.doubles.discord.screen import Shown

PHRASES = Phrasebook.load()
NONCE = "17.1.0.0"
PACE = Pace(Time(time.monotonic, asyncio.sleep), preview_seconds=1)


def say(key: str, **fields: object) -> str:
    return PHRASES.say("en", key, **fields)


class Room:
    """A bot that is logged in, a server with a channel, and two who talk there.

    Attributes:
        later: seconds by which the wall clock is ahead of Discord's.
        complaints: so often something was not permitted.
    """

    def __init__(self, api: DiscordApi, client: discord.Client) -> None:
        self.api = api
        self.client = client
        self.later = 0.0
        self.complaints = 0
        self.mina = api.person(7, "Mina")
        self.ada = api.person(8, "Ada")
        self.guild = api.guild(100)
        self.channel = api.channel(self.guild, 200)
        self.direct = api.direct(self.mina, 300)
        for person in (self.mina, self.ada):
            api.joins(self.guild, person)

    @classmethod
    @asynccontextmanager
    async def open(cls, api: DiscordApi) -> AsyncIterator["Room"]:
        """Let the bot write as fast as it likes until the end."""
        api.rates = False
        intents = discord.Intents(guilds=True)
        async with discord.Client(intents=intents, max_ratelimit_timeout=30) as client:
            await client.login(TOKEN)
            yield cls(api, client)

    def asks(self) -> Place:
        """Return where the answer to a message goes that Mina writes in the channel."""
        asked = self.mina.says(self.channel, "why?")
        return Place(
            self.channel.id, self.guild.id, reply_to=asked, asker=self.mina.id, asked=asked
        )

    def asks_in_private(self) -> Place:
        """Return the same for a direct message."""
        asked = self.mina.says(self.direct, "why?")
        return Place(self.direct.id, asker=self.mina.id, asked=asked)

    def seen(self) -> Shown:
        """Return the only message of the bot's in the channel."""
        (shown,) = self.api.answers(self.channel)
        return shown

    def outlet(self, place: Place) -> Outlet:
        return DiscordOutlet(self.client, place, PACE, say, 17, self.wall, self._complain)

    def _complain(self) -> None:
        self.complaints += 1

    def wall(self) -> float:
        return time.time() + self.later
