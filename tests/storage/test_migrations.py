import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from storage.database import Database
from storage.errors import ForgottenError
from storage.records import Chat, Era, PersonRole, State
from storage.schema import MIGRATIONS, prepare
from tests.doubles.outside import run_sql

FILLED_1 = """
INSERT INTO people (id, platform, native_id, name) VALUES (3, 'telegram', '7', '민아');
INSERT INTO chats (id, platform, native_id, kind, title, created_at, updated_at)
VALUES (4, 'telegram', '7', 'private', '한글', 1, 1);
INSERT INTO exchanges (id, chat_id, epoch, person_id, author_name, question, created_at)
VALUES (5, 4, 0, 3, '민아', '왜요?', 1), (6, 4, 0, 3, '민아', 'Why?', 1), (9, 4, 0, 3, '', '', 1);
DELETE FROM exchanges WHERE id = 9;
INSERT INTO incoming VALUES ('telegram', '7', '501', 5, 1);
INSERT INTO offsets VALUES ('telegram', '502');
INSERT INTO deliveries (exchange_id, revision, part, message_id)
VALUES (5, 1, 0, 'new'), (5, 0, 0, 'old'), (5, 0, 1, 'second'), (6, 0, 0, 'only');
INSERT INTO controls (action, created_at) VALUES ('cancel', 1);
"""


FILLED_2 = """
INSERT INTO people (id, platform, native_id, name, role, language)
VALUES (3, 'telegram', '7', '민아', 'member', 'ko'), (8, 'discord', '7', 'Jun', 'member', NULL);
INSERT INTO chats VALUES (
    4, 'telegram', '7', 'private', '한글', 'custom', 'Be kind.', 'ko', '{"heard": "ko"}',
    2, 6, '501', 1, 2
);
INSERT INTO exchanges (id, chat_id, epoch, person_id, author_name, question, created_at)
VALUES (5, 4, 2, 3, '민아', '왜요?', 1), (6, 4, 2, 8, 'Jun', 'Why?', 1);
INSERT INTO deliveries VALUES (5, 0, '50');
INSERT INTO sources VALUES (5, 0, '49', 3, 1);
INSERT INTO leftovers VALUES (4, '48');
INSERT INTO controls (action, created_at) VALUES ('cancel', 1);
"""


FILLED_3 = """
INSERT INTO people (id, platform, native_id, name, role, language)
VALUES (3, 'telegram', '7', '민아', 'owner', 'ko'), (8, 'telegram', '8', 'Jun', NULL, NULL);
INSERT INTO chats VALUES (
    4, 'telegram', '-100', 'group', '부엌', '', NULL, NULL, '{"think": true}', 3, 6, '501', 1, 2
);
INSERT INTO exchanges (id, chat_id, epoch, person_id, author_name, question, created_at)
VALUES (5, 4, 3, 3, '민아', '왜요?', 1), (6, 4, 3, 8, 'Jun', 'Why?', 1);
INSERT INTO places VALUES ('telegram', '-100', 1, '부엌');
INSERT INTO knocks (platform, native_id, place, name, asked_at)
VALUES ('discord', '9', 0, 'Ada', 1);
UPDATE signals SET erasures = 5, rebuilt = 5;
"""


def filled(path: Path, tmp_path: Path, version: int, rows: str) -> Path:
    """Make a database of an older version with something in all of its tables."""
    migrations = tmp_path / "older"
    migrations.mkdir()
    for step in sorted(MIGRATIONS.glob("*.sql"))[:version]:
        shutil.copy(step, migrations)
    prepare(path, migrations)
    with closing(sqlite3.connect(path)) as database:
        database.executescript(rows)
    return path


@pytest.fixture
def first(path: Path, tmp_path: Path) -> Path:
    return filled(path, tmp_path, 1, FILLED_1)


@pytest.fixture
def second(path: Path, tmp_path: Path) -> Path:
    return filled(path, tmp_path, 2, FILLED_2)


@pytest.fixture
def third(path: Path, tmp_path: Path) -> Path:
    return filled(path, tmp_path, 3, FILLED_3)


@pytest.fixture(params=["first", "second", "third"])
def older(request: pytest.FixtureRequest) -> Path:
    """A database of each older version."""
    older: Path = request.getfixturevalue(request.param)
    return older


@pytest.fixture(params=["first", "second"])
def ungranted(request: pytest.FixtureRequest) -> Path:
    """A database of a version in which nobody was granted anything."""
    ungranted: Path = request.getfixturevalue(request.param)
    return ungranted


async def test_what_was_asked_before_is_there_and_waits(first: Path) -> None:
    async with Database.open(first) as database:
        found = await database.exchanges.all(4)
        assert [(one.id, one.question, one.state) for one in found] == [
            (5, "왜요?", State.PENDING),
            (6, "Why?", State.PENDING),
        ]
        assert await database.incoming.known(("telegram", "7", "501"))
        added = await database.exchanges.add(4, 3, "민아", "새로", message_id="41")
        assert added is not None
        assert added.id == 10


async def test_the_newest_message_of_each_part_is_kept(first: Path) -> None:
    async with Database.open(first) as database:
        assert await database.deliveries.parts(5) == {0: "new", 1: "second"}
        assert await database.deliveries.parts(6) == {0: "only"}


