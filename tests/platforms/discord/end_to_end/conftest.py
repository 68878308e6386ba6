"""What these tests share: a strict Discord, the bot on it, and people who write to it."""

import inspect
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.platforms.discord.errors import translated
from tests.doubles.clock import ManualClock
from tests.doubles.discord.api import DiscordApi
from tests.doubles.discord.people import Person
from tests.doubles.discord.places import Channel, Guild
from tests.doubles.discord.server import serving
from tests.doubles.discord_wire_home import SPEED, Home
from tests.doubles.hurry import hurried
from tests.doubles.rooms import NOON
from tests.doubles.tidy import awake, collected

__all__ = ["awake", "collected"]

JITTER = 0.1
"""Seconds that a busy machine may keep one message back, and not another."""


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the bot wait for Discord as briefly as a test can."""
    monkeypatch.setattr(inspect.unwrap(translated), "__defaults__", (0.3,))
    monkeypatch.setattr("bot.platforms.discord.gateway.CONNECT_SECONDS", 0.3)
    monkeypatch.setattr("bot.platforms.discord.line.SILENT_SECONDS", 0.3)
    monkeypatch.setattr("bot.platforms.discord.line._CLOSE_SECONDS", 0.01)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOON)


@pytest.fixture
async def api(clock: ManualClock) -> AsyncIterator[DiscordApi]:
    hurry = hurried(SPEED).clock
    async with serving(
        DiscordApi(clock=hurry, now=clock, slack=SPEED * JITTER, speed=SPEED)
    ) as api:
        yield api


@pytest.fixture
def home(api: DiscordApi, path: Path, clock: ManualClock) -> Home:
    return Home(api, path, clock)


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
