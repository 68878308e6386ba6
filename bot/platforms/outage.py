"""Failures in a row of something that is needed and will work again."""

import logging

from bot.delivery.backoff import pause

_log = logging.getLogger("ostro.platforms")


class Outage:
    """Says how long to wait before the next try, and logs one line when it begins and one after.

    Args:
        over: the line that is logged when it works again.
        unsaid: so many failures in a row are tried again at once, and not worth a line.
    """

    def __init__(self, over: str, *, unsaid: int = 0) -> None:
        self._over = over
        self._unsaid = unsaid
        self._failures = 0

    def failed(self, reason: object) -> float:
        """Note a failure and return how long to wait, in seconds: 8 at most."""
        self._failures += 1
        said = self._failures - self._unsaid
        if said < 1:
            return 0.0
        if said == 1:
            _log.warning("%s; trying again until it works", reason)
        return pause(said)

    def worked(self) -> None:
        """Note that it works."""
        if self._failures > self._unsaid:
            _log.warning("%s", self._over)
        self._failures = 0
