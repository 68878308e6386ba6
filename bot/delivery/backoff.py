"""How long to wait before something that failed is tried again."""

import random
from collections.abc import Callable

_FIRST_SECONDS = 0.5
_LONGEST_SECONDS = 8.0
"""With the five that a connection may take: all goes on within 15 after a network is back."""


def pause(failures: int, chance: Callable[[], float] = random.random) -> float:
    """Return how long to wait after so many failures in a row: from 0.25 to 8 seconds.

    Args:
        failures: 1 or more.
        chance: between 0 and 1, so that not all who wait come back in the same moment.
    """
    longest = min(_LONGEST_SECONDS, _FIRST_SECONDS * 2.0 ** min(failures - 1, 10))
    return longest * (1 + chance()) / 2
