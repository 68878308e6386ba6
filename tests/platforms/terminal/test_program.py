"""A real terminal, real pipes and real signals, with a program of their own."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest

PROJECT = Path(__file__).parents[3]
PROMPT = "\x1b[?2004h"
"""Pasted text is to come in brackets: the sign that a line is being edited."""
PROGRAM = ["-m", "tests.doubles.terminal_program"]
ENVIRONMENT = {
    # Output is buffered as it is by default: what is left in a buffer counts at exit.
    **{name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"},
    "PYTHONPATH": str(PROJECT),
    "PROMPT_TOOLKIT_NO_CPR": "1",  # nobody answers where the cursor is
    "PYTHONUTF8": "1",
    "TERM": "xterm",
}

pytestmark = pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")  # forks a child


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator["pexpect.spawn[str]"]:
    child = pexpect.spawn(
        sys.executable,
        [*PROGRAM, "chat", str(tmp_path / "history")],
        cwd=str(PROJECT),
        env=ENVIRONMENT,
        encoding="utf-8",
        timeout=30,
    )
    child.expect_exact("Welcome!")
    child.expect_exact(PROMPT)
    yield child
    child.close(force=True)


def test_a_conversation_in_korean(terminal: "pexpect.spawn[str]") -> None:
    terminal.send("hello\r")
    terminal.expect_exact("안녕하세요 🙂 [31mred\r\n")
    terminal.expect_exact(PROMPT)
    terminal.send("안녕\r")
    terminal.expect_exact("echo 안녕\r\n")
    terminal.sendeof()
    terminal.expect_exact("Goodbye!")
    terminal.expect(pexpect.EOF)
    assert terminal.wait() == 0


def test_ctrl_c_stops_an_answer_as_often_as_it_is_pressed(terminal: "pexpect.spawn[str]") -> None:
    terminal.send("count\r")
    terminal.expect_exact("one two")
    for _ in range(5):
        terminal.sendintr()
    terminal.expect_exact("\r\n[stopped here]\r\n")
    terminal.expect_exact(PROMPT)
    assert "^C" not in str(terminal.before)
    terminal.send("again\r")
    terminal.expect_exact("echo again")
    terminal.sendeof()
    terminal.expect(pexpect.EOF)
    assert terminal.wait() == 0
    assert "Traceback" not in str(terminal.before)


def test_progress_is_erased_when_reading_is_stopped(terminal: "pexpect.spawn[str]") -> None:
    terminal.send("read\r")
    terminal.expect_exact("\r\x1b[Kreading: 25%, 8 s left")
    terminal.sendintr()
    terminal.expect_exact("\r\x1b[K[stopped here]\r\n")


def test_what_is_typed_during_an_answer_waits_for_the_prompt(
    terminal: "pexpect.spawn[str]",
) -> None:
    terminal.send("count\r")
    terminal.expect_exact("one two")
    terminal.send("next\r")
    terminal.kill(signal.SIGINT)  # the key would drop what was typed before it
    terminal.expect_exact("[stopped here]\r\n")
    assert "next" not in str(terminal.before)
    terminal.expect_exact("echo next\r\n")


def program(*arguments: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(  # noqa: S603 # a program of these tests
        [sys.executable, *PROGRAM, *arguments],
        cwd=PROJECT,
        env=ENVIRONMENT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def test_pipes_get_answers_alone_and_the_status() -> None:
    with program("pipe") as piped:
        out, err = piped.communicate(b"hello\n\nbye\n", timeout=30)
    assert (piped.returncode, err) == (0, b"")
    assert out.decode() == "안녕하세요 🙂 [31mred\necho bye\n"


def test_a_pipe_that_is_closed_early_ends_it_without_a_word() -> None:
    with program("pipe") as piped:
        assert piped.stdin
        assert piped.stdout
        assert piped.stderr
        piped.stdin.write(b"long\nlong\n")
        piped.stdin.flush()
        assert piped.stdout.readline() == b"line 0\n"
        piped.stdout.close()
        assert piped.stderr.read() == b""
        assert piped.wait(timeout=30) == 0


def test_ctrl_c_in_a_pipe_ends_it_with_130_although_no_line_ever_comes() -> None:
    with program("pipe") as piped:
        assert piped.stdin
        assert piped.stdout
        assert piped.stderr
        piped.stdin.write(b"hello\n")
        piped.stdin.flush()
        piped.stdout.readline()
        piped.send_signal(signal.SIGINT)
        assert piped.wait(timeout=30) == 130
        assert piped.stderr.read() == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk always full")
def test_an_output_on_a_full_disk_is_one_line_and_a_failure() -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(  # noqa: S603 # a program of these tests
            [sys.executable, *PROGRAM, "pipe"],
            cwd=PROJECT,
            env=ENVIRONMENT,
            input=b"hello\n",
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=30,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr == b"Standard input or output failed: No space left on device\n"
