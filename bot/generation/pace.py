"""How fast prompts are read and answers made, measured: what is promised comes from here."""

from bisect import bisect_right, insort
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

_PIECE_SECONDS = 0.5
"""A piece is not interrupted, so this is about how late a stop can be."""
_SHARED_SECONDS = 0.25
"""The same while others write: for so long they get no token."""
_FIRST_PIECE = 32
_TELLING = 8
"""Smaller pieces are not worth a step."""
_SMOOTHING = 0.5
_SMALL = 16
"""Steps of fewer tokens, most of them of answers that write, tell what a step takes by itself."""
_LEAST = 0.05
"""No token is taken to cost less than this part of the average: measurements are never exact."""


class ReadingPace:
    """Learns from every step how long one takes: a part whatever it reads, and a part a token.

    The former is small on a machine that does nothing else. Where other programs keep the cores
    busy it can take seconds, for llama.cpp's threads wait for each other many times a step.

    Args:
        largest: most tokens that one step may read.
        steady: every piece is of one size, whatever was measured. How a prompt is cut into
            pieces changes the logits a little, and so may change a draw with a fixed seed.
    """

    def __init__(self, largest: int, *, steady: bool = False) -> None:
        self._largest = largest
        self._steady = steady
        self._steps = _Steps()

    def piece(self, left: int, writing: int) -> int:
        """Return how many of ``left`` tokens are to be read in one step.

        ``writing`` answers get a token each in the same step.
        """
        return min(left, self._largest - writing, self._wanted(writing))

    def _wanted(self, writing: int) -> int:
        """A piece takes a set time; but tokens are worth at least what their step costs anyhow."""
        fitted = self._steps.fit()
        if self._steady or fitted is None:
            return _FIRST_PIECE
        cost, each = fitted
        seconds = _SHARED_SECONDS if writing else _PIECE_SECONDS
        return max(int((seconds - cost) / each), round(cost / each), _TELLING)

    def measured(self, tokens: int, seconds: float) -> None:
        """Learn that a step with ``tokens`` took ``seconds``."""
        if tokens > 0 and seconds > 0:
            self._steps.add(tokens, seconds)

    def seconds_for(self, tokens: int) -> float | None:
        """Estimate how long reading takes; None while nothing was measured."""
        fitted = self._steps.fit()
        if fitted is None:
            return None
        cost, each = fitted
        return tokens * each + cost * tokens / self.piece(self._largest, 0)


class _Steps:
    """How long steps took, small ones and large ones: a line through both tells the two parts."""

    def __init__(self) -> None:
        self._small: tuple[float, float] | None = None  # tokens and seconds, on average
        self._large: tuple[float, float] | None = None

    def add(self, tokens: int, seconds: float) -> None:
        """Take a measurement; it counts as much as all before it."""
        if tokens < _SMALL:
            self._small = _averaged(self._small, tokens, seconds)
        else:
            self._large = _averaged(self._large, tokens, seconds)

    def fit(self) -> tuple[float, float] | None:
        """Return the seconds of a step without any token, and those of each token.

        None while no large step was measured: small ones say little of what a token takes.
        """
        if self._large is None:
            return None
        tokens, seconds = self._large
        each = seconds / tokens  # as if the step itself took nothing
        if self._small is not None:
            slope = (seconds - self._small[1]) / (tokens - self._small[0])
            each = min(max(slope, _LEAST * each), each)
        return seconds - each * tokens, each


def _averaged(
    old: tuple[float, float] | None, tokens: float, seconds: float
) -> tuple[float, float]:
    if old is None:
        return tokens, seconds
    return (
        old[0] + (tokens - old[0]) * _SMOOTHING,
        old[1] + (seconds - old[1]) * _SMOOTHING,
    )


class AnswerPace:
    """Learns how long a turn takes: from the first look at the prompt to the last token.

    Where others wait a turn may end before the answer does: it is parked.

    Args:
        timer: seconds that rise evenly.
        slots: how many answers are made at once.
    """

    def __init__(self, timer: Callable[[], float], slots: int) -> None:
        self._timer = timer
        self._slots = slots
        self._typical: tuple[float, float] | None = None  # seconds in all, and of writing
        self._turns: dict[int, _Turn] = {}

    def begin(self, exchange_id: int) -> None:
        """Somebody's turn begins."""
        self._turns[exchange_id] = _Turn(self._timer())

    def reads(self, exchange_id: int, seconds: float) -> None:
        """In somebody's turn the prompt is being read, which takes so many seconds more."""
        self._turns[exchange_id].writes_from = self._timer() + seconds

    def end(self, exchange_id: int, *, whole: bool) -> None:
        """A turn is over; only one that was not broken off tells how long one takes."""
        turn, now = self._turns.pop(exchange_id), self._timer()
        if whole:
            writes_from = turn.begun if turn.writes_from is None else turn.writes_from
            writing = max(now - writes_from, 0.0)
            self._typical = _averaged(self._typical, now - turn.begun, writing)

    def begins(self, busy: Mapping[int, int], waiting: Sequence[int]) -> list[float] | None:
        """Estimate when those who wait have their turn, in seconds; None: nothing was measured.

        Args:
            busy: exchange -> its chat, of those that are answered now.
            waiting: the chats of those that wait, in order.
        """
        if self._typical is None:
            return None
        rests = {chat: self._rest(exchange_id) for exchange_id, chat in busy.items()}
        return turns(rests, waiting, self._slots, self._typical[0])

    def seconds_for(self, answers: int) -> float | None:
        """Estimate how long so many answers take, those under way first; None: not known."""
        if self._typical is None:
            return None
        each, ends = self._typical[0], sorted(map(self._rest, self._turns))
        others = range(len(ends), answers)  # of each chat one: then nobody waits for their own
        ends += [one + each for one in turns(dict(enumerate(ends)), others, self._slots, each)]
        return ends[answers - 1] if answers else 0.0

    def _rest(self, exchange_id: int) -> float:
        """How long a turn still takes. A longer one than others may end at any moment."""
        turn, (seconds, writing) = self._turns[exchange_id], self._typical or (0.0, 0.0)
        end = turn.begun + seconds if turn.writes_from is None else turn.writes_from + writing
        return max(end - self._timer(), 0.0)


@dataclass(slots=True)
class _Turn:
    """When a turn began, and from when on it writes, as far as reading has told."""

    begun: float
    writes_from: float | None = None


def turns(
    rests: Mapping[int, float], waiting: Iterable[int], slots: int, each: float
) -> list[float]:
    """Return when those who wait have their turn, in seconds: there is one a chat at a time. Pure.

    Args:
        rests: chat -> how long its turn still takes.
        waiting: the chats of those that wait, in order.
        slots: how many turns there are at once.
        each: how long one takes.
    """
    free = sorted([*rests.values(), *[0.0] * (slots - len(rests))])
    through, begins = dict(rests), []
    for chat in waiting:
        begin = max(free[0], through.get(chat, 0.0))
        # Whoever waits for their own chat takes the slot that is free last before that.
        del free[bisect_right(free, begin) - 1]
        through[chat] = begin + each
        insort(free, through[chat])
        begins.append(begin)
    return begins
