import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from storage.chats import Chats
from storage.database import Database
from tests.doubles.clock import ManualClock
from tests.doubles.stored import ask


@pytest.fixture
def chats(database: Database) -> Chats:
    return database.chats


async def open_all(chats: Chats, *native_ids: str, platform: str = "telegram") -> None:
    for native_id in native_ids:
        await chats.open(platform, native_id, "group", native_id)


async def names(chats: Chats) -> list[str]:
    """The native ids of all chats, which have been titled after their first one."""
    every = await chats._connection.rows("SELECT title, native_id FROM chats ORDER BY id")
    return [f"{row['title']} is {row['native_id']}" for row in every]


async def test_a_chat_is_found_with_its_parts(chats: Chats) -> None:
    await open_all(chats, "-10/7", "-10", "-101", "-101/7", "10", "-10/7/3")
    await open_all(chats, "-10", "-10/8", platform="discord")
    found = await chats.within("telegram", "-10")
    assert [chat.native_id for chat in found] == ["-10/7", "-10", "-10/7/3"]
    assert found[1] == await chats.find("telegram", "-10")


async def test_the_parts_of_a_chat_that_was_never_seen_itself_are_found(chats: Chats) -> None:
    await open_all(chats, "-10/7")
    assert [chat.native_id for chat in await chats.within("telegram", "-10")] == ["-10/7"]
    assert await chats.within("telegram", "-1") == []


async def test_a_chat_that_gets_another_id_stays_the_same_chat(
    chats: Chats, clock: ManualClock
) -> None:
    before = await chats.open("telegram", "-10", "group", "Friends")
    clock.now = 2000.0
    assert await chats.move("telegram", "-10", "-100500") == 1
    moved = await chats.find("telegram", "-100500")
    assert moved == replace(before, native_id="-100500", updated_at=2000.0)
    assert await chats.find("telegram", "-10") is None


async def test_the_parts_of_a_chat_move_with_it_and_nothing_else_does(chats: Chats) -> None:
    await open_all(chats, "-10", "-10/7", "-101", "-101/7")
    await open_all(chats, "-10", platform="discord")
    assert await chats.move("telegram", "-10", "-100500") == 2
    assert await names(chats) == [
        "-10 is -100500", "-10/7 is -100500/7", "-101 is -101", "-101/7 is -101/7", "-10 is -10"
    ]  # fmt: skip


async def test_a_chat_that_is_there_already_stays_and_so_does_the_old_one(chats: Chats) -> None:
    await open_all(chats, "-10", "-10/7", "-10/8", "-100500", "-100500/7")
    assert await chats.move("telegram", "-10", "-100500") == 1
    assert await names(chats) == [
        "-10 is -10", "-10/7 is -10/7", "-10/8 is -100500/8",
        "-100500 is -100500", "-100500/7 is -100500/7",
    ]  # fmt: skip


async def test_messages_of_a_chat_that_moved_are_no_longer_known(database: Database) -> None:
    old = await database.chats.open("telegram", "-10", "group", "Family")
    other = await database.chats.open("telegram", "-11", "group", "Work")
    moved, stayed = [await ask(database.exchanges, chat.id) for chat in (old, other)]
    for exchange in (moved, stayed):
        await database.deliveries.note(exchange.id, 0, "7")
    await database.chats.move("telegram", "-10", "-100500")

    assert await database.deliveries.parts(moved.id) == {}
    assert await database.deliveries.parts(stayed.id) == {0: "7"}


async def test_a_chat_that_was_never_seen_does_not_move(chats: Chats) -> None:
    assert await chats.move("telegram", "-10", "-100500") == 0


async def test_an_event_from_before_the_move_is_still_known(
    database: Database, chats: Chats
) -> None:
    await open_all(chats, "-10")
    await database.incoming.record(("telegram", "-10", "601"))
    await chats.move("telegram", "-10", "-100500")
    assert await database.incoming.known(("telegram", "-10", "601"))


@pytest.mark.parametrize(
    ("numbers", "newest"),
    [(["118"], "118"), (["99", "118", "100"], "118"), (["9" * 18, "1" + "0" * 18], "1" + "0" * 18)],
)
async def test_the_newest_message_that_was_handled_only_moves_on(
    chats: Chats, numbers: list[str], newest: str
) -> None:
    await open_all(chats, "1", "2")
    for number in numbers:
        await chats.saw("telegram", "1", number)
        await chats.saw("discord", "2", number)

    assert [chat.last_seen for chat in await chats.on("telegram")] == [newest, None]


async def test_the_newest_message_outlives_clearing_and_a_new_title(chats: Chats) -> None:
    await open_all(chats, "1")
    await chats.saw("telegram", "1", "118")
    await chats.clear((await chats.open("telegram", "1", "group", "another")).id)

    assert [chat.last_seen for chat in await chats.on("telegram")] == ["118"]


async def test_chats_are_listed_by_platform(chats: Chats) -> None:
    await open_all(chats, "1", "2/3")
    await open_all(chats, "4", platform="discord")

    assert [chat.native_id for chat in await chats.on("telegram")] == ["1", "2/3"]
    assert [chat.native_id for chat in await chats.on("discord")] == ["4"]


async def test_a_chat_that_is_known_already_is_found_without_writing(
    chats: Chats, path: Path
) -> None:
    chat = await chats.open("telegram", "7", "private", "Mina")
    with closing(sqlite3.connect(path)) as other:
        before = other.execute("PRAGMA data_version").fetchone()
        assert await chats.open("telegram", "7", "private", "Mina") == chat
        assert other.execute("PRAGMA data_version").fetchone() == before
        await chats.open("telegram", "7", "private", "Mina Kim")
        assert other.execute("PRAGMA data_version").fetchone() != before
