import sqlite3

import pytest

from storage.database import Database
from storage.exchanges import Exchanges
from storage.records import Chat

EVENT = ("telegram", "chat-7", "event-1")


async def test_a_redelivered_event_is_not_taken_in_twice(exchanges: Exchanges, chat: Chat) -> None:
    first = await exchanges.add(chat.id, None, "Mina", "Why?", event=EVENT)
    assert await exchanges.add(chat.id, None, "Mina", "Why?", event=EVENT) is None
    assert await exchanges.all(chat.id) == [first]


@pytest.mark.parametrize(
    "other",
    [
        ("discord", "chat-7", "event-1"),
        ("telegram", "chat-8", "event-1"),
        ("telegram", "chat-7", "event-2"),
    ],
)
async def test_another_event_is_taken_in(
    exchanges: Exchanges, chat: Chat, other: tuple[str, str, str]
) -> None:
    assert await exchanges.add(chat.id, None, "Mina", "Why?", event=EVENT)
    assert await exchanges.add(chat.id, None, "Mina", "Why?", event=other)


async def test_an_event_is_known_after_the_chat_was_cleared(
    database: Database, exchanges: Exchanges, chat: Chat
) -> None:
    added = await exchanges.add(chat.id, None, "Mina", "Why?", event=EVENT)
    assert added is not None
    await database.chats.clear(chat.id, [added.id])
    assert await exchanges.get(added.id) is None
    assert await exchanges.add(chat.id, None, "Mina", "Why?", event=EVENT) is None


async def test_an_event_is_noted_only_together_with_its_question(
    exchanges: Exchanges, chat: Chat
) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        await exchanges.add(chat.id + 1, None, "Mina", "no such chat", event=EVENT)
    assert await exchanges.add(chat.id, None, "Mina", "Why?", event=EVENT)
