"""A real llama-server on tiny weights: in a process of its own, so that it can die."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from http.client import HTTPConnection
from pathlib import Path
from signal import SIGCONT, SIGKILL, SIGSTOP
from typing import Any

from bot.settings import PROJECT
from tests.doubles.llama_program import READY
from tests.doubles.served import SECONDS, Running

_PROGRAM = "tests.doubles.llama_program"
_HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Setup:
    """How a server is started.

    Attributes:
        slots: answers at once.
        context: tokens of each.
        batch: tokens of a prompt that are read at once.
        key: what it asks for; empty: nothing.
        top_k: of which likeliest it draws where a request says nothing; 0: of all, which takes some
            milliseconds a token.
        template: how it puts messages into a prompt; empty: as the weights say.
    """

    slots: int = 2
    context: int = 1024
    batch: int = 512
    key: str = ""
    top_k: int = 40
    template: str = ""


class LlamaServer:
    """Can be started, killed, and started again where it was.

    Attributes:
        setup: how it is started the next time.

    Args:
        weights: what it holds.
        setup: see there.
    """

    def __init__(self, weights: Path, setup: Setup) -> None:
        self.setup = setup
        self._weights = weights
        self._running: Running | None = None
        with socket.create_server((_HOST, 0)) as free:
            self._port = int(free.getsockname()[1])

    @property
    def url(self) -> str:
        """What MODEL_URL is set to."""
        return f"http://{self.where}/v1"

    @property
    def where(self) -> str:
        """How it is told where it is."""
        return f"{_HOST}:{self._port}"

    @property
    def name(self) -> str:
        """How it calls its model."""
        return self._weights.name

    def start(self, **changed: Any) -> None:  # noqa: ANN401 # fields of Setup
        """Start it, and return when it answers; ``changed`` holds from now on."""
        self.setup = replace(self.setup, **changed)
        process = subprocess.Popen(  # noqa: S603 # a program of these tests
            [sys.executable, "-m", _PROGRAM],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=PROJECT,
            env={**os.environ, "LLAMA_SERVER_SLOTS_DEBUG": "1"},  # /slots shows prompts
            encoding="utf-8",
            errors="replace",
        )
        self._running = Running(process)
        assert process.stdin is not None
        setup = {"weights": str(self._weights), "port": self._port, **asdict(self.setup)}
        process.stdin.write(f"{json.dumps(setup)}\n")
        process.stdin.flush()  # and left open: the server lives as long as that
        self._running.until_says(READY)

    def kill(self) -> None:
        """Let it die as where memory runs out, if it runs."""
        if self._running is not None:
            self._running.ends(SIGKILL)
            self._running.close()
            self._running = None

    def freeze(self) -> None:
        """Let it hang: connections stay, and nothing comes."""
        assert self._running is not None
        self._running.process.send_signal(SIGSTOP)

    def thaw(self) -> None:
        """Let it go on after that."""
        assert self._running is not None
        self._running.process.send_signal(SIGCONT)

    def is_missed(self) -> None:
        """Wait, where it was killed, until somebody asks for it in vain."""
        with socket.create_server((_HOST, self._port)) as deaf:
            deaf.settimeout(SECONDS)
            deaf.accept()[0].close()

    # What is looked at

    def asked(self, path: str, said: object = None) -> Any:  # noqa: ANN401 # JSON
        """Return what it answers to a request; with ``said`` as its body it is a POST."""
        connection = HTTPConnection(_HOST, self._port, timeout=SECONDS)
        headers = {"Authorization": f"Bearer {self.setup.key}", "Content-Type": "application/json"}
        try:
            if said is None:
                connection.request("GET", path, headers=headers)
            else:
                connection.request("POST", path, json.dumps(said), headers)
            return json.loads(connection.getresponse().read())
        finally:
            connection.close()

    def busy(self) -> int:
        """Return how many answers it is making."""
        return sum(slot["is_processing"] for slot in self.asked("/slots"))

    def leaves_off(self) -> None:
        """Wait until it makes no answer, and see that it had more to say where it last did."""
        end = time.monotonic() + SECONDS
        while self.busy():
            assert time.monotonic() < end
            time.sleep(0.05)  # it does not tell when
        asked = [slot for slot in self.asked("/slots") if "next_token" in slot]
        assert asked
        assert all(slot["next_token"][0]["has_next_token"] for slot in asked)


@contextmanager
def llama_server(weights: Path, **setup: Any) -> Iterator[LlamaServer]:  # noqa: ANN401 # its fields
    """Hold a server that runs; it has ended by the end of the block."""
    server = LlamaServer(weights, Setup(**setup))
    server.start()
    try:
        yield server
    finally:
        server.kill()
