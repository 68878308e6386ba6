from pathlib import Path

import pytest

from storage.database import Database
from storage.errors import ForgottenError
from storage.exchanges import Exchanges
from storage.incoming import Incoming
from storage.records import Chat
from tests.doubles.clock import ManualClock
from tests.doubles.outside import run_sql

EVENT = ("telegram", "chat-7", "event-1")


@pytest.fixture
def incoming(database: Database) -> Incoming:
    return database.incoming


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
    await exchanges.start(added.id, 0, seed=1)
    await database.chats.clear(chat.id)
    assert await exchanges.get(added.id) is None
    assert await exchanges.add(chat.id, None, "Mina", "Why?", event=EVENT) is None


async def test_an_event_is_noted_only_together_with_its_question(
    exchanges: Exchanges, chat: Chat
) -> None:
    with pytest.raises(ForgottenError):
        await exchanges.add(chat.id + 1, None, "Mina", "no such chat", event=EVENT)
    assert await exchanges.add(chat.id, None, "Mina", "Why?", event=EVENT)


async def test_an_event_that_asks_for_nothing_is_known_from_then_on(
    incoming: Incoming, exchanges: Exchanges, chat: Chat
) -> None:
    assert not await incoming.known(EVENT)
    await incoming.record(EVENT)
    await incoming.record(EVENT)
    assert await incoming.known(EVENT)
    assert not await incoming.known(("telegram", "chat-7", "event-2"))
    assert await exchanges.add(chat.id, None, "Mina", "Why?", event=EVENT) is None


async def test_an_event_that_asked_a_question_is_known(
    incoming: Incoming, exchanges: Exchanges, chat: Chat
) -> None:
    await exchanges.add(chat.id, None, "Mina", "Why?", event=EVENT)
    assert await incoming.known(EVENT)


async def test_what_nobody_redelivers_is_taken_in_each_time_and_not_noted(
    exchanges: Exchanges, chat: Chat, path: Path
) -> None:
    assert await exchanges.add(chat.id, None, "Mina", "Why?")
    assert await exchanges.add(chat.id, None, "Mina", "Why?")
    assert run_sql(path, "SELECT * FROM incoming") == []


async def test_old_events_are_forgotten_with_or_without_a_question(
    incoming: Incoming, exchanges: Exchanges, chat: Chat, clock: ManualClock
) -> None:
    old, bare, new = [("telegram", "chat-7", number) for number in ("1", "2", "3")]
    asked = await exchanges.add(chat.id, None, "Mina", "Why?", event=old, asked_at=5000.0)
    await incoming.record(bare)
    clock.now = 2000.0
    await exchanges.add(chat.id, None, "Mina", "How?", event=new, asked_at=5.0)
    await incoming.forget_before(2000.0)
    assert [await incoming.known(event) for event in (old, bare, new)] == [False, False, True]
    assert asked in await exchanges.all(chat.id)
