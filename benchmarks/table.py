"""The rows of the table: what was reached, what the goal is, and whether it is met. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MIB = 2**20
_HEAD = ("weights", "work", "Ostro", "compared with", "ratio", "goal", "")


@dataclass(frozen=True)
class Goal:
    """A ratio to be reached: at least, or at most.

    Attributes:
        limit: the ratio.
        least: whether it is the least one that will do; otherwise the most.
        text: the goal in words.
    """

    limit: float
    least: bool
    text: str

    def is_met(self, ratio: float) -> bool:
        """Say whether a ratio reaches it."""
        return ratio >= self.limit if self.least else ratio <= self.limit


def faster(times: float) -> Goal:
    """Be so many times as fast, in seconds of the other to seconds of ours."""
    return Goal(times, least=True, text=f"{times:g}x faster or better")


def within(times: float) -> Goal:
    """Take at most so many times of what the other takes."""
    return Goal(times, least=False, text=f"at most {times:g}x")


def at_least(share: float) -> Goal:
    """Do at least that share of what the other does."""
    return Goal(share, least=True, text=f"{share:g} or better")


@dataclass(frozen=True)
class Row:
    """One row of the table.

    Attributes:
        weights: the short name of the weights.
        work: what was done.
        ours: our figure, with its unit.
        theirs: with what it is compared: who, and the figure.
        ratio: of the two, as the goal wants it.
        goal: what it must be.
    """

    weights: str
    work: str
    ours: str
    theirs: str
    ratio: float
    goal: Goal

    @property
    def cells(self) -> tuple[str, ...]:
        """What stands in it."""
        verdict = "met" if self.goal.is_met(self.ratio) else "missed"
        ratio = f"{self.ratio:.1f}x" if self.ratio >= 10 else f"{self.ratio:.2f}x"  # noqa: PLR2004 # digits
        return (
            self.weights,
            self.work,
            self.ours,
            self.theirs,
            ratio,
            self.goal.text,
            f"**{verdict}**",
        )


def markdown(rows: Iterable[Row]) -> str:
    """Return the rows as a table in Markdown, each ending in its goal and ``met`` or ``missed``."""
    lines: Sequence[Sequence[str]] = [_HEAD, ["---"] * len(_HEAD), *(row.cells for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def seconds(value: float) -> str:
    """Write a time."""
    return f"{1000 * value:.0f} ms" if value < 1 else f"{value:.2f} s"


def tokens_a_second(value: float) -> str:
    """Write a speed."""
    return f"{value:.1f} tokens/s"


def mebibytes(value: float) -> str:
    """Write a size, given in bytes."""
    return f"{value / MIB:,.0f} MiB"
