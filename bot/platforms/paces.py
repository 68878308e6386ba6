"""How often each place may be written to."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from weakref import WeakValueDictionary

from bot.delivery.pace import Pace, Time

_FORGET_SECONDS = 3600.0
"""A place that was left alone for so long is written to as if it were new."""


class Paces:
    """One pace for each thing that a platform counts what is written by: a chat, a channel.

    Attributes:
        time: the clock, and the way to wait.
    """

    def __init__(self, time: Time) -> None:
        self.time = time
        self._used: OrderedDict[Hashable, tuple[float, Pace]] = OrderedDict()
        # what is still written with is not forgotten, or one place would have two
        self._held: WeakValueDictionary[Hashable, Pace] = WeakValueDictionary()

    def of(self, key: Hashable, new: Callable[[], Pace]) -> Pace:
        """Return the pace that all share who write there; ``new`` makes it where there is none."""
        pace = self._held.get(key) or new()
        self._held[key] = pace
        now = self.time.clock()
        self._used[key] = (now, pace)
        self._used.move_to_end(key)
        self._forget(now - _FORGET_SECONDS)
        return pace

    def move(self, old: Hashable, new: Hashable) -> None:
        """Let a place keep its pace under another key: answers under way go on with it."""
        pace = self._held.get(old)
        if pace is not None:
            self._held.setdefault(new, pace)

    def _forget(self, since: float) -> None:
        while self._used and next(iter(self._used.values()))[0] < since:
            self._used.popitem(last=False)
