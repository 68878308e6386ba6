"""How fast a bot may write: so many requests of a kind in a channel within a window.

The real limits are not published, and change; clients are to go by the headers. What comes too fast
is refused; that is a violation only where the headers or an earlier refusal had told it before.
"""

import math
from collections.abc import Callable, Hashable
from dataclasses import dataclass

LIMIT = 5
WINDOW = 5.0
LEARNS = 0.5  # seconds; what was on its way when a wait began is refused, but no fault


@dataclass(frozen=True, slots=True)
class Turn:
    """Where a request stands.

    Attributes:
        left: how many more may come in this window.
        seconds: of the client, until there is a new one.
        refused: it came too soon.
        fault: the rule that was broken, if one was.
    """

    left: int
    seconds: float
    refused: bool
    fault: str | None = None

    def headers(self, bucket: str, now: float) -> dict[str, str]:
        """Return how the client is told; ``now``: unix seconds."""
        told = {
            "X-RateLimit-Limit": str(LIMIT),
            "X-RateLimit-Remaining": str(self.left),
            "X-RateLimit-Reset": f"{now + self.seconds:.3f}",
            "X-RateLimit-Reset-After": f"{self.seconds:.3f}",
            "X-RateLimit-Bucket": bucket,
        }
        return {**told, "X-RateLimit-Scope": "user"} if self.refused else told


@dataclass(slots=True)
class _Window:
    ends: float = -math.inf
    used: int = 0
    told_at: float | None = None


class Rates:
    """Counts what is written.

    Args:
        clock: monotonic seconds.
        slack: seconds by which a request may be late on its way.
        speed: how many seconds of the clock pass in one of the client's.
    """

    def __init__(self, clock: Callable[[], float], slack: float = 0.0, speed: float = 1.0) -> None:
        self._clock = clock
        self._slack = slack
        self._speed = speed
        self._windows: dict[Hashable, _Window] = {}

    def forget_told(self) -> None:
        """Let what the client was told be unknown to it: it starts anew."""
        for window in self._windows.values():
            window.told_at = None

    def hold(self, key: Hashable, seconds: float) -> None:
        """Let nothing be written for some seconds of the client, as after a 429."""
        now = self._clock()
        self._windows[key] = _Window(now + seconds * self._speed, LIMIT, now)

    def take(self, key: Hashable) -> Turn:
        """Count a request."""
        now = self._clock()
        window = self._windows.setdefault(key, _Window())
        if now >= window.ends:
            window.ends, window.used, window.told_at = now + WINDOW, 0, None
        left = window.ends - now
        seconds = left / self._speed
        if window.used >= LIMIT:
            known = window.told_at is not None and now - window.told_at > LEARNS + self._slack
            window.told_at = now if window.told_at is None else window.told_at
            fault = f"{key}: written with {left:.1f} s left to wait" if known else None
            return Turn(0, seconds, refused=True, fault=fault)
        window.used += 1
        if window.used == LIMIT:
            window.told_at = now
        return Turn(LIMIT - window.used, seconds, refused=False)
