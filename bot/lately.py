"""When people did something a short while ago."""

from collections.abc import Hashable


class Lately:
    """Remembers when each person did something, and forgets it again.

    What it holds is as much as happened within its seconds, however many people come by.

    Args:
        seconds: so long ago it is forgotten.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._times: dict[Hashable, list[float]] = {}  # who did it last comes last

    def note(self, who: Hashable, now: float) -> None:
        """Note that somebody does it; ``now`` is in seconds, and so are all other times here."""
        times = self.times(who, now)
        self.forget(who)
        self._times[who] = [*times, now]

    def times(self, who: Hashable, now: float) -> list[float]:
        """Return when somebody did it lately, oldest first."""
        since = now - self._seconds
        while self._times:
            first = next(iter(self._times))
            if self._times[first][-1] > since:
                break
            del self._times[first]
        return [time for time in self._times.get(who, ()) if time > since]

    def forget(self, who: Hashable) -> None:
        """Forget that somebody did it."""
        self._times.pop(who, None)
