"""From figures to the rows of the table, and what has to be said beside it."""

from collections.abc import Iterator

from benchmarks.cast import OSTRO, RAW, SEED, SERVER
from benchmarks.course import Size
from benchmarks.figures import Figures, Key, percentile
from benchmarks.table import (
    Goal,
    Row,
    at_least,
    faster,
    mebibytes,
    seconds,
    tokens_a_second,
    within,
)

_MARGIN = 200e6
_GAP_PERCENT = 95
_LONG_HISTORY = 1000
_FASTER, _FASTER_SHORT = 20, 8
"""With 1,000 tokens of history, and with 128."""


class Report:
    """The rows of one file of weights.

    Args:
        name: the weights' short name.
        figures: what was measured.
        size: how much was.
    """

    def __init__(self, name: str, figures: Figures, size: Size) -> None:
        self._name = name
        self._figures = figures
        self._size = size

    def rows(self) -> Iterator[Row]:
        """Return all rows, in the order of the goals."""
        yield from self._first_tokens()
        yield from self._speeds()
        yield self._gaps()
        yield self._memory()
        if self._size.long:
            yield self._reading()

    def notes(self) -> Iterator[str]:
        """Return what the rows do not say."""
        length = self._size.lengths[-1]
        cold = {who: self._first(who, "cold") for who in (OSTRO, SERVER)}
        cold[SEED] = self._first(SEED, "return")
        told = ", ".join(f"{who} {seconds(value)}" for who, value in cold.items())
        yield f"{self._name}: reading about {length} tokens with nothing warm took {told}."
        waits = {who: self._typical(who, "meanwhile") for who in (OSTRO, SERVER)}
        told = ", ".join(f"{who} {seconds(value)}" for who, value in waits.items())
        yield (
            f"{self._name}: the first token of the chat that came with {self._size.read} tokens "
            f"while two others were answered took {told}."
        )

    def _first_tokens(self) -> Iterator[Row]:
        length = self._size.lengths[-1]
        enough = faster(_FASTER if length >= _LONG_HISTORY else _FASTER_SHORT)
        warm, again = self._first(OSTRO, "return"), self._first(OSTRO, "restart")
        killed = self._first(OSTRO, "kill")
        seed, server = self._first(SEED, "return"), self._first(SERVER, "return")
        cold = self._first(SERVER, "restart")
        back = f"first token, chat returns after 3 other chats, {length:,} tokens of history"
        restart = "the same after a restart of the process"
        yield self._times(back, warm, SEED, seed, enough)
        yield self._times("the same", warm, f"{SERVER} with its RAM cache", server, within(1.1))
        yield self._times(restart, again, SERVER, cold, enough)
        own = "Ostro, warm"
        yield self._times(restart, again, own, warm, within(1.5))
        kill = "the same after kill -9"
        yield self._times(kill, killed, own, warm, within(1.5))

    def _speeds(self) -> Iterator[Row]:
        alone, four = (self._typical(OSTRO, "speed", chats) for chats in (1, 4))
        raw, server = self._typical(RAW, "speed", 1), self._typical(SERVER, "speed", 4)
        own = "Ostro, 1 chat"
        yield self._speed("tokens/s, 1 chat", alone, RAW, raw, at_least(0.97))
        yield self._speed(
            "tokens/s in all, 4 chats", four, f"{SERVER}, 4 slots", server, at_least(1)
        )
        yield self._speed("the same", four, own, alone, at_least(1.3))

    def _gaps(self) -> Row:
        ours, theirs = (
            percentile(self._figures.samples(Key(self._name, who, "gap")), _GAP_PERCENT)
            for who in (OSTRO, SERVER)
        )
        work = f"2 other chats' token gap (p95) while {self._size.read:,} tokens are read"
        return self._times(work, ours, SERVER, theirs, at_least(1))

    def _memory(self) -> Row:
        peak, promised = (self._typical(OSTRO, what) for what in ("peak", "promised"))
        line = f"memory line {mebibytes(promised)} + 200 MB"
        ratio, goal = peak / (promised + _MARGIN), Goal(1, least=False, text="not above")
        return Row(self._name, "memory, peak resident", mebibytes(peak), line, ratio, goal)

    def _reading(self) -> Row:
        read, new = (self._typical(OSTRO, what) for what in ("read", "new"))
        work = f"tokens read a turn over {self._size.long} turns past the window"
        return Row(self._name, work, f"{read:.1f}", f"new ones: {new:.1f}", read / new, within(2))

    def _times(self, work: str, ours: float, who: str, theirs: float, goal: Goal) -> Row:
        ratio = theirs / ours if goal.least else ours / theirs
        return Row(self._name, work, seconds(ours), f"{who}: {seconds(theirs)}", ratio, goal)

    def _speed(self, work: str, ours: float, who: str, theirs: float, goal: Goal) -> Row:
        told = f"{who}: {tokens_a_second(theirs)}"
        return Row(self._name, work, tokens_a_second(ours), told, ours / theirs, goal)

    def _first(self, who: str, what: str) -> float:
        return self._typical(who, what, self._size.lengths[-1])

    def _typical(self, who: str, what: str, size: int = 0) -> float:
        return self._figures.typical(Key(self._name, who, what, size))
