"""What is old goes."""

from dataclasses import replace
from pathlib import Path

from storage.database import Database
from storage.erasing import Erasing
from storage.exchanges import Exchanges
from storage.records import Chat, Work
from tests.doubles.clock import ManualClock
from tests.doubles.outside import everything
from tests.doubles.stored import ask_and_answer
from tests.storage.erasing.conftest import ask


async def test_what_was_asked_before_a_time_and_has_ended_is_deleted(
    database: Database, erasing: Erasing, exchanges: Exchanges, chat: Chat, clock: ManualClock
) -> None:
    old, failed, cancelled = [await ask_and_answer(exchanges, chat.id) for _ in range(3)]
    await database.deliveries.delivered(old.id)
    for exchange in (failed, cancelled):
        await exchanges.redo(exchange.id, Work.RETRY)
    await exchanges.fail(failed.id, 1, "The model failed.")
    await exchanges.withdraw(cancelled.id, 1)
    waiting = await ask(exchanges, chat, None)
    redone = await ask_and_answer(exchanges, chat.id)
    await exchanges.redo(redone.id, Work.RETRY)
    clock.now = 2000.0
    new = await ask_and_answer(exchanges, chat.id)
    assert await erasing.delete_before(1000.0) == 0
    assert await database.signals.erasures() == 0
    assert await erasing.delete_before(2000.0) == 3
    assert await database.signals.erasures() == 1
    left = [exchange.id for exchange in await exchanges.all(chat.id)]
    assert left == [waiting.id, redone.id, new.id]
    assert await database.chats.get(chat.id) == replace(chat, erasures=1)


async def test_of_old_exchanges_the_last_message_is_left(
    database: Database, erasing: Erasing, exchanges: Exchanges, chat: Chat, clock: ManualClock
) -> None:
    elsewhere = await database.chats.open("terminal", "other", "private", "")
    for place in (chat, chat, elsewhere):
        old = await ask_and_answer(exchanges, place.id)
        for part in (-1, 0, 1):
            await database.deliveries.note(old.id, part, f"{old.id}.{part}")
    clock.now = 2000.0
    new, other = [await ask_and_answer(exchanges, place.id) for place in (chat, elsewhere)]
    await erasing.delete_before(2000.0)
    assert await database.deliveries.before(new.id) == "2.1"
    assert await database.deliveries.before(other.id) == "3.1"


async def test_after_retention_the_old_text_is_in_none_of_the_files(
    database: Database, erasing: Erasing, exchanges: Exchanges, chat: Chat, path: Path
) -> None:
    for number in range(20):
        await ask_and_answer(exchanges, chat.id, "SECRET " * number, "SECRET " * 40 * number)
    await erasing.delete_before(2000.0)
    assert await database.scrub()
    assert b"SECRET" not in everything(path)
