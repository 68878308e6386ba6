"""The real `ostro chat` with a real llama-server as its model."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pexpect
import pytest

from bot.settings import PROJECT
from tests.conftest import Tiny
from tests.doubles.llama_server import LlamaServer, llama_server
from tests.doubles.remote_served import KEY, UNEMBEDDED, at
from tests.doubles.served import SECONDS
from tests.doubles.telegram_home import say

pytestmark = pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")  # forks a child


@pytest.fixture
def server(tiny: Tiny) -> Iterator[LlamaServer]:
    with llama_server(tiny("v3"), key=KEY, top_k=0) as server:
        yield server


@pytest.fixture
def environment(tmp_path: Path, server: LlamaServer) -> dict[str, str]:
    """There are no weights."""
    return {
        **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
        "LANG": "C.UTF-8",
        "TERM": "xterm",
        "PROMPT_TOOLKIT_NO_CPR": "1",  # nobody answers where the cursor is
        "WEIGHTS_PATH": str(tmp_path / "none"),
        "STORAGE_PATH": str(tmp_path / "ostro.db"),
        "MODEL_MAX_TOKENS": "8",
        "MODEL_SEED": "1",
        **at(server),
    }


@contextmanager
def terminal(environment: dict[str, str]) -> Iterator["pexpect.spawn[str]"]:
    child = pexpect.spawn(
        sys.executable,
        ["-m", *UNEMBEDDED, "chat"],
        cwd=str(PROJECT),
        env=environment,
        encoding="utf-8",
        timeout=SECONDS,
    )
    try:
        yield child
    finally:
        child.close(force=True)


def piped(environment: dict[str, str], text: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(  # noqa: S603 # the project's own program
        [sys.executable, "-m", *UNEMBEDDED, "chat"],
        input=text,
        capture_output=True,
        cwd=PROJECT,
        env=environment,
        encoding="utf-8",
        timeout=SECONDS,
        check=False,
    )


def test_a_conversation_through_pipes_and_what_it_took(
    environment: dict[str, str], server: LlamaServer
) -> None:
    done = piped({**environment, "LOG_LEVEL": "debug"}, "Hello there\nAnd you?\n/stats\n")
    stats = done.stdout[done.stdout.index(say("stats.messages", count=2)) :]

    assert done.returncode == 0
    assert server.name in stats
    assert "16 " in stats  # tokens written
    assert KEY not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_a_terminal_is_told_which_model_it_is_and_where(
    environment: dict[str, str], server: LlamaServer
) -> None:
    with terminal(environment) as child:
        child.expect_exact(server.name)
        child.expect_exact("/help")
        told = str(child.before)
        child.send("Hello there\r")
        child.expect_exact(say("answer.length"))
        child.sendeof()
        child.expect_exact(say("terminal.goodbye"))
        child.expect(pexpect.EOF)
        status = child.wait()

    assert server.where in told
    assert status == 0


def test_a_server_that_dies_midway_is_said_and_back_it_goes_on(
    environment: dict[str, str], server: LlamaServer
) -> None:
    with terminal({**environment, "MODEL_MAX_TOKENS": "500"}) as child:
        child.expect_exact("/help")
        child.send("Hello there\r")
        child.expect_exact("\x1b[?2004l")  # the line is no longer edited
        child.expect(r"[^%\x1b]{80}")  # text, and not how much is read
        server.kill()
        child.expect_exact(say("answer.broken"))
        server.start(top_k=40)
        child.send("/continue\r")
        child.expect_exact(say("answer.length"))
        child.sendeof()
        child.expect_exact(say("terminal.goodbye"))
        child.expect(pexpect.EOF)
        assert child.wait() == 0
