"""A bot with the real client, and somebody who talks to it."""

from collections.abc import AsyncIterator

import pytest
from telegram import Bot

from tests.doubles.telegram.api import BotApi
from tests.doubles.telegram.chats import Chat
from tests.doubles.telegram.client import client
from tests.doubles.telegram.people import Person
from tests.doubles.telegram.server import serving


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with serving(BotApi()) as served:
        yield served


@pytest.fixture
async def bot(api: BotApi) -> AsyncIterator[Bot]:
    async with client(api) as opened:
        yield opened


@pytest.fixture
def ada(api: BotApi) -> Person:
    return api.person(1, "Ada", "ada")


@pytest.fixture
def chat(api: BotApi, ada: Person) -> Chat:
    return api.private(ada)
