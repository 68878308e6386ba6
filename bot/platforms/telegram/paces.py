"""How often each chat may be written to."""

from collections import OrderedDict
from weakref import WeakValueDictionary

from bot.delivery.pace import Pace, Time
from bot.platforms.telegram.places import Place

GROUP_PER_MINUTE = 20
"""What Telegram lets a bot write into one group within a minute, edits too."""

_GROUP_PREVIEW_SECONDS = 3.5
_FORGET_SECONDS = 3600.0
"""A chat that was left alone for so long is written to as if it were new."""


class Paces:
    """One pace a chat of Telegram's, which its topics share.

    Args:
        time: the clock, and the way to wait.
        preview_seconds: least time between two edits of an answer under way, in private chats.
    """

    def __init__(self, time: Time, preview_seconds: float) -> None:
        self._time = time
        self._preview_seconds = preview_seconds
        self._used: OrderedDict[int, tuple[float, Pace]] = OrderedDict()
        # what is still written with is not forgotten, or one chat would have two
        self._held: WeakValueDictionary[int, Pace] = WeakValueDictionary()

    def of(self, place: Place) -> Pace:
        """Return the pace of the chat that a place is in."""
        pace = self._held.get(place.chat_id) or self._new(place)
        self._held[place.chat_id] = pace
        now = self._time.clock()
        self._used[place.chat_id] = (now, pace)
        self._used.move_to_end(place.chat_id)
        self._forget(now - _FORGET_SECONDS)
        return pace

    def move(self, old: int, new: int) -> None:
        """Let a chat keep its pace under another id, or answers under way would have their own."""
        pace = self._held.get(old)
        if pace is not None:
            self._held.setdefault(new, pace)

    def _new(self, place: Place) -> Pace:
        if place.group:
            preview = max(_GROUP_PREVIEW_SECONDS, self._preview_seconds)
            return Pace(self._time, preview_seconds=preview, per_minute=GROUP_PER_MINUTE)
        return Pace(self._time, preview_seconds=self._preview_seconds)

    def _forget(self, since: float) -> None:
        while self._used and next(iter(self._used.values()))[0] < since:
            self._used.popitem(last=False)
