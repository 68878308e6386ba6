"""What tests of the whole room share."""

import gc
from collections.abc import AsyncIterator

import pytest

from tests.doubles.hurry import hurried
from tests.doubles.telegram.api import BotApi
from tests.doubles.telegram.chats import Chat
from tests.doubles.telegram.people import Person
from tests.doubles.telegram.server import serving
from tests.doubles.telegram_bot import TelegramBot


@pytest.fixture
async def api(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[BotApi]:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")  # without, the library warns of what it will do
    async with serving(BotApi(clock=hurried().clock)) as api:
        yield api
    gc.collect()  # a connection that was not closed is found here


@pytest.fixture
def bot(api: BotApi) -> TelegramBot:
    return TelegramBot(api)


@pytest.fixture
def mina(api: BotApi) -> Person:
    return api.person(7, "Mina", language_code="ko")


@pytest.fixture
def chat(api: BotApi, mina: Person) -> Chat:
    return api.private(mina)
