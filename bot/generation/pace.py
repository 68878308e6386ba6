"""How fast prompts are read and answers made, measured: what is promised comes from here."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence

_PIECE_SECONDS = 0.5
"""A piece is not interrupted, so this is about how late a stop can be."""
_SHARED_SECONDS = 0.25
"""The same while others write: for so long they get no token."""
_FIRST_PIECE = 32
_SMOOTHING = 0.5
_TELLING = 8
"""Fewer tokens than this say little about speed: the step's own cost outweighs them."""


class ReadingPace:
    """Learns from every piece that was read. Speeds are in tokens a second.

    Args:
        largest: most tokens that one step may read.
        steady: every piece is of one size, whatever was measured. How a prompt is cut into
            pieces changes the logits a little, and so may change a draw with a fixed seed.
    """

    def __init__(self, largest: int, *, steady: bool = False) -> None:
        self._largest = largest
        self._steady = steady
        self._speed: float | None = None

    def piece(self, left: int, writing: int) -> int:
        """Return how many of ``left`` tokens are to be read in one step.

        ``writing`` answers get a token each in the same step.
        """
        if self._steady or self._speed is None:
            wanted = _FIRST_PIECE
        else:
            wanted = int(self._speed * (_SHARED_SECONDS if writing else _PIECE_SECONDS))
        return min(left, self._largest - writing, max(wanted, _TELLING))

    def measured(self, tokens: int, seconds: float) -> None:
        """Learn that a piece of ``tokens`` took ``seconds``."""
        if tokens < _TELLING or seconds <= 0:
            return
        speed = tokens / seconds
        old = self._speed if self._speed is not None else speed
        self._speed = old + (speed - old) * _SMOOTHING

    def seconds_for(self, tokens: int) -> float | None:
        """Estimate how long reading takes; None while nothing was measured."""
        return None if self._speed is None else tokens / self._speed


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
        self._typical: float | None = None
        self._begun: dict[int, float] = {}

    def begin(self, exchange_id: int) -> None:
        """Somebody's turn begins."""
        self._begun[exchange_id] = self._timer()

    def end(self, exchange_id: int, *, whole: bool) -> None:
        """A turn is over; only one that was not broken off tells how long one takes."""
        seconds = self._timer() - self._begun.pop(exchange_id)
        if whole:
            old = self._typical if self._typical is not None else seconds
            self._typical = old + (seconds - old) * _SMOOTHING

    def begins(self, busy: Mapping[int, int], waiting: Sequence[int]) -> list[float] | None:
        """Estimate when those who wait have their turn, in seconds; None: nothing was measured.

        Args:
            busy: exchange -> its chat, of those that are answered now.
            waiting: the chats of those that wait, in order.
        """
        if self._typical is None:
            return None
        rests = {chat: self._rest(exchange_id) for exchange_id, chat in busy.items()}
        return turns(rests, waiting, self._slots, self._typical)

    def seconds_for(self, answers: int) -> float | None:
        """Estimate how long so many answers take, those under way first; None: not known."""
        if self._typical is None:
            return None
        rests = dict(enumerate(sorted(map(self._rest, self._begun))))
        ends = [*rests.values()]
        others = range(len(rests), answers)
        ends += [one + self._typical for one in turns(rests, others, self._slots, self._typical)]
        return ends[answers - 1] if answers else 0.0

    def _rest(self, exchange_id: int) -> float:
        """How long a turn still takes. A longer one than others may end at any moment."""
        done = self._timer() - self._begun[exchange_id]
        return max((self._typical or 0.0) - done, 0.0)


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
        free[bisect_right(free, begin) - 1] = through[chat] = begin + each
        free.sort()
        begins.append(begin)
    return begins
