"""The real `ostro serve`, on tiny weights and the tests' Telegram and Discord at once."""

from contextlib import AbstractContextManager
from dataclasses import dataclass

from tests.doubles.discord.places import Channel
from tests.doubles.discord_served import DiscordServed
from tests.doubles.served import Running, Served
from tests.doubles.telegram.chats import Chat


@dataclass(frozen=True, slots=True)
class BothServed:
    """Starts one process for both, with the database of either."""

    telegram: Served
    discord: DiscordServed

    def running(self, *arguments: str, **extra: str) -> AbstractContextManager[Running]:
        """Start it, as ``Program.running`` does."""
        return self.discord.running(*arguments, **{**self.telegram.settings, **extra})

    def texts(self, chat: Chat, channel: Channel) -> list[str]:
        """Return all that the bot wrote in a chat of Telegram and a channel of Discord."""
        on_telegram = [one.text for one in self.telegram.api.answers(chat)]
        return [*on_telegram, *(one.text for one in self.discord.api.answers(channel))]
