"""The real `ostro serve`, on tiny weights and the tests' Discord."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bot.settings import PROJECT
from tests.doubles.discord.api import DiscordApi
from tests.doubles.discord.places import Channel
from tests.doubles.discord.screen import Shown
from tests.doubles.outside import run_sql
from tests.doubles.served import SECONDS, Running
from tests.doubles.telegram_home import say


class DiscordServed:
    """Starts `ostro serve` with settings of its own, in a folder of its own.

    Args:
        api: the Discord that it talks to.
        folder: for all that it writes.
        weights: tiny ones.
    """

    def __init__(self, api: DiscordApi, folder: Path, weights: Path) -> None:
        self.api = api
        self.database = folder / "data" / "ostro.db"
        self._settings = {
            "WEIGHTS_PATH": str(weights.parent),
            "MODEL_PATH": str(weights),
            "STORAGE_PATH": str(self.database),
            "MODEL_CONTEXT": "1024",
            "MODEL_MAX_TOKENS": "8",
            "MODEL_THREADS": "1",
            "MODEL_SEED": "1",
            "DISCORD_TOKEN": api.token,
            "DISCORD_EDIT_SECONDS": "0.5",
            "BOT_ACCESS": "open",
        }

    @contextmanager
    def running(self, *arguments: str, **extra: str) -> Iterator[Running]:
        """Start it; what has not ended by the end of the block is killed.

        Args:
            *arguments: of `ostro serve`.
            **extra: more settings, TELEGRAM_TOKEN and the like too.
        """
        program = ("-m", "tests.doubles.discord.program", self.api.url, self.api.gateway_url)
        process = subprocess.Popen(  # noqa: S603 # the project's own program
            [sys.executable, *program, "serve", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=PROJECT,
            env=self._environment(extra),
            encoding="utf-8",
            errors="replace",
        )
        running = Running(process)
        try:
            yield running
        finally:
            running.close()
            sys.stderr.write(running.said())  # pytest shows it where a test failed

    def _environment(self, extra: Mapping[str, str]) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        return {**kept, "LANG": "C.UTF-8", **self._settings, **extra}

    # What is waited for

    def until(self, condition: Callable[[], object]) -> None:
        """Wait until something is true of Discord."""
        self.api.wait_until(condition, SECONDS)

    def connects(self) -> None:
        """Wait until it hears what people say."""
        self.until(lambda: self.api.gateway.connected)

    def streams(self, channel: Channel) -> Shown:
        """Wait until an answer is coming in, and return its message."""
        self.until(lambda: any(one.text.endswith("▌") for one in self.api.answers(channel)))
        return self.api.answers(channel)[0]

    def answers(self, channel: Channel) -> list[Shown]:
        """Wait until the newest answer is complete, and return all that the bot wrote there."""
        retry = say("button.retry")
        self.until(lambda: any(retry in one.labels for one in self.api.answers(channel)[-1:]))
        return self.api.answers(channel)

    # What is looked at

    def stored(self) -> list[tuple[object, ...]]:
        """Return questions and their states, oldest first."""
        return run_sql(self.database, "SELECT question, state FROM exchanges ORDER BY id")
