"""How often one place may be written to."""

import math
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

_LOOK_SECONDS = 0.1
"""How soon a wait notices that what it waits for is over: too short for a person to see."""
_SELDOM_SECONDS = 0.5
"""The same while nobody may write: then nothing else could be shown anyway."""
_MINUTE = 60.0


@dataclass(frozen=True, slots=True)
class Time:
    """What tells the time and passes it.

    Attributes:
        clock: monotonic seconds.
        sleep: sleeps so many of them.
    """

    clock: Callable[[], float]
    sleep: Callable[[float], Awaitable[None]]

    async def wait(self, seconds: float, over: Callable[[], bool]) -> bool:
        """Sleep so long; False: ``over()`` became true first."""
        end = self.clock() + seconds
        while not over():
            left = end - self.clock()
            if left <= 0:
                return True
            await self.sleep(min(left, _LOOK_SECONDS))
        return False


class Pace:
    """Hands out turns to write to one place, which all that write there share.

    A turn is for one message that is sent or edited. What must be shown goes before what passes;
    among themselves each kind goes in the order in which it asked. Nothing is done for a turn
    that was waited for in vain, so a wait may be cancelled.

    Args:
        time: the clock, and the way to wait.
        preview_seconds: least time between any writing and a passing state after it.
        seconds: least time between any writing and something that must be shown.
        per_minute: most turns within any minute; previews leave a quarter of them to the rest.
            None: no such limit.
    """

    def __init__(
        self,
        time: Time,
        *,
        preview_seconds: float,
        seconds: float = 1.0,
        per_minute: int | None = None,
    ) -> None:
        self._time = time
        self._preview_seconds = preview_seconds
        self._seconds = seconds
        self._per_minute = per_minute
        self._previews: deque[object] = deque()
        self._musts: deque[object] = deque()
        self._written: deque[float] = deque()
        self._held_until = -math.inf

    async def preview(self, over: Callable[[], bool]) -> bool:
        """Wait for a turn to show a passing state; False: ``over()`` became true, no turn taken."""
        return await self._in_line(self._previews, self._preview_at, over, _SELDOM_SECONDS)

    async def turn(self) -> None:
        """Wait for a turn of something that must be shown."""
        await self._in_line(self._musts, self._must_at, never, math.inf)

    async def allowed(self) -> None:
        """Wait while the platform lets nobody write; for what is not counted as a turn."""
        while (left := self._held_until - self._time.clock()) > 0:
            await self._time.sleep(left)

    def hold(self, seconds: float) -> None:
        """Let nobody write for so long: the platform said so."""
        self._held_until = max(self._held_until, self._time.clock() + seconds)

    async def _in_line(
        self,
        line: deque[object],
        allowed_at: Callable[[], float],
        over: Callable[[], bool],
        held_sleep: float,
    ) -> bool:
        """Wait for a turn; ``held_sleep`` is the longest sleep while nobody may write."""
        me = object()
        line.append(me)
        try:
            while not over():
                left = allowed_at() - self._time.clock() if line[0] is me else math.inf
                if left <= 0:
                    self._written.append(self._time.clock())
                    return True
                held = self._held_until - self._time.clock()
                await self._time.sleep(
                    min(held, held_sleep) if held > 0 else min(left, _LOOK_SECONDS)
                )
            return False
        finally:
            line.remove(me)

    def _preview_at(self) -> float:
        if self._musts:
            return math.inf
        most = None if self._per_minute is None else max(1, self._per_minute * 3 // 4)
        return self._at(self._preview_seconds, most)

    def _must_at(self) -> float:
        return self._at(self._seconds, self._per_minute)

    def _at(self, gap: float, most: int | None) -> float:
        """When there may be another turn, so long after the last and with so many in a minute."""
        while self._written and self._written[0] <= self._time.clock() - _MINUTE:
            self._written.popleft()
        at = self._held_until
        if self._written:
            at = max(at, self._written[-1] + gap)
        if most is not None and len(self._written) >= most:
            at = max(at, self._written[-most] + _MINUTE)
        return at


def never() -> bool:
    """Say that what is waited for is not over: for waits that only their own end ends."""
    return False
