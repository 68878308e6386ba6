"""What tests of the whole room share."""

import gc
from collections.abc import AsyncIterator

import pytest

from bot.platforms.telegram.network import Network, Timeouts
from tests.doubles.hurry import hurried
from tests.doubles.telegram.api import TOKEN, BotApi
from tests.doubles.telegram.chats import Chat
from tests.doubles.telegram.people import Person
from tests.doubles.telegram.server import serving
from tests.doubles.telegram_bot import TelegramBot
from tests.doubles.telegram_desk import Desk
from tests.doubles.telegram_outlet import Room
from tests.doubles.telegram_post import Post

QUICK = Timeouts(poll=1, grace=0.1, connect=0.5, read=0.2, write=0.5, pool=0.5)


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    # a busy machine may keep one message back, and not another: a tenth of a second is ten here
    async with serving(BotApi(clock=hurried().clock, slack=10)) as api:
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


@pytest.fixture
async def network(api: BotApi) -> AsyncIterator[Network]:
    network = Network(TOKEN, api.url, QUICK)
    yield network
    await network.close()


@pytest.fixture
def desk(api: BotApi) -> Desk:
    return Desk(api)


@pytest.fixture
async def post(api: BotApi) -> AsyncIterator[Post]:
    async with Post.open(api) as post:
        yield post


@pytest.fixture
async def room(api: BotApi) -> AsyncIterator[Room]:
    async with Room.open(api) as room:
        yield room
