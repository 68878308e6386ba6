"""A Discord for the whole room; each corner of it has fixtures of its own."""

from collections.abc import AsyncIterator

import discord
import pytest
import simcord

from tests.doubles.discord.api import DiscordApi
from tests.doubles.discord.client import pointed_at
from tests.doubles.discord.people import Person
from tests.doubles.discord.places import Channel, Guild
from tests.doubles.discord.server import serving
from tests.doubles.discord_bot import DiscordBot, key
from tests.doubles.discord_desk import Desk
from tests.doubles.hurry import hurried


@pytest.fixture
async def api() -> AsyncIterator[DiscordApi]:
    """Discord on this machine, and the library pointed at it."""
    async with serving(DiscordApi(clock=hurried().clock, slack=10, speed=100)) as api:
        with pointed_at(api):
            yield api


@pytest.fixture
def simcord_bot() -> discord.Client:
    """Nobody: who is on simcord's Discord before a bot of the test's is."""
    return discord.Client(intents=discord.Intents(guilds=True))


@pytest.fixture
async def desk(simcord_env: simcord.Env) -> AsyncIterator[Desk]:
    """Slash commands and presses, taken in from simcord's Discord."""
    async with Desk.at(simcord_env) as desk:
        yield desk


@pytest.fixture
def bot(api: DiscordApi) -> DiscordBot:
    return DiscordBot(api)


@pytest.fixture
def mina(api: DiscordApi) -> Person:
    return api.person(7)


@pytest.fixture
def direct(api: DiscordApi, mina: Person) -> Channel:
    return api.direct(mina, 50)


@pytest.fixture
def guild(api: DiscordApi) -> Guild:
    return api.guild(100)


@pytest.fixture
def channel(api: DiscordApi, guild: Guild) -> Channel:
    return api.channel(guild, 200)


@pytest.fixture
def talk(bot: DiscordBot, direct: Channel) -> Channel:
    """A conversation that the bot knows."""
    bot.dialogue.seen[key("50")] = None
    return direct


@pytest.fixture
def room(bot: DiscordBot, channel: Channel) -> Channel:
    """A channel that the bot knows."""
    bot.dialogue.seen[key("100/200")] = None
    return channel
