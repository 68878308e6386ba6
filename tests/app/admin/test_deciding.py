import json
from pathlib import Path

import pytest

from tests.doubles.outside import run_sql
from tests.doubles.telegram_home import say
from tests.doubles.typed_shell import Typing

pytestmark = pytest.mark.usefixtures("filled")


def role(path: Path, native_id: str) -> object:
    """Return a person's stored role; they have to be there."""
    [(stored,)] = run_sql(path, f"SELECT role FROM people WHERE native_id = '{native_id}'")  # noqa: S608 # of tests
    return stored


@pytest.mark.parametrize(
    ("words", "phrase", "stored"),
    [
        (("allow", "telegram:55"), "admin.allowed", "member"),
        (("block", "telegram:55"), "admin.blocked", "blocked"),
        (("role", "telegram:55", "admin"), "admin.role_set", "admin"),
        (("role", "telegram:55", "owner"), "admin.role_set", "owner"),
        (("role", "telegram:55", "member"), "admin.role_set", "member"),
    ],
)
def test_people_are_decided_about(
    admin: Typing, path: Path, words: tuple[str, ...], phrase: str, stored: str
) -> None:
    done = admin(*words)
    said = say(phrase, who="Stranger (telegram:55)", role=stored)

    assert (done.status, done.out, done.err) == (0, f"{said}\n", "")
    assert role(path, "55") == stored
    assert run_sql(path, "SELECT * FROM knocks") == []


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("allow", "telegram:55"), ("Stranger", False, "member", True)),
        (("block", "telegram:55"), ("Stranger", False, "blocked", False)),
        (("role", "telegram:8", "admin"), ("Bo", False, "admin", True)),
        (("role", "telegram:7", "none"), ("Mina", False, None, False)),
        (("allow", "telegram:-100123"), ("Team", True, None, True)),
        (("block", "discord:1/"), ("Home", True, None, False)),
    ],
)
def test_decisions_are_json(
    admin: Typing, words: tuple[str, ...], expected: tuple[str, bool, str | None, bool]
) -> None:
    done = admin(*words, "--json")

    assert (done.status, done.err) == (0, "")
    assert json.loads(done.out) == {
        "target": words[1],
        **dict(zip(("name", "place", "role", "allowed"), expected, strict=True)),
    }


def test_places_are_decided_about(admin: Typing, path: Path) -> None:
    admin("allow", "telegram:-100123")
    admin("block", "discord:1/2")
    rules = run_sql(path, "SELECT platform, native_id, allowed FROM places ORDER BY native_id")

    assert rules == [("telegram", "-100123", 1), ("discord", "1", 1), ("discord", "1/2", 0)]


def test_the_shell_may_take_the_last_owner_their_role(admin: Typing, path: Path) -> None:
    assert admin("role", "telegram:7", "none").status == 0
    assert role(path, "7") is None


def test_blocking_takes_back_what_they_wait_for(admin: Typing, path: Path) -> None:
    admin("block", "telegram:8")

    assert run_sql(path, "SELECT state FROM exchanges WHERE id = 3") == [("cancelled",)]


def test_blocking_takes_it_back_also_where_everyone_else_is_answered(
    admin: Typing, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOT_ACCESS", "open")
    admin("block", "telegram:8")

    assert run_sql(path, "SELECT state FROM exchanges WHERE id = 3") == [("cancelled",)]


def test_an_owner_by_settings_is_changed_there_alone(
    admin: Typing, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOT_OWNERS", "telegram:8")
    done = admin("block", "telegram:8")

    assert (done.status, done.out) == (1, "")
    assert "BOT_OWNERS" in done.last
    assert role(path, "8") is None


def test_a_persona_is_chosen(admin: Typing, path: Path) -> None:
    done = admin("persona", "telegram:-100123", "Coder")

    assert (done.status, done.err) == (0, "")
    assert done.out == f"{say('admin.persona_set', chat=2, persona='coder')}\n"
    assert run_sql(path, "SELECT persona FROM chats WHERE id = 2") == [("coder",)]


@pytest.mark.parametrize(("name", "stored"), [("off", ""), ("default", None), ("coder", "coder")])
def test_a_chosen_persona_is_json(admin: Typing, name: str, stored: str | None) -> None:
    assert json.loads(admin("persona", "1", name, "--json").out) == {"chat": 1, "persona": stored}


def test_a_persona_of_a_folder_of_ones_own_is_one(
    admin: Typing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pirate.toml").write_text('instructions = "Talk like a pirate."')
    monkeypatch.setenv("BOT_PERSONAS_PATH", str(tmp_path))

    assert json.loads(admin("persona", "1", "pirate", "--json").out)["persona"] == "pirate"


def test_a_question_is_taken_back(admin: Typing, path: Path) -> None:
    done = admin("cancel", "3")

    assert (done.status, done.out, done.err) == (0, f"{say('admin.cancelled', count=1)}\n", "")
    assert run_sql(path, "SELECT state FROM exchanges WHERE id = 3") == [("cancelled",)]


def test_all_questions_are_taken_back_also_where_there_are_none(admin: Typing) -> None:
    assert json.loads(admin("cancel", "--all", "--json").out) == {"cancelled": 1}
    assert json.loads(admin("cancel", "--all", "--json").out) == {"cancelled": 0}


def test_pausing_and_resuming_say_what_changed(admin: Typing, path: Path) -> None:
    def said(word: str) -> object:
        return json.loads(admin(word, "--json").out)

    assert said("pause") == {"paused": True, "changed": True}
    assert run_sql(path, "SELECT paused FROM signals") == [(1,)]
    assert said("pause") == {"paused": True, "changed": False}
    assert said("resume") == {"paused": False, "changed": True}
    assert run_sql(path, "SELECT paused FROM signals") == [(0,)]
    assert said("resume") == {"paused": False, "changed": False}


def test_pausing_says_how_to_resume(admin: Typing) -> None:
    first, again = admin("pause").out, admin("pause").out

    assert first.startswith("Paused: what is being answered is finished. ")
    assert again.startswith("It was paused already. ")
    assert first.endswith("ostro admin resume`.\n")
    assert again.endswith("ostro admin resume`.\n")
    assert admin("resume").out == f"{say('admin.resumed')}\n"
    assert admin("resume").out == f"{say('admin.resumed_already')}\n"
