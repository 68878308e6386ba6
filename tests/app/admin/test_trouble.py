import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

import storage.connection
import storage.schema
from tests.app.admin.conftest import EVERY
from tests.doubles.outside import contents, run_sql
from tests.doubles.telegram_home import say
from tests.doubles.typed_shell import Typing

WRITING = [
    *(("reset", "1"), ("reset", "--all", "--yes"), ("persona", "1", "coder")),
    *(("allow", "telegram:55"), ("block", "telegram:55"), ("role", "telegram:55", "admin")),
    *(("cancel", "3"), ("pause",), ("claim",), ("forget", "telegram:7", "--yes")),
]


@pytest.mark.parametrize("words", EVERY)
def test_without_a_database_each_is_one_line_and_none_is_made(
    admin: Typing, path: Path, words: tuple[str, ...]
) -> None:
    done = admin(*words)

    assert (done.status, done.out, len(done.err.splitlines())) == (1, "", 1)
    assert done.last.startswith(f"ostro: there is no database at {path}: ")
    assert not path.parent.exists()


def test_without_a_database_there_is_nothing_to_copy(
    admin: Typing, path: Path, tmp_path: Path
) -> None:
    done = admin("backup", str(tmp_path / "copy.db"))

    assert (done.status, done.out, len(done.err.splitlines())) == (1, "", 1)
    assert f"there is no database at {path}" in done.last
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("empty")
@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("chats",), "There are no chats yet."),
        (("people",), "Nobody has talked to the bot yet."),
        (("queue",), say("admin.queue_empty")),
        (("reset", "--all", "--yes"), say("admin.reset", chats=0, exchanges=0)),
        (("cancel", "--all"), say("admin.cancelled", count=0)),
        (("resume",), say("admin.resumed_already")),
    ],
)
def test_where_nothing_is_stored_that_is_said(
    admin: Typing, words: tuple[str, ...], says: str
) -> None:
    done = admin(*words)

    assert (done.status, done.out, done.err) == (0, f"{says}\n", "")


@pytest.mark.usefixtures("empty")
def test_sums_of_nothing_are_sums(admin: Typing) -> None:
    done, read = admin("stats"), json.loads(admin("stats", "--json").out)

    assert (done.status, "not measured yet" in done.out) == (0, True)
    assert (read["chats"], read["exchanges"], read["seconds"]) == (0, 0, 0)


@pytest.mark.usefixtures("empty")
@pytest.mark.parametrize("words", [("chats",), ("people",), ("queue",)])
def test_where_nothing_is_stored_lists_are_empty(admin: Typing, words: tuple[str, ...]) -> None:
    read = json.loads(admin(*words, "--json").out)
    lists = [value for value in read.values() if isinstance(value, list)]

    assert lists
    assert not any(lists)


BAD = [
    *((), ("sing",), ("chats", "2"), ("reset",), ("reset", "--all", "1", "--yes")),
    *(("reset", "99"), ("reset", "telegram:99"), ("reset", "nonsense"), ("reset", "1", "99")),
    *(("reset", "-1"), ("reset", "1" * 30), ("reset", ""), ("reset", "--al")),
    *(("persona",), ("persona", "1"), ("persona", "1", "nobody"), ("persona", "99", "coder")),
    *(("people", "all"), ("allow",), ("allow", "55"), ("allow", "telegram:"), ("allow", "x:1")),
    *(("allow", "telegram:55", "telegram:56"), ("allow", "terminal:0"), ("block", "@mina")),
    *(("block", "telegram:٥"), ("block", "telegram:-0"), ("block", "telegram:7\u202e")),
    *(("role", "telegram:55"), ("role", "telegram:55", "king"), ("role", "discord:1/", "admin")),
    *(("role", "telegram:55", "blocked"), ("queue", "1"), ("cancel",), ("cancel", "99")),
    *(("cancel", "one"), ("cancel", "3", "--all"), ("cancel", "1"), ("cancel", "9" * 40)),
    *(("pause", "1"), ("resume", "1"), ("stats", "1"), ("claim", "1"), ("backup",)),
    *(("forget",), ("forget", "7", "--yes"), ("forget", "discord:1/", "--yes")),
    *(("chats", "--nonsense"), ("chats", "--js"), ("--json",), ("\x1b[31m",)),
]


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("words", BAD)
@pytest.mark.parametrize("json", [(), ("--json",)])
def test_bad_input_gets_usage_and_an_example_and_changes_nothing(
    admin: Typing, path: Path, words: tuple[str, ...], json: tuple[str, ...]
) -> None:
    before = dump(path)
    done = admin(*words, *json)

    assert (done.status, done.out) == (2, "")
    assert done.err.startswith("usage: ostro admin ")
    assert "\nfor example: ostro admin " in done.err
    assert done.last.startswith("ostro admin")
    assert ": error: " in done.last
    assert dump(path) == before


def dump(path: Path) -> list[str]:
    """Return all that a database holds, as SQL."""
    with closing(sqlite3.connect(path)) as database:
        return list(database.iterdump())


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("words", EVERY)
def test_each_example_is_one_that_works(admin: Typing, words: tuple[str, ...]) -> None:
    """Of how it is typed, not of what it names."""
    told = admin(words[0], "--help").out
    [example] = [line for line in told.splitlines() if line.startswith("for example: ")]
    done = admin(*example.removeprefix("for example: ostro admin ").split(), "--yes")

    assert "is not how" not in done.err


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("words", WRITING)
def test_while_others_write_it_waits_and_then_says_so_in_one_line(
    admin: Typing, path: Path, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert storage.schema.PATIENCE >= 5
    monkeypatch.setattr(storage.connection, "PATIENCE", 0.05)
    before = dump(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as rival:
        rival.execute("BEGIN IMMEDIATE")
        done = admin(*words)

    assert (done.status, done.out, len(done.err.splitlines())) == (1, "", 1)
    assert f"keeps {path} busy" in done.last
    assert dump(path) == before


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("words", [("chats",), ("people",)])
def test_while_others_write_it_can_be_looked_at(
    admin: Typing, path: Path, words: tuple[str, ...]
) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as rival:
        rival.execute("BEGIN IMMEDIATE")
        rival.execute("DELETE FROM exchanges")
        done = admin(*words)

    assert (done.status, done.err) == (0, "")


def test_what_is_no_database_is_one_line_and_stays_as_it_is(admin: Typing, path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"no database at all" * 100)
    before = contents(path.parent)
    done = admin("chats")

    assert (done.status, done.out, len(done.err.splitlines())) == (1, "", 1)
    assert "damaged or is not a database of Ostro" in done.last
    assert contents(path.parent) == before


@pytest.mark.usefixtures("filled")
def test_wrong_settings_are_one_line_without_the_usage_of_a_command(
    admin: Typing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOT_OWNERS", "mina")
    done = admin("chats")

    assert (done.status, len(done.err.splitlines())) == (2, 1)
    assert "BOT_OWNERS=mina" in done.last


def test_a_database_of_an_earlier_version_is_brought_up_to_date(admin: Typing, path: Path) -> None:
    path.parent.mkdir()
    steps = sorted(storage.schema.MIGRATIONS.glob("*.sql"))
    with closing(sqlite3.connect(path)) as old:
        old.executescript(steps[0].read_text("utf-8"))
        old.execute("PRAGMA user_version = 1")
    done = admin("chats")

    assert (done.status, done.err) == (0, "")
    assert run_sql(path, "PRAGMA user_version") == [(len(steps),)]
