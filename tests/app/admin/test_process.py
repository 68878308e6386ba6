"""The real process, on a real terminal and on pipes."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pexpect
import pytest

from bot.settings import PROJECT
from bot.typed import typed_lines
from tests.doubles.outside import run_sql
from tests.doubles.telegram.api import BotApi
from tests.doubles.telegram.server import serving_in_thread
from tests.doubles.telegram_home import say

pytestmark = [
    pytest.mark.usefixtures("filled"),
    pytest.mark.filterwarnings("ignore:This process:DeprecationWarning"),  # forks a child
]
OSTRO = ["-m", "bot", "admin"]
ASKED = "Type yes to do it: "


@contextmanager
def terminal(*words: str, **settings: str) -> Iterator["pexpect.spawn[str]"]:
    """Type a command into a terminal."""
    child = pexpect.spawn(
        sys.executable,
        [*OSTRO, *words],
        cwd=str(PROJECT),
        env={**os.environ, "PYTHONUTF8": "1", **settings},
        encoding="utf-8",
        timeout=30,
        dimensions=(40, 100),
    )
    with closing(child):
        yield child


def ended(child: "pexpect.spawn[str]") -> tuple[int, str]:
    """Wait for the end; return the status, and what was said since the last that was expected."""
    child.expect(pexpect.EOF)
    said = str(child.before)
    assert "Traceback" not in said
    return child.wait(), said


def count(path: Path) -> object:
    [(exchanges,)] = run_sql(path, "SELECT count(*) FROM exchanges")
    return exchanges


def test_resetting_everything_asks_and_yes_does_it(path: Path) -> None:
    typed = typed_lines(path, "default")
    typed.write_text("+Four\n")
    with terminal("reset", "--all") as child:
        child.expect_exact("This deletes what was said in all chats (3), 4 questions")
        child.expect_exact(ASKED)
        before = count(path)
        child.sendline("yes")
        status, said = ended(child)

    assert (status, before, count(path), typed.read_text()) == (0, 4, 0, "")
    assert say("admin.reset", chats=3, exchanges=4) in said


@pytest.mark.parametrize("answer", ["no", "y", "YES!", ""])
def test_anything_else_does_not(path: Path, answer: str) -> None:
    with terminal("forget", "telegram:7") as child:
        child.expect_exact("This deletes everything about Mina (telegram:7), 2 questions")
        child.expect_exact(ASKED)
        child.sendline(answer)
        status, said = ended(child)

    assert (status, "Nothing was deleted." in said) == (1, True)
    assert count(path) == 4


def test_who_leaves_the_question_with_ctrl_d_has_deleted_nothing(path: Path) -> None:
    with terminal("reset", "--all") as child:
        child.expect_exact(ASKED)
        child.sendeof()
        status, said = ended(child)

    assert (status, "Nothing was deleted." in said) == (1, True)
    assert count(path) == 4


def test_who_leaves_the_question_with_ctrl_c_has_deleted_nothing(path: Path) -> None:
    with terminal("reset", "--all") as child:
        child.expect_exact(ASKED)
        child.sendintr()
        status, _said = ended(child)

    assert (status, count(path)) == (130, 4)


def test_on_a_terminal_what_is_meant_is_not_asked(path: Path) -> None:
    with terminal("forget", "telegram:7", "--yes") as child:
        status, said = ended(child)

    assert (status, ASKED in said, count(path)) == (0, False, 2)


def test_a_person_is_asked_while_a_script_reads_the_json(path: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    command = f"exec {sys.executable} {' '.join(OSTRO)} forget telegram:7 --json > {out}"
    child = pexpect.spawn("/bin/sh", ["-c", command], cwd=str(PROJECT), timeout=30)
    with closing(child):
        child.expect_exact(ASKED)
        child.sendline("yes")
        child.expect(pexpect.EOF)

    assert '"exchanges": 2' in out.read_text()
    assert count(path) == 2


def test_a_claim_on_a_terminal_shows_a_picture_of_its_link() -> None:
    with (
        serving_in_thread(BotApi()) as api,
        terminal("claim", TELEGRAM_TOKEN=api.token, TELEGRAM_BASE_URL=api.url) as child,
    ):
        status, said = ended(child)

    assert status == 0
    assert re.search(r"https://t\.me/ostro_bot\?start=[A-Za-z0-9_-]{22}", said)
    assert said.count("\x1b[38;5;231;48;5;16m") == said.count("\x1b[0m") > 15


@pytest.mark.parametrize("words", [("chats",), ("people", "--json"), ("stats", "-v")])
def test_nobody_reading_is_no_failure_to_speak_of(words: tuple[str, ...]) -> None:
    with subprocess.Popen(  # noqa: S603 # the project's own program
        [sys.executable, *OSTRO, *words],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(30) == 1


def test_a_terminal_of_another_encoding_gets_marks_for_what_it_cannot_show(path: Path) -> None:
    run_sql(path, "UPDATE chats SET title = '민아' WHERE id = 1")
    done = subprocess.run(  # noqa: S603 # the project's own program
        [sys.executable, *OSTRO, "chats"],
        cwd=PROJECT,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, b"")
    assert b"| ??" in done.stdout
