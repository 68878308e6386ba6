"""How fast prompts are read and answers made, measured: what is promised comes from here."""

from collections.abc import Callable

_PIECE_SECONDS = 0.5
"""A piece is not interrupted, so this is about how late a stop can be."""
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

    def piece(self, left: int) -> int:
        """Return how many of ``left`` tokens are to be read in one step."""
        if self._steady or self._speed is None:
            wanted = _FIRST_PIECE
        else:
            wanted = int(self._speed * _PIECE_SECONDS)
        return min(left, self._largest, max(wanted, _TELLING))

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
    """Learns how long answers take, from the first look at the prompt to the last token.

    Args:
        timer: seconds that rise evenly.
    """

    def __init__(self, timer: Callable[[], float]) -> None:
        self._timer = timer
        self._typical: float | None = None
        self._begun: float | None = None

    def begin(self) -> None:
        """An answer is begun."""
        self._begun = self._timer()

    def end(self, *, whole: bool) -> None:
        """What was begun is done; only what became a whole answer tells how long one takes."""
        if whole and self._begun is not None:
            seconds = self._timer() - self._begun
            old = self._typical if self._typical is not None else seconds
            self._typical = old + (seconds - old) * _SMOOTHING
        self._begun = None

    def seconds_for(self, answers: int) -> float | None:
        """Estimate how long so many answers take, the one under way included; None: not known."""
        if self._typical is None:
            return None
        done = 0.0 if self._begun is None else self._timer() - self._begun
        return answers * self._typical - min(done, self._typical) if answers else 0.0
