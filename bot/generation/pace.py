"""How fast prompts are read: how large a piece may be, and how long the rest will take."""

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
