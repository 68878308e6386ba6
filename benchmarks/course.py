"""What is measured with one file of weights, in which order.

Ostro and who it is compared with take turns, so that a busy moment of the machine strikes both.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from time import sleep
from typing import Any

from benchmarks.cast import OSTRO, RAW, SEED, SERVER, Cast
from benchmarks.figures import Figures, Key
from benchmarks.memory import promised
from benchmarks.progress import Step
from benchmarks.talk import Interpreter, Talk

_TURN_TOKENS = 8
_SETTLED_SECONDS = 2.0
_FRESH = 1000
"""Numbers of chats that are asked once only come after it."""
_LONG_ANSWER = "Write all numbers from {} to 9999, one a line, leave none out."
_SMALL_WINDOW = 768
_PAST_THE_WINDOW = {
    "MODEL_SLOTS": "1",
    "MODEL_CONTEXT": str(_SMALL_WINDOW),
    "MODEL_CELLS": str(2 * _SMALL_WINDOW),
    "MODEL_MAX_TOKENS": "8",
}


@dataclass(frozen=True)
class Size:
    """How much is measured.

    Attributes:
        lengths: tokens of history of the chats that take turns; the last is the table's.
        rounds: how often each of the chats comes back.
        cold_rounds: the same, where all is read again every time.
        restarts: how often a process is started anew, of each way to end it.
        repeats: of what is measured with several chats at once.
        written: tokens that are written for a speed.
        read: tokens of the prompt that comes while others are answered.
        long: turns past the window; 0: this is not measured.
        load: how slow the weights are, beside the starter; for the progress bar.
    """

    lengths: tuple[int, ...]
    rounds: int
    cold_rounds: int
    restarts: int
    repeats: int
    written: int
    read: int
    long: int
    load: int


class Course:
    """Measures with one file of weights.

    Args:
        name: the weights' short name.
        cast: who is measured.
        interpreter: of the same weights.
        size: how much is measured.
        figures: takes what is measured.
    """

    def __init__(
        self, name: str, cast: Cast, interpreter: Interpreter, size: Size, figures: Figures
    ) -> None:
        self._name = name
        self._cast = cast
        self._interpreter = interpreter
        self._size = size
        self._figures = figures
        self._fresh = _FRESH
        self._talks = {who: self._invent() for who in (OSTRO, SEED, SERVER)}

    def _invent(self) -> list[Talk]:
        return [
            self._interpreter.talk(number, length)
            for number, length in enumerate(self._size.lengths, 1)
        ]

    # The order of things

    def steps(self) -> Iterator[Step]:
        """Return what is to be done."""
        yield from self._returning()
        yield from self._at_once()
        yield from self._restarting()
        if self._size.long:
            yield self._step("past the window", OSTRO, self._size.long / 3, self._past_the_window)

    def _step(
        self, name: str, who: str, seconds: float, do: Callable[..., None], *given: object
    ) -> Step:
        """Return a step that takes so many seconds with the starter, about."""
        return Step(f"{self._name}: {who} {name}", seconds * self._size.load, partial(do, *given))

    def _start(self, who: str) -> Step:
        return self._step("starts", who, 3, self._cast.open, who)

    def _end(self, who: str) -> Step:
        return self._step("ends", who, 0.1, self._cast.end, who)

    def _returning(self) -> Iterator[Step]:
        """Chats come back one after the other."""
        size, read = self._size, sum(self._size.lengths) / 200
        yield self._start(SEED)
        for _ in range(size.cold_rounds):
            yield self._step("is asked in turn", SEED, read, self._round, SEED, "return")
        yield self._end(SEED)
        for who in (SERVER, OSTRO):
            yield self._start(who)
            yield self._step("reads four chats", who, 2 * read, self._round, who, "cold")
        for _ in range(size.rounds):
            for who in (SERVER, OSTRO):
                yield self._step("is asked in turn", who, 2, self._round, who, "return")

    def _at_once(self) -> Iterator[Step]:
        """Several chats are answered, and a long prompt comes in between."""
        size = self._size
        for _ in range(size.repeats):
            for chats in (2, 4):
                for who in (SERVER, OSTRO):
                    seconds = chats * size.written / 50
                    yield self._step(f"answers {chats}", who, seconds, self._crowd, who, chats)
            for who in (SERVER, OSTRO):
                yield self._step("reads meanwhile", who, size.read / 80, self._stall, who)
        yield self._start(RAW)
        for _ in range(size.repeats + 1):
            for who in (RAW, OSTRO, SERVER):
                yield self._step("writes", who, size.written / 40, self._crowd, who, 1)
        yield self._end(RAW)
        yield self._step("is weighed", OSTRO, 0.1, self._memory)

    def _restarting(self) -> Iterator[Step]:
        """Processes end and start again."""
        read = sum(self._size.lengths) / 75
        for _ in range(self._size.restarts):
            yield self._end(SERVER)
            yield self._start(SERVER)
            yield self._step("is asked again", SERVER, read, self._round, SERVER, "restart")
        yield self._end(SERVER)
        for _ in range(self._size.restarts):
            yield self._end(OSTRO)
            yield self._start(OSTRO)
            yield self._step("is asked again", OSTRO, 2, self._round, OSTRO, "restart")
            yield self._step("is killed", OSTRO, 2, self._kill)
            yield self._start(OSTRO)
            yield self._step("is asked again", OSTRO, 2, self._round, OSTRO, "kill")
        yield self._end(OSTRO)

    # What is done

    def _round(self, who: str, what: str) -> None:
        """Let every chat ask something, in turn."""
        for talk, length in zip(self._talks[who], self._size.lengths, strict=True):
            question = talk.question()
            ask = self._interpreter.ask(talk, question)
            answer = self._cast[who].order("turn", ask=ask, limit=_TURN_TOKENS)
            talk.add(question, answer["text"], answer["ids"])
            self._note(who, what, answer["first"], size=length)

    def _crowd(self, who: str, chats: int) -> None:
        asks = [self._writer() for _ in range(chats)]
        speed = self._cast[who].order("crowd", asks=asks, limit=self._size.written)
        self._note(who, "speed", speed, size=chats)

    def _stall(self, who: str) -> None:
        reader = self._interpreter.talk(self._number(), self._size.read)
        measured = self._cast[who].order(
            "stall",
            writers=[self._writer(), self._writer()],
            reader=self._interpreter.ask(reader, reader.question()),
        )
        self._note(who, "gap", *measured["gaps"])
        self._note(who, "meanwhile", measured["first"])

    def _writer(self) -> dict[str, Any]:
        """Return a question of a new chat that is answered at length."""
        number = self._number()
        return self._interpreter.ask(Talk(number), _LONG_ANSWER.format(number))

    def _number(self) -> int:
        self._fresh += 1
        return self._fresh

    def _memory(self) -> None:
        ostro = self._cast[OSTRO]
        self._note(OSTRO, "peak", ostro.order("peak"))
        self._note(OSTRO, "promised", promised(ostro.said))

    def _kill(self) -> None:
        sleep(_SETTLED_SECONDS)  # what is written behind the answers is on disk by then
        self._cast.kill(OSTRO)

    def _past_the_window(self) -> None:
        self._cast.open(OSTRO, _PAST_THE_WINDOW)
        talk = self._interpreter.talk(1, _SMALL_WINDOW - 100)
        ask = self._interpreter.ask(talk, talk.question())
        tokens = self._cast[OSTRO].order("long", ask=ask, turns=self._size.long)
        for what, value in tokens.items():
            self._note(OSTRO, what, value)
        self._cast.end(OSTRO)

    def _note(self, who: str, what: str, *values: float, size: int = 0) -> None:
        self._figures.note(Key(self._name, who, what, size), *values)
