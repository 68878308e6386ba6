"""Updates that wait for the bot: kept until it asks for later ones."""

from collections.abc import Sequence

from tests.doubles.telegram.wire import Json

FIRST_ID = 700_000_001
MOST = 100
_NEVER_BY_DEFAULT = frozenset(("chat_member", "message_reaction", "message_reaction_count"))


class Updates:
    """The queue of one bot, and whose turn it is to read it."""

    def __init__(self) -> None:
        self._waiting: list[Json] = []
        self._next_id = FIRST_ID
        self._allowed: frozenset[str] = frozenset()
        self._poll = 0

    def put(self, kind: str, told: Json) -> None:
        """Add one, unless the bot said that it does not want such ones."""
        wanted = kind in self._allowed if self._allowed else kind not in _NEVER_BY_DEFAULT
        if wanted:
            self._waiting.append({"update_id": self._next_id, kind: told})
            self._next_id += 1

    def put_again(self, updates: Sequence[Json]) -> None:
        """Add some as they are, before all others."""
        self._waiting = [*updates, *self._waiting]

    def count_from(self, number: int) -> None:
        """Give the next one this number."""
        self._next_id = number

    def allow(self, kinds: Sequence[str] | None) -> None:
        """Remember what the bot wants to hear of; None: as before."""
        if kinds is not None:
            self._allowed = frozenset(kinds)

    def confirm(self, offset: int) -> None:
        """Drop what is below an offset for ever; a negative one keeps so many at the end."""
        if offset < 0:
            self._waiting = self._waiting[offset:]
        else:
            self._waiting = [each for each in self._waiting if each["update_id"] >= offset]

    def drop(self) -> None:
        """Drop all."""
        self._waiting.clear()

    def first(self, limit: int) -> list[Json]:
        """Return the first that wait; they go on waiting."""
        return self._waiting[: max(1, min(limit, MOST))]

    def all(self) -> list[Json]:
        """Return all that wait."""
        return list(self._waiting)

    def begin_poll(self) -> int:
        """Begin to read, which ends whoever reads already; return what marks this reading."""
        self._poll += 1
        return self._poll

    def is_ended(self, poll: int) -> bool:
        """Return whether somebody else has begun to read."""
        return poll != self._poll
