"""The real `ostro serve`, on tiny weights and the tests' Discord."""

from collections.abc import Callable
from pathlib import Path

from tests.doubles.discord.api import DiscordApi
from tests.doubles.discord.places import Channel
from tests.doubles.discord.screen import Shown
from tests.doubles.served import SECONDS, Program
from tests.doubles.telegram_home import say


class DiscordServed(Program):
    """Starts it on the tests' Discord, which is ``api``."""

    def __init__(self, api: DiscordApi, folder: Path, weights: Path) -> None:
        module = ("tests.doubles.discord.program", api.url, api.gateway_url)
        settings = {"DISCORD_TOKEN": api.token, "DISCORD_EDIT_SECONDS": "0.5"}
        super().__init__(module, settings, folder, weights)
        self.api = api

    def until(self, condition: Callable[[], object]) -> None:
        """Wait until something is true of Discord."""
        self.api.wait_until(condition, SECONDS)

    def connects(self) -> None:
        """Wait until it hears what people say."""
        self.until(lambda: self.api.gateway.connected)

    def streams(self, channel: Channel) -> Shown:
        """Wait until an answer begins to come in, and return its message.

        It is not waited for more of it: tiny weights write as much as fits into a message in a
        second.
        """
        self.until(lambda: self.api.answers(channel))
        return self.api.answers(channel)[0]

    def answers(self, channel: Channel) -> list[Shown]:
        """Wait until the newest answer is complete, and return all that the bot wrote there."""
        retry = say("button.retry")
        self.until(lambda: any(retry in one.labels for one in self.api.answers(channel)[-1:]))
        return self.api.answers(channel)
