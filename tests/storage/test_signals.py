from pathlib import Path

from storage.database import Database
from storage.records import Chat


async def test_at_first_nothing_is_signalled(database: Database) -> None:
    assert not await database.signals.paused()
    assert await database.signals.erasures() == 0


async def test_a_pause_lasts_until_it_is_ended(database: Database, path: Path) -> None:
    await database.signals.pause(True)  # noqa: FBT003 # the one thing it is told
    await database.signals.pause(True)  # noqa: FBT003 # the same
    async with Database.open(path) as other:
        assert await other.signals.paused()
        await other.signals.pause(False)  # noqa: FBT003 # the same
    assert not await database.signals.paused()


async def test_erasures_only_rise(database: Database, chat: Chat, path: Path) -> None:
    await database.chats.clear(chat.id)
    await database.signals.pause(True)  # noqa: FBT003 # the one thing it is told
    async with Database.open(path) as other:
        await other.chats.clear(chat.id)
        assert await other.signals.erasures() == 2
    assert await database.signals.erasures() == 2
