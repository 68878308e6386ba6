"""One answer on its way: what the server tells becomes events, text and an end."""

import time
from collections.abc import Callable

from bot.delivery.stream import Ended
from bot.generation.model import Event, Finished, Piece, Retracted, Thinking
from bot.generation.remote.chunks import Told, Usage
from bot.generation.remote.unopened import Unopened
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
        before: what was said before, where it goes on behind that without thoughts in front;
            empty: it begins.
        opened: it begins inside of thoughts: the template has opened them.
        clock: seconds that rise evenly.

    Attributes:
        ended: why it ended; None: it has not.
        fault: why it is BROKEN, in the server's word.
        cut_short: it ended here, whatever the server still writes.
        thought: thoughts have come.
        unopened: the end of thoughts has come that no mark had opened, nor was that expected. What
            came before that is taken back, but for an answer that is gone on with.
    """

    def __init__(
        self,
        stops: tuple[str, ...],
        longest: int,
        most: int,
        *,
        before: str = "",
        opened: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.ended: Ended | None = None
        self.fault = ""
        self.cut_short = self.thought = self.unopened = False
        self._stops = stops
        self._text = AnswerText(ThoughtGate(None if before else MARKS, thinking=opened), stops)
        self._before = before
        self._unopened = None if opened else Unopened(MARKS)
        if self._unopened and before:
            self._unopened.feed(before)
        self._maybe_thoughts: list[str] | None = [] if opened else None
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
    def unclosed(self) -> bool:
        """Whether all of it may be thoughts, because they were taken to be open."""
        return bool(self._maybe_thoughts) and self._text.thinking

    @property
    def prompt_tokens(self) -> int | None:
        """The size of the prompt as the server told it; None: it did not."""
        return self._usage.prompt if self._usage else None

    @property
    def said(self) -> bool:
        """Whether the person has seen some of it."""
        return bool(self._shown)

    def take(self, told: Told) -> list[Event]:
        """Take one chunk; return what is to be told of it.

        Text behind the end still counts: some servers give a reason too early.
        """
        self._usage = told.usage or self._usage
        if self.cut_short:
            return []
        events: list[Event] = [told.progress] if told.progress and not self.begun else []
        if told.thought:
            events.append(self._think())
        if told.text:
            events += self._write(told.text)
        if not self.cut_short:
            self._end(told)
        return events

    def _end(self, told: Told) -> None:
        if told.reason is not None:
            self.ended, self.fault = told.reason, told.fault
        elif told.text or told.thought:
            self._bound()

    def _think(self) -> Thinking:
        self.thought = True
        self._thoughts += 1
        if self._maybe_thoughts == []:  # the server tells them apart now
            self._maybe_thoughts = None
            self._text = AnswerText(ThoughtGate(MARKS), self._stops)
        return Thinking(self._seconds())

    def _write(self, text: str) -> list[Event]:
        if self._maybe_thoughts is not None:
            self._maybe_thoughts.append(text)
        behind = self._unopened.feed(text) if self._unopened else None
        self.unopened |= behind is not None
        if behind is None or self._before:
            return self._add(text)
        return [*self._retract(), *self._add(MARKS.closing + behind)]

    def _retract(self) -> list[Event]:
        """What has come were thoughts, and they are at their end."""
        told: list[Event] = [Retracted()] if self._shown else []
        self._text = AnswerText(ThoughtGate(MARKS, thinking=True), self._stops)
        self.thought = True
        self._thoughts += self._pieces
        self._pieces = self._bytes = 0
        self._shown.clear()
        return told

    def _add(self, text: str) -> list[Event]:
        seconds = self._seconds()
        piece = text.encode(errors="replace")  # half a letter can come, in JSON's notation
        shown = self._text.add(0, piece)
        if self._text.thinking:
            self._thoughts += 1
            self.thought = True
            return [Thinking(seconds)]
        self._maybe_thoughts = None  # what has come before was closed
        self._pieces += 1
        self._bytes += len(piece)
        if self._text.stopped:
            self.ended, self.cut_short = Ended.STOP, True
        return self._show(shown)

    def _bound(self) -> None:
        """See that an answer has an end also where the server does not keep to its limit."""
        tokens = max(self._pieces, self._bytes // _BYTES)
        if tokens > self._longest + _SPARE or self._thoughts + tokens > self._most + _SPARE:
            self.ended, self.cut_short = Ended.LENGTH, True

    def finish(self, ended: Ended) -> list[Event]:
        """Return the last events: what was held back, and the end.

        Thoughts that were taken to be open, and were never closed, are the answer; but where it
        was stopped nobody has seen the end, and they are none of it.
        """
        rest, _ = self._text.finish()
        if self._maybe_thoughts and self.unclosed and ended in {Ended.STOP, Ended.LENGTH}:
            rest = self._all_of(self._maybe_thoughts)
        if not (self.said or rest.strip()):  # blanks alone are no answer
            rest = ""
        return [*self._show(rest), self._finished(ended)]

    def _all_of(self, texts: list[str]) -> str:
        """Return as an answer what was held back as thoughts."""
        self._pieces, self._thoughts = len(texts), self._thoughts - len(texts)
        whole = AnswerText(ThoughtGate(None), self._stops)
        shown = whole.add(0, "".join(texts).encode(errors="replace"))
        return shown + whole.finish()[0]

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
            prompt_tokens=self.prompt_tokens,
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
