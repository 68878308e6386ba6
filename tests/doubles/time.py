"""Time that stands still until a test moves it."""

import asyncio
import heapq
import itertools

from bot.delivery.pace import Time
from tests.doubles.loop import settled


class ManualTime:
    """Monotonic seconds for ``bot.delivery``: nobody really sleeps.

    Attributes:
        now: the seconds that the clock tells.
        time: what the code under test is given.
    """

    def __init__(self, now: float = 1000.0) -> None:
        self.now = now
        self.time = Time(self._clock, self._sleep)
        self._sleeping: list[tuple[float, int, asyncio.Future[None]]] = []
        self._numbers = itertools.count()

    async def advance(self, seconds: float) -> None:
        """Let time pass: all that sleeps wakes at its moment, in order, and does what it can."""
        end = self.now + seconds
        await settled()
        while self._sleeping and self._sleeping[0][0] <= end:
            at, _, wake = heapq.heappop(self._sleeping)
            self.now = max(self.now, at)
            if not wake.done():
                wake.set_result(None)
                await settled()
        self.now = end
        await settled()

    def _clock(self) -> float:
        return self.now

    async def _sleep(self, seconds: float) -> None:
        wake = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleeping, (self.now + seconds, next(self._numbers), wake))
        await wake
