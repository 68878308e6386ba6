"""The real `ostro serve`, on tiny weights and the tests' Telegram."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from bot.settings import PROJECT
from tests.doubles.outside import run_sql
from tests.doubles.telegram.api import BotApi
from tests.doubles.telegram.chats import Chat
from tests.doubles.telegram.screen import Shown
from tests.doubles.telegram_home import say

SECONDS = 40.0
"""How long something may take on a busy machine; nothing waits so long where all is well."""


class Running:
    """A process, and what it says to standard output and standard error."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self._said = ""
        self._more = threading.Condition()
        self._listening = threading.Thread(target=self._listen)
        self._listening.start()

    def said(self) -> str:
        """Return all of it, once the process has ended."""
        self._listening.join(SECONDS)
        return self._said

    def until_says(self, words: str) -> None:
        """Wait until it has said something."""
        with self._more:
            assert self._more.wait_for(lambda: words in self._said, SECONDS), self._said

    def ends(self, *signals: signal.Signals) -> int:
        """Send signals, wait for the end, and return the exit status."""
        for number in signals:
            self.process.send_signal(number)
        return self.process.wait(SECONDS)

    def close(self) -> None:
        """Kill it, if it has not ended."""
        with self.process:
            self.process.kill()
            self._listening.join(SECONDS)

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with self._more:
                self._said += line
                self._more.notify_all()


class Program:
    """Starts `ostro serve` on tiny weights, in a folder of its own.

    Attributes:
        settings: of the platform, by the names that they have in the environment.

    Args:
        module: what is run, with its arguments before `serve`.
        settings: see there.
        folder: for all that it writes.
        weights: tiny ones.
    """

    def __init__(
        self, module: Sequence[str], settings: Mapping[str, str], folder: Path, weights: Path
    ) -> None:
        self.settings = settings
        self.database = folder / "data" / "ostro.db"
        self._module = module
        self._environment = {
            **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
            "LANG": "C.UTF-8",
            "WEIGHTS_PATH": str(weights.parent),
            "MODEL_PATH": str(weights),
            "STORAGE_PATH": str(self.database),
            "WARM_PATH": str(self.database.with_name("warm")),
            "MODEL_CONTEXT": "1024",
            "MODEL_MAX_TOKENS": "8",
            "MODEL_SLOTS": "1",
            "MODEL_THREADS": "1",
            "MODEL_SEED": "1",
            "BOT_ACCESS": "open",
            **settings,
        }

    @contextmanager
    def running(self, *arguments: str, **extra: str) -> Iterator[Running]:
        """Start it; what has not ended by the end of the block is killed.

        Args:
            *arguments: of `ostro serve`.
            **extra: more settings, those of another platform too.
        """
        process = subprocess.Popen(  # noqa: S603 # the project's own program
            [sys.executable, "-m", *self._module, "serve", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=PROJECT,
            env={**self._environment, **extra},
            encoding="utf-8",
            errors="replace",
        )
        running = Running(process)
        try:
            yield running
        finally:
            running.close()
            sys.stderr.write(running.said())  # pytest shows it where a test failed

    def stored(self) -> list[tuple[object, ...]]:
        """Return questions and their states, oldest first."""
        return run_sql(self.database, "SELECT question, state FROM exchanges ORDER BY id")

    def settles(self, *rows: tuple[str, str]) -> None:
        """Wait until these are the questions and their states."""
        end = time.monotonic() + SECONDS
        while self.stored() != list(rows):
            assert time.monotonic() < end, self.stored()
            time.sleep(0.05)  # nothing tells of a change in a file

    def kept(self, column: str) -> str:
        """Return a text of the only question's row; empty: there is none."""
        [(text,)] = run_sql(self.database, f"SELECT {column} FROM exchanges")  # noqa: S608 # of tests
        return str(text or "")


class Served(Program):
    """Starts it on the tests' Telegram, which is ``api``."""

    def __init__(self, api: BotApi, folder: Path, weights: Path) -> None:
        settings = {
            "TELEGRAM_TOKEN": api.token,
            "TELEGRAM_BASE_URL": api.url,
            "TELEGRAM_EDIT_SECONDS": "0.5",
        }
        super().__init__(("bot",), settings, folder, weights)
        self.api = api

    def until(self, condition: Callable[[], object]) -> None:
        """Wait until something is true of Telegram."""
        self.api.wait_until(condition, SECONDS)

    def streams(self, chat: Chat) -> Shown:
        """Wait until an answer is coming in, and return its message."""
        self.until(lambda: any(one.text.endswith("▌") for one in self.api.answers(chat)))
        return self.api.answers(chat)[0]

    def answers(self, chat: Chat) -> list[Shown]:
        """Wait until the newest answer is complete, and return all that the bot wrote there."""
        retry = say("button.retry")
        self.until(lambda: any(retry in one.labels for one in self.api.answers(chat)[-1:]))
        return self.api.answers(chat)
