"""How people on Discord are reached without having said something."""

from collections.abc import Callable, Collection

from bot.message import Platform
from bot.reply import Reply


class DiscordEnvoy:
    """Writes to people in private: the ``Envoy`` of bot/platforms/dialogue.py.

    Attributes:
        platform: Discord.

    Args:
        whisper: sends somebody the bot's own words in private.
    """

    platform = Platform.DISCORD

    def __init__(self, whisper: Callable[[str, Reply], None]) -> None:
        self._whisper = whisper

    def write(self, person: str, reply: Reply) -> None:
        """Send somebody the bot's own words in private, if they take direct messages of it."""
        self._whisper(person, reply)

    def admins_are(self, people: Collection[str]) -> None:
        """Do nothing: servers say who sees which command, and each is checked when it is used."""
