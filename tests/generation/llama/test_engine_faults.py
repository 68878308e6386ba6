"""What goes wrong for one answer is its own alone."""

from collections.abc import Callable, Sequence

import pytest

from bot.errors import EngineError
from bot.generation.llama.context import Part
from bot.generation.llama.load import Load
from bot.generation.llama.sampler import Sampler
from bot.generation.model import Event, Finished, Piece, Reading, Sampling
from tests.doubles.engine import NOISE, era, words
from tests.doubles.watched import WatchedContext
from tests.generation.llama.conftest import Desks

BAD, GOOD = 13, 7
"""Seeds."""


class Broken(WatchedContext):
    """A context that fails in one place, for one answer.

    Attributes:
        fails: where: in ``sampler``, in ``draw``, before or after reading.
        victim: the sequence that cannot be read.
    """

    def __init__(self, load: Load, sequences: int) -> None:
        self.fails = ""
        self.victim: int | None = None
        super().__init__(load, sequences)

    def sampler(self, sampling: Sampling, seed: int, said: Sequence[int] = ()) -> Sampler:
        if self.fails == "sampler" and seed == BAD:
            raise MemoryError("no sampler")
        return super().sampler(sampling, seed, said)

    def draw(self, sampler: Sampler, place: int) -> int:
        if self.fails == "draw" and self._seeds[sampler] == BAD:
            raise ValueError("nothing to draw from")
        return super().draw(sampler, place)

    def decode(self, parts: Sequence[Part]) -> list[int]:
        is_hit = self.victim in {part.sequence for part in parts}
        if is_hit and self.fails == "before reading":
            raise EngineError("not this one")
        places = super().decode(parts)
        if is_hit and self.fails == "after reading":
            raise EngineError("not this one, and who knows what it holds")
        return places

    def hit(self, fails: str, ids: Sequence[int]) -> None:
        """Fail for the sequence that holds some tokens, from now on."""
        self.fails = fails
        self.victim = next(
            part.sequence for step in self.steps for part in step if list(part.ids[:1]) == [ids[0]]
        )


@pytest.mark.parametrize("fails", ["sampler", "draw"])
def test_where_a_token_cannot_be_drawn_that_answer_fails_alone(desks: Desks, fails: str) -> None:
    desk = desks(context=Broken)
    good = desk.ask(words("good", 50), 1, seed=GOOD, limit=20)
    desk.step(4)
    desk.context.fails = fails  # type: ignore[attr-defined] # it is Broken
    bad = desk.ask(words("bad", 50), 2, seed=BAD)
    after = desk.answer(words("after", 20), 3)

    assert isinstance(bad.error, ValueError if fails == "draw" else MemoryError)
    assert not bad.events or isinstance(bad.events[-1], Reading)
    assert max(map(desk.off, (good, after))) < NOISE


@pytest.mark.parametrize("fails", ["before reading", "after reading"])
@pytest.mark.parametrize("steps", [1, 5])
def test_where_a_part_of_a_batch_cannot_be_read_that_answer_fails_alone(
    desks: Desks, fails: str, steps: int
) -> None:
    desk = desks(context=Broken, slots=3)
    others = [desk.ask((1, *words(f"good {chat}", 5)), chat, limit=20) for chat in (1, 2)]
    desk.step(2)
    ids = words("bad", 70)
    bad = desk.ask(ids, 3, seed=BAD, limit=20)
    desk.step(steps)
    desk.context.hit(fails, ids)  # type: ignore[attr-defined] # it is Broken
    desk.run()
    desk.context.fails = ""  # type: ignore[attr-defined] # it is Broken
    again = desk.answer(ids, 3)

    assert isinstance(bad.error, EngineError)
    if fails == "before reading":  # otherwise the others' part of the batch is lost, too
        assert max(map(desk.off, others)) < NOISE
    assert desk.off(again) < NOISE


@pytest.mark.parametrize("kind", [Reading, Piece, Finished])
def test_where_an_event_cannot_be_told_the_others_go_on(desks: Desks, kind: type[Event]) -> None:
    desk = desks()
    good = desk.ask(words("good", 50), 1, limit=12)
    bad = desk.ask(words("bad", 40), 2, emit=refusing(kind), limit=6)
    desk.run()
    after = desk.answer(words("bad", 40), 2)

    assert bad.error is not None or kind is Finished
    assert not desk.engine._slots
    assert max(map(desk.off, (good, after))) < NOISE


def refusing(kind: type[Event]) -> Callable[[Event], None]:
    def emit(event: Event) -> None:
        if isinstance(event, kind):
            raise TypeError("nobody takes it")

    return emit


def test_a_reading_ahead_that_fails_is_given_up(desks: Desks) -> None:
    desk = desks(context=Broken)
    ids = words("ahead", 90)
    desk.engine.read_ahead(era(1), ids)
    desk.step()
    desk.context.hit("before reading", ids)  # type: ignore[attr-defined] # it is Broken
    steps = desk.run()
    desk.context.fails = ""  # type: ignore[attr-defined] # it is Broken

    assert steps <= 2
    assert desk.off(desk.answer(ids, 1)) < NOISE


def test_an_engine_that_gives_up_tells_all_that_is_under_way_and_that_waits(desks: Desks) -> None:
    desk = desks(slots=1)
    asked = [desk.ask(words(str(chat), 40), chat) for chat in (1, 2, 3)]
    desk.step(2)
    trouble = EngineError("it is over")
    desk.engine.fail(trouble)

    assert [one.error for one in asked] == [trouble] * 3
    assert not desk.engine.work()
