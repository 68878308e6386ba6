"""What was measured, and what is computed of it. Pure."""

import math
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple


class Key(NamedTuple):
    """What a figure is of.

    Attributes:
        weights: the short name of the weights.
        who: who was measured.
        what: what was measured.
        size: tokens of history, or chats at once; 0 where there is no such thing.
    """

    weights: str
    who: str
    what: str
    size: int = 0


class Figures:
    """All that was measured; of each thing several times."""

    def __init__(self) -> None:
        self._samples: dict[Key, list[float]] = defaultdict(list)

    def note(self, key: Key, *values: float) -> None:
        """Note what was measured."""
        self._samples[key].extend(values)

    def samples(self, key: Key) -> list[float]:
        """Return all that was measured of a thing; KeyError where nothing was."""
        if key not in self._samples:
            raise KeyError(key)
        return self._samples[key]

    def typical(self, key: Key) -> float:
        """Return the median."""
        return median(self.samples(key))

    def curve(self, weights: str, who: str, what: str) -> list[tuple[int, float]]:
        """Return sizes with their medians, in order."""
        sizes = sorted(key.size for key in self._samples if key[:3] == (weights, who, what))
        return [(size, self.typical(Key(weights, who, what, size))) for size in sizes]


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the smallest value that at least ``percent`` of all do not exceed."""
    if not values:
        raise ValueError("there are no values")
    return sorted(values)[max(0, math.ceil(len(values) * percent / 100) - 1)]


def rate(answers: Sequence[Sequence[float]]) -> float:
    """Return the tokens a second in all, while every answer is being written.

    Args:
        answers: of each, when its tokens came, in seconds; two tokens at least.

    Raises:
        ValueError: there was no time at which all were.
    """
    begin, end = max(times[0] for times in answers), min(times[-1] for times in answers)
    if begin >= end:
        raise ValueError("the answers were not written at the same time")
    tokens = sum(sum(begin < time <= end for time in times) for times in answers)
    return tokens / (end - begin)


def overlapping_gaps(times: Sequence[float], begin: float, end: float) -> list[float]:
    """Return the gaps between tokens, in seconds, that lie in or reach into a time."""
    return [late - early for early, late in pairwise(times) if late > begin and early < end]
