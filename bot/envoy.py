"""How people are reached who have not just said something."""

from collections.abc import Collection
from typing import Protocol

from bot.message import Platform
from bot.reply import Reply


class Envoy(Protocol):
    """Reaches people on a platform by themselves; nothing here waits."""

    @property
    def platform(self) -> Platform:
        """Which one."""
        ...

    def write(self, person: str, reply: Reply) -> None:
        """Send somebody the bot's own words in private, if that can be done."""
        ...

    def admins_are(self, people: Collection[str]) -> None:
        """Learn who may give the commands of admins: at first, and whenever it changes."""
        ...
