"""What these tests share: a strict Telegram, the bot on it, and somebody who writes to it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.doubles.clock import ManualClock
from tests.doubles.hurry import hurried
from tests.doubles.rooms import NOON
from tests.doubles.telegram.api import BotApi
from tests.doubles.telegram.chats import Chat
from tests.doubles.telegram.people import Person
from tests.doubles.telegram.server import serving
from tests.doubles.telegram_home import SPEED, Home
from tests.doubles.tidy import collected

__all__ = ["collected"]

JITTER = 0.1
"""Seconds that a busy machine may keep one message back, and not another."""


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOON)


@pytest.fixture
async def api(clock: ManualClock) -> AsyncIterator[BotApi]:
    hurry = hurried(SPEED).clock
    async with serving(BotApi(clock=hurry, now=clock, slack=SPEED * JITTER)) as api:
        yield api


@pytest.fixture
def home(api: BotApi, path: Path, clock: ManualClock) -> Home:
    return Home(api, path, clock)


@pytest.fixture
def mina(api: BotApi) -> Person:
    return api.person(7, "Mina")


@pytest.fixture
def chat(api: BotApi, mina: Person) -> Chat:
    return api.private(mina)


@pytest.fixture
def owner(api: BotApi) -> Person:
    return api.person(9, "Owner")


@pytest.fixture
def theirs(api: BotApi, owner: Person) -> Chat:
    """Where the owner talks to the bot."""
    return api.private(owner)
