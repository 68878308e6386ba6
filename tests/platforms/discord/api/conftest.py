"""A plain bot of discord.py, and somebody who talks to it."""

from collections.abc import AsyncIterator

import pytest

from tests.doubles.clock import ManualClock
from tests.doubles.discord.api import DiscordApi
from tests.doubles.discord.people import Person
from tests.doubles.discord.places import Channel, Guild
from tests.doubles.discord.plain import PlainBot, running
from tests.doubles.discord.server import serving


@pytest.fixture
def clock() -> ManualClock:
    """Of the rates and of the ids."""
    return ManualClock(1_800_000_000)


@pytest.fixture
async def api(clock: ManualClock) -> AsyncIterator[DiscordApi]:
    async with serving(DiscordApi(clock=clock, now=clock)) as served:
        yield served


@pytest.fixture
async def bot(api: DiscordApi, channel: Channel) -> AsyncIterator[PlainBot]:
    assert channel.is_there  # before the bot comes
    async with running(PlainBot(api)) as connected:
        yield connected


@pytest.fixture
def mina(api: DiscordApi) -> Person:
    return api.person(7, "Mina")


@pytest.fixture
def guild(api: DiscordApi, mina: Person) -> Guild:
    guild = api.guild(100, "Friends")
    api.joins(guild, mina)
    return guild


@pytest.fixture
def channel(api: DiscordApi, guild: Guild) -> Channel:
    return api.channel(guild, 200, "general")


@pytest.fixture
def direct(api: DiscordApi, mina: Person) -> Channel:
    return api.direct(mina, 300)
