"""How often each channel of Discord's may be written to."""

from bot.delivery.pace import Pace, Time
from bot.platforms.discord.places import Place
from bot.platforms.paces import Paces

_SECONDS = 0.5
"""Least time between any two writings in a channel that must be shown."""


class ChannelPaces:
    """One pace a channel of Discord's; a thread is one.

    Args:
        time: the clock, and the way to wait.
        preview_seconds: least time between two edits of an answer under way.
    """

    def __init__(self, time: Time, preview_seconds: float) -> None:
        self._time = time
        self._preview_seconds = preview_seconds
        self._paces = Paces(time)

    def of(self, place: Place) -> Pace:
        """Return the pace of the channel of a place."""
        return self._paces.of(place.channel_id, self._new)

    def of_openings(self) -> Pace:
        """Return how often a conversation with somebody may be begun."""
        return self._paces.of(None, self._new)

    def _new(self) -> Pace:
        return Pace(self._time, preview_seconds=self._preview_seconds, seconds=_SECONDS)