def test_a_migrated_file_has_the_tables_of_a_new_one(older: Path, tmp_path: Path) -> None:
    prepare(older)
    prepare(tmp_path / "blank.db")
    tables = "SELECT type, name, sql FROM sqlite_master ORDER BY type, name"
    assert run_sql(older, tables) == run_sql(tmp_path / "blank.db", tables)
    assert not {"offsets", "controls"} & {name for _, name, _ in run_sql(older, tables)}
    assert run_sql(older, "PRAGMA foreign_key_check") == []
    assert run_sql(older, "PRAGMA integrity_check") == [("ok",)]


async def test_messages_still_go_with_their_exchange(first: Path) -> None:
    async with Database.open(first) as database:
        await database.exchanges.start(5, 0, seed=1)
        await database.chats.clear(4, asker=0)
    assert run_sql(first, "SELECT exchange_id, message_id FROM deliveries") == [(6, "only")]


def test_the_copy_that_is_kept_is_of_the_first_version(first: Path) -> None:
    prepare(first)
    before = first.with_name("ostro.db.before-0002")
    assert run_sql(before, "SELECT value FROM offsets") == [("502",)]
    assert run_sql(before, "SELECT count(*) FROM deliveries") == [(4,)]


async def test_of_the_second_version_nothing_is_lost(second: Path) -> None:
    async with Database.open(second) as database:
        options = {"heard": "ko"}
        assert await database.chats.get(4) == Chat(
            4, "telegram", "7", "private", "한글", "custom", "Be kind.", "ko", options,
            epoch=2, erasures=0, window_start=6, last_seen="501", created_at=1.0, updated_at=2.0,
        )  # fmt: skip
        found = await database.exchanges.all(4)
        assert [(one.id, one.person_id, one.question) for one in found] == [
            (5, 3, "왜요?"),
            (6, 8, "Why?"),
        ]
        assert await database.deliveries.parts(5) == {0: "50"}
        asked = await database.exchanges.asked_by(4, "49")
        assert asked is not None
        assert asked.exchange_id == 5
        assert await database.deliveries.before(5) == "48"


async def test_who_was_seen_keeps_name_and_language_and_was_granted_nothing(
    ungranted: Path,
) -> None:
    before = run_sql(ungranted, "SELECT id, platform, native_id, name, language FROM people")
    assert before
    async with Database.open(ungranted) as database:
        for number, platform, native_id, name, language in before:
            found = await database.people.find(str(platform), str(native_id))
            assert found is not None
            assert (found.id, found.name, found.role) == (number, name, None)
            assert found.language == language


async def test_whoever_is_new_gets_a_number_that_was_never_given(second: Path) -> None:
    async with Database.open(second) as database:
        assert (await database.people.open("telegram", "9", "Ada")).id == 9
        assert (await database.chats.open("telegram", "9", "private", "")).id == 5


async def test_chats_and_people_are_still_what_exchanges_hang_on(second: Path) -> None:
    async with Database.open(second) as database:
        with pytest.raises(ForgottenError):
            await database.exchanges.add(99, None, "", "no such chat")
        with pytest.raises(ForgottenError):
            await database.exchanges.add(4, 99, "", "no such person")
        await database.erasing.forget_person("telegram", "7")
    for table in ("chats", "exchanges", "deliveries", "sources", "leftovers"):
        assert run_sql(second, f"SELECT * FROM {table}") == []  # noqa: S608 # names of ours
    assert run_sql(second, "PRAGMA foreign_key_check") == []


async def test_a_migrated_file_begins_with_nobody_let_in_and_nothing_signalled(
    ungranted: Path,
) -> None:
    async with Database.open(ungranted) as database:
        assert await database.places.rules() == []
        assert await database.knocks.open() == []
        assert await database.people.with_roles() == []
        assert not await database.signals.paused()
        assert await database.signals.erasures() == 0


async def test_of_the_third_version_nothing_is_lost(third: Path) -> None:
    async with Database.open(third) as database:
        options = {"think": True}
        assert await database.chats.get(4) == Chat(
            4, "telegram", "-100", "group", "부엌", "", None, None, options,
            epoch=3, erasures=0, window_start=6, last_seen="501", created_at=1.0, updated_at=2.0,
        )  # fmt: skip
        found = await database.exchanges.all(4)
        assert [(one.id, one.person_id, one.question) for one in found] == [
            (5, 3, "왜요?"),
            (6, 8, "Why?"),
        ]
        [owner] = await database.people.with_roles()
        assert (owner.id, owner.role) == (3, PersonRole.OWNER)
        [rule] = await database.places.rules()
        assert (rule.native_id, rule.allowed) == ("-100", True)
        [knock] = await database.knocks.open()
        assert knock.name == "Ada"
        assert await database.signals.erasures() == 5


async def test_an_old_chat_is_in_its_first_era_until_something_of_it_is_deleted(
    older: Path,
) -> None:
    async with Database.open(older) as database:
        before = (await database.chats.get(4)).era
        assert await database.chats.eras() == [before]
        assert before.erasures == 0
        await database.chats.clear(4)
        assert await database.chats.eras() == [Era(4, before.epoch + 1, 0)]


async def test_an_old_chat_that_is_forgotten_is_over(second: Path) -> None:
    async with Database.open(second) as database:
        before = (await database.chats.get(4)).era
        await database.erasing.forget_person("telegram", "7")
        [left] = await database.chats.eras()
        assert left.chat == 4
        assert left > before
