import json
import time

import pytest

from tests.app.admin.conftest import HOUR, NOON
from tests.doubles.typed_shell import Done, Typing

pytestmark = pytest.mark.usefixtures("filled")


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: NOON + 2 * HOUR)


def plain(done: Done) -> dict[str, object]:
    """Return what a script reads, which is all that was written."""
    assert (done.status, done.err) == (0, "")
    read = json.loads(done.out)
    assert isinstance(read, dict)
    return read


def test_chats_are_a_table(admin: Typing) -> None:
    done = admin("chats")

    assert (done.status, done.err) == (0, "")
    assert done.out.splitlines() == [
        "No. | chat             | title | persona | used    | questions | tokens",
        "----+------------------+-------+---------+---------+-----------+-------",
        "  1 | telegram:7       | Mina  | coder   | 2 h ago |         2 |     46",
        "  2 | telegram:-100123 | Team  | default | 3 h ago |         1 |      0",
        "  3 | terminal:default |       | default | 1 d ago |         1 |     23",
    ]


def test_chats_are_json(admin: Typing) -> None:
    read = plain(admin("chats", "--json"))
    chats = read.pop("chats")

    assert read == {"page": 1, "pages": 1, "total": 3, "at": NOON + 2 * HOUR}
    assert isinstance(chats, list)
    assert chats[0] == {
        "number": 1,
        "key": "telegram:7",
        "kind": "private",
        "title": "Mina",
        "persona": "coder",
        "exchanges": 2,
        "tokens": 46,
        "used_at": NOON,
    }
    assert [chat["key"] for chat in chats] == [
        *("telegram:7", "telegram:-100123", "terminal:default")
    ]


def test_people_are_tables_of_who_asks_of_people_and_of_places(admin: Typing) -> None:
    done = admin("people")

    assert (done.status, done.err) == (0, "")
    assert done.out.splitlines() == [
        "asks to be let in | name     | asked",
        "------------------+----------+--------",
        "telegram:55       | Stranger | 2 h ago",
        "",
        "person     | name | role    | questions | asked",
        "-----------+------+---------+-----------+--------",
        "telegram:7 | Mina | owner   |         2 | 2 h ago",
        "discord:9  |      | blocked |         0 | never",
        "telegram:8 | Bo   | none    |         1 | 3 h ago",
        "",
        "place      | title | state",
        "-----------+-------+-------",
        "discord:1/ | Home  | let in",
    ]


def test_people_are_json(admin: Typing) -> None:
    assert plain(admin("people", "--json")) == {
        "page": 1,
        "pages": 1,
        "total": 5,
        "at": NOON + 2 * HOUR,
        "knocks": [{"target": "telegram:55", "place": False, "name": "Stranger", "asked_at": NOON}],
        "people": [
            _person("telegram:7", "Mina", "owner", 2, NOON),
            _person("discord:9", "", "blocked", 0, None),
            _person("telegram:8", "Bo", None, 1, NOON - HOUR),
        ],
        "places": [{"target": "discord:1/", "title": "Home", "allowed": True}],
    }


def _person(
    target: str, name: str, role: str | None, exchanges: int, asked_at: float | None
) -> dict[str, object]:
    return {
        "target": target,
        "name": name,
        "role": role,
        "fixed": False,
        "exchanges": exchanges,
        "asked_at": asked_at,
    }


def test_owners_by_settings_are_told_apart(admin: Typing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_OWNERS", "telegram:8")
    read = plain(admin("people", "--json"))

    assert isinstance(read["people"], list)
    assert {one["target"]: one["fixed"] for one in read["people"]}["telegram:8"] is True


def test_the_queue_is_a_table(admin: Typing) -> None:
    done = admin("queue")

    assert (done.status, done.err) == (0, "")
    assert done.out.splitlines() == [
        "No. | name | chat             | title | state   | since   | tries",
        "----+------+------------------+-------+---------+---------+------",
        "  3 | Bo   | telegram:-100123 | Team  | waiting | 3 h ago |     0",
    ]


def test_the_queue_is_json(admin: Typing) -> None:
    assert plain(admin("queue", "--json")) == {
        "paused": False,
        "at": NOON + 2 * HOUR,
        "waiting": [
            {
                "number": 3,
                "chat": 2,
                "key": "telegram:-100123",
                "title": "Team",
                "target": "telegram:8",
                "name": "Bo",
                "asked_at": NOON - HOUR,
                "begun": False,
                "started_at": None,
                "tries": 0,
            }
        ],
    }


def test_a_paused_queue_says_so_and_how_to_resume(admin: Typing) -> None:
    admin("pause")
    first, *_ = admin("queue").out.splitlines()

    assert first.startswith("Paused: nothing new is answered until `")
    assert first.endswith("ostro admin resume`.")
    assert plain(admin("queue", "--json"))["paused"] is True


def test_sums_are_a_table(admin: Typing) -> None:
    done = admin("stats")
    sums = dict(_cells(line) for line in done.out.splitlines()[2:])

    assert (done.status, done.err) == (0, "")
    assert {name: sums[name] for name in ("Chats", "People", "Questions", "Answers")} == {
        "Chats": "3",
        "People": "3",
        "Questions": "4",
        "Answers": "3",
    }
    assert sums["Speed"] == "6.0 tokens/s"


def _cells(line: str) -> tuple[str, str]:
    name, value = line.split("|")
    return name.strip(), value.strip()


def test_sums_are_json(admin: Typing) -> None:
    read = plain(admin("stats", "--json"))
    size = read.pop("bytes")

    assert isinstance(size, int)
    assert size > 4096
    assert read == {
        "chats": 3,
        "people": 3,
        "exchanges": 4,
        "answers": 3,
        "prompt_tokens": 60,
        "answer_tokens": 9,
        "seconds": 1.5,
        "waiting": 1,
        "paused": False,
    }
