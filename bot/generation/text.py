"""From tokens to the text that may be shown: whole characters, no thoughts, no stop strings."""

import codecs
from collections.abc import Sequence

from bot.generation.thoughts import ThoughtGate


class AnswerText:
    """One answer's text, and the ids that it is made of.

    Args:
        gate: holds the model's thoughts back.
        stops: texts that end the answer; they are not shown.
        drop_blank: the vocabulary puts a blank before a text, which is not shown.

    Attributes:
        stopped: a stop string has come.
    """

    def __init__(
        self, gate: ThoughtGate, stops: Sequence[str] = (), *, drop_blank: bool = False
    ) -> None:
        self.stopped = False
        self._gate = gate
        self._stops = tuple(stops)
        self._drop_blank = drop_blank
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._text = ""
        self._shown = 0
        self._unclaimed: list[int] = []  # ids of thoughts, or of the answer: not known yet
        self._ids: list[int] = []
        self._ends: list[int | None] = []  # where an id's text ends; None: inside a character

    @property
    def thinking(self) -> bool:
        """Whether the model is inside its thoughts now."""
        return self._gate.thinking

    @property
    def answering(self) -> bool:
        """Whether the answer itself has begun."""
        return self._gate.answering

    def add(self, token: int, piece: bytes) -> str:
        """Take a token and its bytes; return what may be shown now, often nothing."""
        text = self._gate.feed(self._decoder.decode(piece))
        whole = not self._decoder.getstate()[0]
        self._unclaimed.append(token)
        if text is None:
            if whole and not self._gate.looking:
                self._unclaimed.clear()
            return ""
        self._claim(text, whole=whole)
        self._cut_at_stop()
        return self._show(len(self._text) - self._held_back())

    def finish(self) -> tuple[str, tuple[int, ...]]:
        """Return what was held back, and the ids of the answer.

        Half a character at the end is in neither. Where a stop string ends inside a token, no ids
        stand for the text: there are none.
        """
        if self._gate.looking:
            self._claim(self._gate.give_up(), whole=True)
        count = 0
        for index, end in enumerate(self._ends):
            if end == len(self._text):
                count = index + 1
        return self._show(len(self._text)), tuple(self._ids[:count])

    def _claim(self, text: str, *, whole: bool) -> None:
        """The text, and the ids that have led to it, are the answer's."""
        if not self._text and self._drop_blank and text.startswith(" "):
            self._shown = 1
        self._text += text
        self._ids += self._unclaimed
        self._ends += [None] * len(self._unclaimed)
        self._unclaimed.clear()
        if whole and self._ends:
            self._ends[-1] = len(self._text)

    def _cut_at_stop(self) -> None:
        found = [at for at in map(self._text.find, self._stops) if at >= 0]
        if found:
            self.stopped = True
            self._text = self._text[: min(found)]

    def _held_back(self) -> int:
        """How many characters at the end may be the beginning of a stop string."""
        if self.stopped:
            return 0
        longest = 0
        for stop in self._stops:
            for size in range(min(len(stop) - 1, len(self._text)), longest, -1):
                if self._text.endswith(stop[:size]):
                    longest = size
                    break
        return longest

    def _show(self, end: int) -> str:
        text = self._text[self._shown : end]
        self._shown = max(self._shown, end)
        return text
