"""The engine on tiny weights, a step at a time, with an eye on every logit."""

import itertools
import random
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import numpy as np

from bot.generation.llama.context import Part
from bot.generation.llama.engine import Engine
from bot.generation.llama.load import Load
from bot.generation.llama.planning import Plan
from bot.generation.llama.sequences import how_many
from bot.generation.llama.slot import Job
from bot.generation.llama.tools import Tools
from bot.generation.model import AnswerOptions, Event, Finished, Sampling
from bot.generation.pace import ReadingPace
from bot.generation.warm.states import NoWarmStates, WarmStates
from storage.records import Era
from tests.doubles.watched import LIMIT, Logits, WatchedContext, load_of, said, vocabulary_of

PIECE = 32
"""Tokens that a step reads of a prompt: no time passes, so no speed is ever learned."""
NOISE = 0.01
"""What other company in a batch and other cells change of a logit; another token in a prompt
changes 0.3 or more."""
_MOST_STEPS = 5000


def words(name: str, count: int) -> tuple[int, ...]:
    """Return tokens that are always the same for a name, and look like no other name's."""
    return tuple(random.Random(name).choices(range(1000, 30_000), k=count))  # noqa: S311 # not secret


def era(chat: int, epoch: int = 0) -> Era:
    """Return an era of a chat."""
    return Era(chat, epoch, 0)


@dataclass
class Asked:
    """A question to an engine, and what comes of it."""

    plan: Plan
    stopped: threading.Event = field(default_factory=threading.Event)
    events: list[Event] = field(default_factory=list)
    error: Exception | None = None

    @property
    def done(self) -> bool:
        """Whether it is over, one way or the other."""
        return self.error is not None or any(isinstance(event, Finished) for event in self.events)

    @property
    def finished(self) -> Finished:
        """The last event."""
        assert self.error is None, self.error
        assert isinstance(self.events[-1], Finished)
        assert sum(isinstance(event, Finished) for event in self.events) == 1
        return self.events[-1]

    @property
    def read(self) -> int:
        """Tokens of the prompt that were read for it."""
        return self.finished.read_tokens

    def fail(self, error: Exception) -> None:
        """Note that it failed."""
        assert not self.done
        self.error = error


def plan(
    ids: Sequence[int],
    chat: int | Era | None,
    *,
    seed: int,
    limit: int = LIMIT,
    branches: Sequence[int] = (),
) -> Plan:
    """Plan an answer of ``limit`` tokens to some ids."""
    return Plan(
        ids=tuple(ids),
        room=limit,
        dropped=0,
        thinking=False,
        said=(),
        going_on=False,
        options=AnswerOptions(Sampling(temperature=0), max_tokens=limit),
        seed=seed,
        era=era(chat) if isinstance(chat, int) and not isinstance(chat, Era) else chat,
        branches=tuple(branches),
    )


class Desk:
    """One engine, and the questions that are put to it.

    Args:
        path: the weights.
        warm: the states on disk.
        context: makes the context.
        timer: tells the engine how long things take.
        load: what is loaded otherwise than ``load_of`` says.
    """

    def __init__(
        self,
        path: Path,
        warm: WarmStates | None = None,
        context: Callable[[Load, int], WatchedContext] = WatchedContext,
        timer: Callable[[], float] = lambda: 0.0,
        **load: Any,  # noqa: ANN401 # Load says what each is
    ) -> None:
        self.load = load_of(path, **load)
        vocabulary = vocabulary_of(path)
        can_cut = vocabulary.can_cut
        self.context = context(self.load, how_many(self.load.slots, can_cut=can_cut))
        pace = ReadingPace(self.load.batch)
        warm = NoWarmStates() if warm is None else warm
        self.engine = Engine(self.context, Tools(self.load, vocabulary, None, pace, warm, timer))
        self._seeds = itertools.count(1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()

    def ask(
        self,
        ids: Sequence[int],
        chat: int | Era | None = None,
        *,
        seed: int | None = None,
        limit: int = LIMIT,
        branches: Sequence[int] = (),
        emit: Callable[[Event], None] | None = None,
    ) -> Asked:
        """Put a question."""
        seed = next(self._seeds) if seed is None else seed
        asked = Asked(plan(ids, chat, seed=seed, limit=limit, branches=branches))
        emit = asked.events.append if emit is None else emit
        self.engine.add(Job(asked.plan, emit, asked.fail, asked.stopped))
        return asked

    def answer(self, ids: Sequence[int], chat: int | Era | None = None, **how: Any) -> Asked:  # noqa: ANN401 # see ask
        """Put a question and do all that there is to do."""
        asked = self.ask(ids, chat, **how)
        self.run()
        return asked

    def step(self, count: int = 1) -> None:
        """Let the engine do some steps."""
        for _ in range(count):
            self.engine.work()

    def run(self) -> int:
        """Let the engine do all that there is to do; return in how many steps."""
        for step in range(_MOST_STEPS):
            if not self.engine.work():
                return step + 1
        raise AssertionError("the engine finds no end")

    def off(self, asked: Asked) -> float:
        """Return how far a whole answer's logits are from those of the same tokens read alone."""
        assert asked.finished
        seen = self.context.logits[asked.plan.seed]
        alone = self.alone(asked.plan.ids, asked.plan.seed, len(seen))
        assert seen
        return max(float(np.abs(one - other).max()) for one, other in zip(seen, alone, strict=True))

    def alone(self, ids: Sequence[int], seed: int, count: int) -> list[Logits]:
        """Return what ``count`` tokens behind some ids are drawn from, read with nothing else."""
        logits: list[Logits] = []
        with WatchedContext(self.load, 1) as context:
            read = 0
            for token in (None, *said(seed, count - 1)):
                left = list(ids[read:]) if token is None else [token]
                while left:
                    piece, left = left[:PIECE], left[PIECE:]
                    [place] = context.decode([Part(0, read, piece)])
                    read += len(piece)
                logits.append(context.logits_at(place))
        return logits
