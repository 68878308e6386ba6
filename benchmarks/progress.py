"""A bar on standard error: what is being done, how much is done, since when."""

import sys
import time
from collections.abc import Callable, Iterable
from typing import NamedTuple

_WIDTH = 24
_LINE = 79


class Step(NamedTuple):
    """One step of the bench.

    Attributes:
        name: what is done.
        weight: how long it takes beside others, about.
        do: does it.
    """

    name: str
    weight: float
    do: Callable[[], None]


def run(steps: Iterable[Step]) -> None:
    """Do all steps in order, and show how far that is."""
    steps = list(steps)
    total, done, started = sum(step.weight for step in steps), 0.0, time.monotonic()
    for step in steps:
        _show(line(done / total, time.monotonic() - started, step.name))
        step.do()
        done += step.weight
    _show(line(1, time.monotonic() - started, "done"))
    sys.stderr.write("\n")


def line(share: float, seconds: float, name: str) -> str:
    """Return the bar with ``share`` of it filled."""
    filled = round(share * _WIDTH)
    bar = "#" * filled + "." * (_WIDTH - filled)
    minutes, rest = divmod(int(seconds), 60)
    return f"[{bar}] {share:4.0%} {minutes}:{rest:02} {name}"[:_LINE]


def _show(text: str) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{text:<{_LINE}}")
    else:  # a log: one line each
        sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
