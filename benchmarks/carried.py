"""What the bot carried, and whether that is as much as it should. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.figures import percentile

GOAL_RATE = 500.0
"""Messages a second."""
LOAD = 0.5
"""The part of what the bot carries that comes while it is measured what it adds to each message."""
GOAL_ADDED = 0.050
"""Less than so many seconds, 99 of 100 times."""


@dataclass(frozen=True, slots=True)
class Answered:
    """One message, from its arrival to the end of its answer.

    Attributes:
        seconds: that it took.
        server: of these, so many were the model server's, by its own clock.
    """

    seconds: float
    server: float

    @property
    def added(self) -> float:
        """The seconds that are the bot's."""
        return self.seconds - self.server


class Carried:
    """What was measured, in all rounds."""

    def __init__(self) -> None:
        self._rates: list[float] = []
        self._spent: list[float] = []
        self._added: list[list[float]] = []

    def note(self, rate: float, spent: float, answered: Sequence[Answered]) -> None:
        """Note one round.

        Args:
            rate: messages a second, as fast as they were answered.
            spent: seconds of the processor that the bot spent on each of them.
            answered: those that came more slowly, at LOAD times that rate.
        """
        self._rates.append(rate)
        self._spent.append(spent)
        self._added.append([one.added for one in answered])

    def table(self) -> str:
        """Return medians of the rounds as a table in Markdown."""
        rate, spent = median(self._rates), median(self._spent)
        half, most = (
            median(percentile(added, percent) for added in self._added) for percent in (50, 99)
        )
        rows = [
            ("work", "Ostro", "goal", ""),
            ("---", "---", "---", "---"),
            (
                "messages a second, as fast as they are answered",
                f"{rate:.0f}",
                f"{GOAL_RATE:.0f} or more",
                _verdict(rate >= GOAL_RATE),
            ),
            (
                f"what Ostro adds to a message, with {LOAD * rate:.0f} a second, p99",
                f"{1000 * most:.0f} ms",
                f"less than {1000 * GOAL_ADDED:.0f} ms",
                _verdict(most < GOAL_ADDED),
            ),
            ("the same, p50", f"{1000 * half:.0f} ms", "", ""),
            ("processor time of Ostro for a message", f"{1000 * spent:.2f} ms", "", ""),
        ]
        return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _verdict(met: bool) -> str:  # noqa: FBT001 # the one thing it is told
    return "**met**" if met else "**missed**"
