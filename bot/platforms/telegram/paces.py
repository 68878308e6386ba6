"""How often each chat of Telegram's may be written to."""

from functools import partial

from bot.delivery.pace import Pace, Time
from bot.platforms.paces import Paces
from bot.platforms.telegram.places import Place

GROUP_PER_MINUTE = 20
"""What Telegram lets a bot write into one group within a minute, edits too."""

_GROUP_PREVIEW_SECONDS = 3.5


class ChatPaces:
    """One pace a chat of Telegram's, which its topics share.

    Args:
        time: the clock, and the way to wait.
        preview_seconds: least time between two edits of an answer under way, in private chats.
    """

    def __init__(self, time: Time, preview_seconds: float) -> None:
        self._time = time
        self._preview_seconds = preview_seconds
        self._paces = Paces(time)

    def of(self, place: Place) -> Pace:
        """Return the pace of the chat that a place is in."""
        return self._paces.of(place.chat_id, partial(self._new, place))

    def move(self, old: int, new: int) -> None:
        """Let a chat keep its pace under another id."""
        self._paces.move(old, new)

    def _new(self, place: Place) -> Pace:
        if place.group:
            preview = max(_GROUP_PREVIEW_SECONDS, self._preview_seconds)
            return Pace(self._time, preview_seconds=preview, per_minute=GROUP_PER_MINUTE)
        return Pace(self._time, preview_seconds=self._preview_seconds)
