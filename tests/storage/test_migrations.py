import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from storage.database import Database
from storage.records import State
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


@pytest.fixture
def first(path: Path, tmp_path: Path) -> Path:
    """A database of the first version with something in all of its tables."""
    migrations = tmp_path / "first"
    migrations.mkdir()
    shutil.copy(MIGRATIONS / "0001_initial.sql", migrations)
    prepare(path, migrations)
    with closing(sqlite3.connect(path)) as database:
        database.executescript(FILLED_1)
    return path


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


def test_a_migrated_file_has_the_tables_of_a_new_one(first: Path, tmp_path: Path) -> None:
    prepare(first)
    prepare(tmp_path / "blank.db")
    tables = "SELECT type, name, sql FROM sqlite_master ORDER BY type, name"
    assert run_sql(first, tables) == run_sql(tmp_path / "blank.db", tables)
    assert "offsets" not in {name for _, name, _ in run_sql(first, tables)}
    assert run_sql(first, "PRAGMA foreign_key_check") == []
    assert run_sql(first, "PRAGMA integrity_check") == [("ok",)]


async def test_messages_still_go_with_their_exchange(first: Path) -> None:
    async with Database.open(first) as database:
        await database.chats.clear(4, [5])
    assert run_sql(first, "SELECT exchange_id, message_id FROM deliveries") == [(6, "only")]


def test_the_copy_that_is_kept_is_of_the_first_version(first: Path) -> None:
    prepare(first)
    before = first.with_name("ostro.db.before-0002")
    assert run_sql(before, "SELECT value FROM offsets") == [("502",)]
    assert run_sql(before, "SELECT count(*) FROM deliveries") == [(4,)]
