"""Trying again what failed in passing: later and later, and not for ever."""

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.generation.remote.failures import ServerError, Trouble

_log = logging.getLogger("ostro.remote")

_FIRST_SECONDS = 0.25
_MOST_SECONDS = 8.0


@dataclass(frozen=True, slots=True)
class Again:
    """How failures are tried again.

    Attributes:
        seconds: from the first failure on, for so long.
        clock: seconds that rise evenly.
        sleep: waits so many seconds.
        draw: a number from 0 up to 1, for the jitter: not all are to come back at once.
        loading_seconds: as ``seconds``, while the server loads its weights.
    """

    seconds: float = 30.0
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    draw: Callable[[], float] = random.random
    loading_seconds: float = 600.0


class Tries:
    """The tries of one thing.

    Args:
        again: how they are made.
        level: at which the first one that failed is logged; the others are details.
    """

    def __init__(self, again: Again, level: int = logging.WARNING) -> None:
        self._again = again
        self._level = level
        self._failures = 0
        self._since = 0.0

    async def wait(self, error: ServerError) -> None:
        """Wait until it is time for another try.

        Raises:
            ServerError: it will not help, or it was tried for long enough.
        """
        bound = self._bound(error.trouble)
        if bound is None:
            raise error
        now = self._again.clock()
        if self._failures == 0:
            self._since = now
        seconds = pause(self._failures, self._again.draw())
        if error.after is not None:
            seconds = max(seconds, error.after)
        if now + seconds > self._since + bound:
            raise error
        level = logging.INFO if self._failures else self._level
        _log.log(level, "%s; trying again in %.1f s", error, seconds)
        self._failures += 1
        await self._again.sleep(seconds)

    def _bound(self, trouble: Trouble) -> float | None:
        """Return how long such a failure is tried again, in seconds; None: it is not."""
        if trouble is Trouble.LOADING:
            return self._again.loading_seconds
        return self._again.seconds if trouble is Trouble.PASSING else None


def pause(failures: int, drawn: float) -> float:
    """Return the seconds before the next try. Pure.

    Args:
        failures: how many tries were in vain before this one.
        drawn: from 0 up to 1.
    """
    longest = min(_MOST_SECONDS, _FIRST_SECONDS * 2.0 ** min(failures, 10))
    return longest * (0.5 + drawn / 2)
