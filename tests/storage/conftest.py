from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.connection import Connection
from storage.database import Database
from storage.deliveries import Deliveries
from storage.exchanges import Exchanges
from storage.records import Chat, Exchange
from storage.schema import prepare
from tests.doubles.clock import ManualClock
from tests.doubles.stored import ask, ask_and_answer


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "ostro.db"


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
async def database(path: Path, clock: ManualClock) -> AsyncIterator[Database]:
    async with Database.open(path, clock) as opened:
        yield opened


@pytest.fixture
async def connection(path: Path) -> AsyncIterator[Connection]:
    prepare(path)
    async with Connection.open(path) as opened:
        yield opened


@pytest.fixture
async def chat(database: Database) -> Chat:
    return await database.chats.open("terminal", "default", "private", "Terminal")


@pytest.fixture
def exchanges(database: Database) -> Exchanges:
    return database.exchanges


@pytest.fixture
def deliveries(database: Database) -> Deliveries:
    return database.deliveries


@pytest.fixture
async def asked(exchanges: Exchanges, chat: Chat) -> Exchange:
    return await ask(exchanges, chat.id)


@pytest.fixture
async def answered(exchanges: Exchanges, chat: Chat) -> Exchange:
    return await ask_and_answer(exchanges, chat.id)
