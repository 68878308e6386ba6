"""What is written: safe for terminals, and whole for scripts."""

import json
from pathlib import Path

import pytest

from storage.database import Database
from storage.records import PersonRole
from tests.app.admin.conftest import EVERY, Within
from tests.doubles.typed_shell import Typing

UNSAFE = "민Mi\x1b[31mna\u202e\n\r\x9b2J\u2066| \u200fx\x00"


@pytest.mark.parametrize(
    ("words", "lines"),
    [(("chats",), 3), (("people",), 11), (("queue",), 3), (("allow", "telegram:66"), 1)],
)
def test_names_and_titles_do_nothing_to_a_terminal_or_a_table(
    admin: Typing, within: Within, words: tuple[str, ...], lines: int
) -> None:
    async def fill(database: Database) -> None:
        person = await database.people.open("telegram", "7", UNSAFE)
        await database.people.set_role("telegram", "7", PersonRole.MEMBER)
        chat = await database.chats.open("telegram", "-1", "group", UNSAFE)
        await database.exchanges.add(chat.id, person.id, UNSAFE, UNSAFE)
        await database.places.set("telegram", "-1", allowed=True, title=UNSAFE)
        await database.knocks.add("telegram", "66", place=False, name=UNSAFE, language=None)

    within(fill)
    shown = admin(*words).out
    printed = admin(*words, "--json").out

    assert not set(UNSAFE) & set("\x1b\u202e\r\x9b\u2066\u200f\x00") & set(shown + printed)
    assert shown.replace("\n", "").isprintable()
    assert printed.isascii()
    assert UNSAFE not in json.dumps(json.loads(printed), ensure_ascii=False)
    assert len(shown.splitlines()) == lines


def test_korean_names_are_two_columns_wide(admin: Typing, within: Within) -> None:
    async def fill(database: Database) -> None:
        await database.chats.open("telegram", "7", "private", "민아")
        await database.chats.open("telegram", "8", "private", "Bo")

    within(fill)
    latin, korean = admin("chats").out.splitlines()[2:]

    assert korean.index("| default") + 2 == latin.index("| default")


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("words", EVERY, ids=" ".join)
def test_json_is_one_document_and_nothing_else_is_written_there(
    admin: Typing, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "broken.toml").write_text("instructions = ")
    monkeypatch.setenv("BOT_PERSONAS_PATH", str(tmp_path))
    monkeypatch.setenv("LOG_LEVEL", "debug")
    done = admin(*words, "--json", "-v")

    assert done.status == 0
    assert isinstance(json.loads(done.out), dict)
    assert done.out.isascii()
