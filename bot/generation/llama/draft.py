"""One answer on its way: its text, its thoughts and its limits."""

import re
import time
from collections import deque
from collections.abc import Callable

from bot.delivery.stream import Ended
from bot.generation.llama.vocabulary import Vocabulary
from bot.generation.model import AnswerOptions, Event, Finished, Piece, Thinking
from bot.generation.text import AnswerText
from bot.generation.thoughts import ThoughtGate
from bot.prompt.conversation import ThoughtMarks

_NOWHERE = r"(?!)"


class Draft:
    """Takes tokens until the answer ends.

    Args:
        vocabulary: of the model that writes.
        marks: of its thoughts, or None.
        options: the limits of an answer.
        room: tokens that are free behind the prompt, thoughts included.
        thinking: the prompt has opened thoughts already.
        going_on: the prompt ends inside an answer, which this one goes on with.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        marks: ThoughtMarks | None,
        options: AnswerOptions,
        *,
        room: int,
        thinking: bool,
        going_on: bool,
    ) -> None:
        self._vocabulary = vocabulary
        gate = ThoughtGate(None if going_on else marks, thinking=thinking)
        drop_blank = vocabulary.leading_blank and not going_on
        self._text = AnswerText(gate, options.stops, drop_blank=drop_blank)
        self._closing = _Closing(vocabulary, marks) if marks else None
        self._longest_thoughts = min(options.think_tokens, room // 2)
        self._longest_answer = min(options.max_tokens, room)
        self._room = room
        self._thought_tokens = 0
        self._tokens = 0
        self._shown: list[str] = []
        self._begun_at: float | None = None  # reading the prompt is no part of writing

    def next_token(self, draw: Callable[[], int]) -> int | None:
        """Return the next token; None when the model has said everything.

        Thoughts that grow too long, or that the model would end with, are closed for it.
        """
        if self._begun_at is None:
            self._begun_at = time.monotonic()
        closing, thinking = self._closing, self._text.thinking
        if closing and thinking and self._thought_tokens >= self._longest_thoughts:
            closing.begin()
        if closing and closing.waiting:
            return closing.waiting.popleft()
        token = draw()
        if not self._vocabulary.is_end(token):
            return token
        if closing is None or closing.begun or not thinking:
            return None
        closing.begin()
        return closing.waiting.popleft()

    def take(self, token: int) -> Event | None:
        """Take the token; return what is to be told of it."""
        self._tokens += 1
        shown = self._text.add(token, self._piece(token))
        if not self._text.answering:
            self._thought_tokens += 1
        if self._text.thinking:
            return Thinking(self._seconds)
        self._shown.append(shown)
        return Piece(shown) if shown else None

    @property
    def ended(self) -> Ended | None:
        """Why the answer is over, or None while it goes on."""
        if self._text.stopped:
            return Ended.STOP
        if self._tokens >= self._room:
            return Ended.LENGTH
        full = self._tokens - self._thought_tokens >= self._longest_answer
        return Ended.LENGTH if full else None

    def finish(self, ended: Ended, *, read: int) -> Finished:
        """Return the whole answer; ``read`` prompt tokens were read for it."""
        rest, ids = self._text.finish()
        return Finished(
            ended=ended,
            text="".join([*self._shown, rest]),
            ids=ids,
            written=len(ids),
            read_tokens=read,
            answer_tokens=self._tokens,
            seconds=self._seconds,
        )

    @property
    def _seconds(self) -> float:
        return 0.0 if self._begun_at is None else time.monotonic() - self._begun_at

    def _piece(self, token: int) -> bytes:
        """Marks of thoughts are control tokens in some models: those have no bytes otherwise."""
        if self._closing is not None and not self._text.answering:
            mark = self._closing.marks.get(token)
            if mark is not None:
                return mark.encode()
        return self._vocabulary.piece(token)


class _Closing:
    """The tokens of the marks, and those that close thoughts from outside.

    Attributes:
        marks: the control tokens that the marks are made of -> their texts.
        waiting: tokens that are to come next, whatever the model would draw.
        begun: whether the thoughts have been closed.
    """

    def __init__(self, vocabulary: Vocabulary, marks: ThoughtMarks) -> None:
        inside = {
            text: token
            for text, token in vocabulary.control.items()
            if text and (text in marks.opening or text in marks.closing)
        }
        self.marks = {token: text for text, token in inside.items()}
        self.waiting: deque[int] = deque()
        self.begun = False
        closing = marks.closing if inside else marks.closing + "\n\n"
        cut = f"({'|'.join(map(re.escape, inside))})" if inside else _NOWHERE
        self._ids = [
            token
            for part in re.split(cut, closing)
            for token in ([inside[part]] if part in inside else vocabulary.encode(part))
        ]

    def begin(self) -> None:
        """Line the tokens up, unless they are; thoughts may be opened again and again."""
        self.begun = True
        if not self.waiting:
            self.waiting.extend(self._ids)
