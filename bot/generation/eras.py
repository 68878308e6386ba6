"""Which warm states may still be used: those of chats of which nothing was deleted since."""

from collections.abc import Iterable

from storage.records import Era


class Eras:
    """The eras that chats are in, at one moment.

    Args:
        current: the era of every chat that there is.
    """

    def __init__(self, current: Iterable[Era]) -> None:
        self._current = {era.chat: era for era in current}
        self._newest = max(self._current, default=0)

    def is_over(self, era: Era) -> bool:
        """Say whether something of a chat was deleted since, or the whole chat.

        What is newer than that moment is not over: chats' numbers and eras only rise.
        """
        current = self._current.get(era.chat)
        return era.chat <= self._newest if current is None else era < current
