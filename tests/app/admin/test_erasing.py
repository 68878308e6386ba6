import json
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from bot.typed import typed_lines
from storage.database import Database
from storage.records import State
from tests.app.admin.conftest import WORDS, Within
from tests.doubles.outside import contents, run_sql
from tests.doubles.telegram_home import say
from tests.doubles.typed_shell import Typing

pytestmark = pytest.mark.usefixtures("filled")


@pytest.fixture
def history(path: Path) -> Path:
    """Lines that were typed into chat 3."""
    lines = typed_lines(path, "default")
    lines.write_text(f"+Four {WORDS}\n")
    return lines


def left(path: Path) -> list[tuple[object, ...]]:
    """Return the questions that are stored: chat, and how far they are."""
    return run_sql(path, "SELECT chat_id, state FROM exchanges ORDER BY id")


ALL = [(1, "answered"), (1, "answered"), (2, "pending"), (3, "answered")]


def test_chats_are_reset_by_number_and_by_key(admin: Typing, path: Path) -> None:
    done = admin("reset", "1", "terminal:default")

    assert (done.status, done.out, done.err) == (
        0,
        f"{say('admin.reset', chats=2, exchanges=3)}\n",
        "",
    )
    assert left(path) == [(2, "pending")]


def test_a_reset_is_json_and_counts_a_chat_once(admin: Typing) -> None:
    done = admin("reset", "1", "telegram:7", "--json")

    assert json.loads(done.out) == {"chats": [1], "exchanges": 2, "scrubbed": True}


def test_if_one_of_the_chats_is_not_there_none_is_reset(admin: Typing, path: Path) -> None:
    done = admin("reset", "1", "telegram:77")

    assert (done.status, done.out) == (2, "")
    assert left(path) == ALL


def test_the_words_are_nowhere_any_more(admin: Typing, path: Path, history: Path) -> None:
    assert any(WORDS.encode() in found for found in contents(path.parent).values())
    admin("cancel", "--all")
    done = admin("reset", "--all", "--yes", "--json")
    found = contents(path.parent)

    assert json.loads(done.out) == {"chats": [1, 2, 3], "exchanges": 4, "scrubbed": True}
    assert history.name in found
    assert [name for name, held in found.items() if WORDS.encode() in held] == []


def test_lines_typed_in_a_terminal_go_with_its_chat_alone(
    admin: Typing, path: Path, history: Path
) -> None:
    other = typed_lines(path, "7")  # also what Telegram calls chat 1
    other.write_text("+keep\n")
    admin("reset", "1")
    assert history.read_text()
    admin("reset", "3")

    assert (history.read_text(), other.read_text()) == ("", "+keep\n")
    assert stat.S_IMODE(history.stat().st_mode) == stat.S_IMODE(other.stat().st_mode)


def test_all_typed_lines_go_with_all_chats_and_nothing_else_beside_the_database(
    admin: Typing, path: Path, history: Path
) -> None:
    unknown = typed_lines(path, "nothing-was-ever-asked-here")
    unknown.write_text("+gone\n")
    others = [
        path.with_name(name)
        for name in ("ostro.db.bak", "my.history", "ostro.db.a.b.history", "ostro.db.a.history~")
    ]
    for other in others:
        other.write_text("kept")
    admin("reset", "--all", "--yes")

    assert (history.read_text(), unknown.read_text()) == ("", "")
    assert [other.read_text() for other in others] == ["kept"] * 4


def test_typed_lines_that_cannot_be_emptied_are_a_failure(admin: Typing, path: Path) -> None:
    typed_lines(path, "default").mkdir()
    done = admin("reset", "3")

    assert (done.status, done.out) == (1, "")
    assert "ostro.db.default.history" in done.last


def test_text_that_others_still_read_is_told_of_and_gone_with_the_next_reset(
    admin: Typing, path: Path
) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM exchanges").fetchall()
        done = admin("reset", "1")
        again = json.loads(admin("reset", "1", "--json").out)

    assert (done.status, say("admin.not_scrubbed") in done.out) == (0, True)
    assert again == {"chats": [1], "exchanges": 0, "scrubbed": False}
    assert json.loads(admin("reset", "1", "--json").out)["scrubbed"] is True


def test_a_person_is_forgotten_everywhere(admin: Typing, path: Path) -> None:
    done = admin("forget", "telegram:7", "--yes")

    assert (done.status, done.err) == (0, "")
    assert done.out == (
        "Forgotten: telegram:7. Questions: 2, quotes of them in what others asked: 1\n"
    )
    assert left(path) == [(2, "pending"), (3, "answered")]
    assert run_sql(path, "SELECT quote FROM exchanges WHERE id = 3") == [(None,)]
    assert run_sql(path, "SELECT * FROM people WHERE native_id = '7'") == []


def test_forgetting_is_json_also_of_somebody_unknown(admin: Typing) -> None:
    def forgotten(person: str) -> object:
        return json.loads(admin("forget", person, "--yes", "--json").out)

    gone = {"target": "telegram:7", "exchanges": 2, "quotes": 1, "chats": [1, 2], "scrubbed": True}
    assert forgotten("telegram:7") == gone
    assert forgotten("telegram:7") == {**gone, "exchanges": 0, "quotes": 0, "chats": []}


@pytest.mark.parametrize("words", [("reset", "--all"), ("forget", "telegram:7")])
def test_where_nobody_can_be_asked_it_has_to_be_said_that_it_is_meant(
    admin: Typing, path: Path, words: tuple[str, ...]
) -> None:
    done = admin(*words)

    assert (done.status, done.out) == (2, "")
    assert done.last.endswith("there is nobody to be asked here: --yes says that it is meant")
    assert left(path) == ALL


def test_a_backup_is_the_same_database_and_stays_as_it_was(
    admin: Typing, path: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.db"
    done = admin("backup", str(copy))
    before = run_sql(copy, "SELECT * FROM exchanges")
    admin("reset", "--all", "--yes")

    assert (done.status, done.err) == (0, "")
    assert done.out.startswith(f"{path} is copied to {copy}, ")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert run_sql(copy, "SELECT * FROM exchanges") == before != []


def test_copied_back_it_is_what_it_was(
    admin: Typing, path: Path, tmp_path: Path, within: Within
) -> None:
    copy = tmp_path / "copy.db"
    before = run_sql(path, "SELECT * FROM exchanges")
    admin("backup", str(copy))
    admin("reset", "--all", "--yes")
    for file in (path, path.with_name("ostro.db-wal"), path.with_name("ostro.db-shm")):
        file.unlink(missing_ok=True)
    path.write_bytes(copy.read_bytes())

    async def pending(database: Database) -> State:
        exchange = await database.exchanges.get(3)
        assert exchange is not None
        return exchange.state

    assert within(pending) is State.PENDING
    assert run_sql(path, "SELECT * FROM exchanges") == before


def test_a_backup_is_json_and_a_relative_path_is_of_the_folder_one_is_in(
    admin: Typing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = admin("backup", "copy.db", "--json")
    copy = tmp_path / "copy.db"

    assert json.loads(done.out) == {"path": str(copy), "bytes": copy.stat().st_size}


def test_a_backup_takes_nobodys_place(admin: Typing, path: Path, tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("mine")
    for place in (taken, tmp_path, path, tmp_path / "nowhere" / "copy.db"):
        done = admin("backup", str(place))
        assert (done.status, done.out) == (1, "")
        assert str(place) in done.last

    assert taken.read_text() == "mine"
    assert left(path) == ALL
