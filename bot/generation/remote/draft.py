"""One answer on its way: what the server tells becomes events, text and an end."""

import time
from collections.abc import Callable

from bot.delivery.stream import Ended
from bot.generation.model import Event, Finished, Piece, Thinking
from bot.generation.remote.chunks import Told, Usage
from bot.generation.text import AnswerText
from bot.generation.thoughts import ThoughtGate
from bot.prompt.conversation import ThoughtMarks

MARKS = ThoughtMarks("<think>", "</think>")
"""Of thoughts that a server leaves in the answer."""

_SPARE = 16
"""Pieces more than there may be tokens: not every server counts exactly alike."""
_BYTES = 32
"""More than tokens have over a whole answer: where several come at once, this counts them."""


class Draft:
    """Takes what comes until the answer ends.

    Args:
        stops: texts that end it, where the server does not see to that.
        longest: tokens that it may have, thoughts not counted.
        most: tokens that it may have with its thoughts.
        going_on: it goes on with what was said before, and so has no thoughts in front.
        clock: seconds that rise evenly.

    Attributes:
        ended: why it ended; None: it has not.
        cut_short: it ended here, whatever the server still writes.
        thought: thoughts have come.
    """

    def __init__(
        self,
        stops: tuple[str, ...],
        longest: int,
        most: int,
        *,
        going_on: bool,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.ended: Ended | None = None
        self.cut_short = False
        self.thought = False
        self._text = AnswerText(ThoughtGate(None if going_on else MARKS), stops)
        self._longest = longest
        self._most = most
        self._clock = clock
        self._begun_at: float | None = None
        self._shown: list[str] = []
        self._pieces = self._thoughts = self._bytes = 0
        self._usage: Usage | None = None

    @property
    def begun(self) -> bool:
        """Whether the model has written anything, be it thoughts."""
        return self._begun_at is not None

    @property
    def said(self) -> bool:
        """Whether the person has seen some of it."""
        return bool(self._shown)

    def take(self, told: Told) -> list[Event]:
        """Take one chunk; return what is to be told of it."""
        self._usage = told.usage or self._usage
        if self.ended is not None:
            return []
        events: list[Event] = [told.progress] if told.progress and not self.begun else []
        if told.thought:
            events.append(self._think())
        if told.text:
            events += self._write(told.text)
        if self.ended is None:
            self.ended = told.reason or self._too_much()
        return events

    def _think(self) -> Thinking:
        self.thought = True
        self._thoughts += 1
        return Thinking(self._seconds())

    def _write(self, text: str) -> list[Event]:
        seconds = self._seconds()
        piece = text.encode(errors="replace")  # half a letter can come, in JSON's notation
        shown = self._text.add(0, piece)
        if self._text.thinking:
            self._thoughts += 1
            self.thought = True
            return [Thinking(seconds)]
        self._pieces += 1
        self._bytes += len(piece)
        if self._text.stopped:
            self.ended, self.cut_short = Ended.STOP, True
        return self._show(shown)

    def _too_much(self) -> Ended | None:
        """See that an answer has an end also where the server does not keep to its limit."""
        tokens = max(self._pieces, self._bytes // _BYTES)
        if tokens <= self._longest + _SPARE and self._thoughts + tokens <= self._most + _SPARE:
            return None
        self.cut_short = True
        return Ended.LENGTH

    def finish(self, ended: Ended) -> list[Event]:
        """Return the last events: what was held back, and the end."""
        rest, _ = self._text.finish()
        return [*self._show(rest), self._finished(ended)]

    def _finished(self, ended: Ended) -> Finished:
        text = "".join(self._shown)
        usage = self._usage or Usage(0, 0, self._pieces + self._thoughts, None)
        thoughts = self._thoughts if usage.thought is None else usage.thought
        return Finished(
            ended=ended,
            text=text,
            ids=(),
            written=max(0, usage.written - thoughts) if text else 0,
            read_tokens=max(0, usage.prompt - usage.cached),
            answer_tokens=usage.written,
            seconds=self._seconds() if self.begun else 0.0,
        )

    def _show(self, text: str) -> list[Event]:
        if not text:
            return []
        self._shown.append(text)
        return [Piece(text)]

    def _seconds(self) -> float:
        """Return how long it has been written; reading the prompt is no part of that."""
        now = self._clock()
        if self._begun_at is None:
            self._begun_at = now
        return now - self._begun_at
