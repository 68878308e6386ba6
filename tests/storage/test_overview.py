from pathlib import Path

import pytest

from storage.database import Database
from storage.exchanges import Exchanges
from storage.overview import Overview
from storage.records import Chat, ChatUse, Overall, PersonRole, PersonUse, Waiting, Work
from tests.doubles.clock import ManualClock
from tests.doubles.stored import ask, ask_and_answer


@pytest.fixture
def overview(database: Database) -> Overview:
    return database.overview


async def test_where_nothing_is_stored_everything_is_empty(overview: Overview, path: Path) -> None:
    assert await overview.chats(10, 0) == []
    assert await overview.people(10, 0) == []
    assert await overview.queue() == []
    assert (await overview.count_chats(), await overview.count_people()) == (0, 0)
    size = sum(path.with_name(name).stat().st_size for name in ("ostro.db", "ostro.db-wal"))
    assert await overview.totals() == Overall(0, 0, 0, 0, 0, 0, 0.0, size)


async def test_chats_come_with_their_use_last_used_first(
    database: Database, overview: Overview, exchanges: Exchanges, chat: Chat, clock: ManualClock
) -> None:
    for _ in range(2):
        await ask_and_answer(exchanges, chat.id)
    clock.now = 1100.0
    empty = await database.chats.open("telegram", "7", "private", "Mina")
    group = await database.chats.open("telegram", "-10", "group", "")
    clock.now = 1200.0
    await ask(exchanges, chat.id)
    group = await database.chats.set_option(group.id, "think", True)  # noqa: FBT003 # any value
    uses = [
        ChatUse(group, 0, 0, 1200.0),
        ChatUse(chat, 3, 46, 1200.0),
        ChatUse(empty, 0, 0, 1100.0),
    ]
    assert await overview.chats(10, 0) == uses
    assert await overview.count_chats() == 3
    assert await overview.chats(2, 0) == uses[:2]
    assert await overview.chats(2, 2) == uses[2:]


async def test_a_chat_that_was_changed_later_was_not_used_later(
    database: Database, overview: Overview, exchanges: Exchanges, chat: Chat, clock: ManualClock
) -> None:
    await ask(exchanges, chat.id)
    clock.now = 1500.0
    await database.chats.set_language(chat.id, "ko")
    assert (await overview.chats(1, 0))[0].used_at == 1000.0


async def test_people_come_by_role_and_within_one_who_asked_last_first(
    database: Database, overview: Overview, exchanges: Exchanges, chat: Chat, clock: ManualClock
) -> None:
    people = database.people
    for number, role in enumerate((None, *reversed(PersonRole))):
        for each in "ab":
            await people.set_role("telegram", f"{number}{each}", role)
    await people.open("telegram", "new", "")
    for native_id in ("0a", "0b", "0b", "4a"):
        clock.now += 1
        person = await people.open("telegram", native_id, "")
        await exchanges.add(chat.id, person.id, "", "Why?")
    found = await overview.people(20, 0)
    assert [use.person.native_id for use in found] == [
        *("4a", "4b", "3b", "3a", "2b", "2a", "1b", "1a", "0b", "0a", "new")
    ]
    assert [use.person.role for use in found][::2] == [*PersonRole, None, None]
    known = await people.find("telegram", "0b")
    assert known is not None
    assert found[8] == PersonUse(known, 2, 1003.0)
    assert (found[1].exchanges, found[1].asked_at) == (0, None)
    assert await overview.count_people() == 11
    assert await overview.people(3, 7) == found[7:10]


async def test_the_queue_says_who_waits_where_and_what_was_begun(
    database: Database, overview: Overview, exchanges: Exchanges, chat: Chat, clock: ManualClock
) -> None:
    mina = await database.people.set_role("telegram", "7", PersonRole.MEMBER, "Mina")
    group = await database.chats.open("telegram", "-10", "group", "Kitchen")
    group = await database.chats.set_option(group.id, "think", True)  # noqa: FBT003 # any value
    done = await ask_and_answer(exchanges, chat.id)
    running, waiting, paused = [
        await exchanges.add(place.id, who, "Mina", "Why?")
        for place, who in ((group, mina.id), (chat, None), (chat, mina.id))
    ]
    assert running is not None
    assert waiting is not None
    assert paused is not None
    clock.now = 1200.0
    for _ in range(2):
        await exchanges.start(running.id, 0, seed=1)
    await exchanges.start(paused.id, 0, seed=1)
    await exchanges.keep_draft(paused.id, 0, "", [], "fingerprint")
    await exchanges.redo(done.id, Work.RETRY)
    assert await overview.queue() == [
        Waiting(done.id, chat, None, "Mina", 1000.0, None, begun=False, tries=0),
        Waiting(running.id, group, mina, "Mina", 1000.0, 1200.0, begun=True, tries=2),
        Waiting(waiting.id, chat, None, "Mina", 1000.0, None, begun=False, tries=0),
        Waiting(paused.id, chat, mina, "Mina", 1000.0, 1200.0, begun=True, tries=0),
    ]


async def test_totals_are_of_everything(
    database: Database, overview: Overview, exchanges: Exchanges, chat: Chat, path: Path
) -> None:
    group = await database.chats.open("telegram", "-10", "group", "")
    await database.people.open("telegram", "7", "Mina")
    await ask(exchanges, chat.id)
    for place in (chat, group, group):
        await ask_and_answer(exchanges, place.id)
    size = sum(path.with_name(name).stat().st_size for name in ("ostro.db", "ostro.db-wal"))
    assert path.with_name("ostro.db-wal").stat().st_size > 0
    assert await overview.totals() == Overall(2, 1, 4, 3, 60, 9, 1.5, size)


async def test_the_size_is_that_of_the_file_behind_a_link(tmp_path: Path) -> None:
    link = tmp_path / "link.db"
    link.symlink_to(tmp_path / "own.db")
    (tmp_path / "own.db").touch()
    async with Database.open(link) as database:
        await database.people.open("telegram", "7", "Mina")
        assert (tmp_path / "own.db-wal").stat().st_size > 0
        size = sum((tmp_path / name).stat().st_size for name in ("own.db", "own.db-wal"))
        assert (await database.overview.totals()).bytes == size
