"""A person to be forgotten, others, and where they talk."""

import pytest

from storage.chats import Chats
from storage.database import Database
from storage.erasing import Erasing
from storage.exchanges import Exchanges
from storage.records import Chat, Exchange, Person, Quote

MINA = ("telegram", "7")


@pytest.fixture
def erasing(database: Database) -> Erasing:
    return database.erasing


@pytest.fixture
def chats(database: Database) -> Chats:
    return database.chats


@pytest.fixture
async def mina(database: Database) -> Person:
    return await database.people.open("telegram", "7", "Mina")


@pytest.fixture
async def jun(database: Database) -> Person:
    """Somebody whose id begins with Mina's."""
    return await database.people.open("telegram", "71", "Jun")


@pytest.fixture
async def group(chats: Chats) -> Chat:
    return await chats.open("telegram", "-100", "group", "Kitchen")


async def ask(
    exchanges: Exchanges, chat: Chat, who: Person | None, *, quote: Quote | None = None
) -> Exchange:
    number, name = (None, "") if who is None else (who.id, who.name)
    added = await exchanges.add(chat.id, number, name, f"{name} asks", quote=quote)
    assert added is not None
    return added


async def begun(exchanges: Exchanges, chat: Chat, who: Person | None) -> Exchange:
    asked = await ask(exchanges, chat, who)
    started = await exchanges.start(asked.id, 0, seed=1)
    assert started is not None
    return started
