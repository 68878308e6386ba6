from dataclasses import replace

import pytest

from bot.errors import TooLongError
from bot.generation.llama.planning import Planner
from bot.generation.model import AnswerOptions, Request
from bot.prompt.choose import choose_renderer
from bot.prompt.conversation import Begun, Conversation, Turn
from storage.records import Era
from tests.conftest import Tiny
from tests.doubles.watched import vocabulary_of

WINDOW = 256
TURNS = tuple(Turn(f"Question {number}?", f"It is {number}.") for number in range(3))
TALK = Conversation("Be brief.", "And why?", turns=TURNS)


def planner(
    tiny: Tiny, sort: str = "v3", window: int = WINDOW, options: AnswerOptions | None = None
) -> Planner:
    vocabulary = vocabulary_of(tiny(sort))
    options = AnswerOptions(max_tokens=40) if options is None else options
    return Planner(vocabulary, choose_renderer(vocabulary, "auto"), options, window)


def long(count: int) -> Conversation:
    turns = tuple(Turn(f"Question {number}, please?", "So it is. " * 4) for number in range(count))
    return replace(TALK, turns=turns)


def test_a_plan_says_what_is_read_and_how_it_is_answered(tiny: Tiny) -> None:
    plan = planner(tiny).plan(Request(TALK, 5, Era(3, 1, 0)))

    assert plan.ids == choose_renderer(vocabulary_of(tiny("v3")), "auto").render(TALK).ids
    assert (plan.seed, plan.era, plan.dropped, plan.room) == (5, Era(3, 1, 0), 0, 40)
    assert (plan.said, plan.going_on, plan.thinking, plan.branches) == ((), False, False, ())


@pytest.mark.parametrize("count", [1, 8, 30])
def test_prompt_and_answer_fit_into_the_window(tiny: Tiny, count: int) -> None:
    plan = planner(tiny).plan(Request(long(count), 1))

    assert len(plan.ids) + plan.room <= WINDOW
    assert plan.room >= 40
    assert (plan.dropped > 0) is (count > 8)


def test_what_is_written_already_counts_against_the_length(tiny: Tiny) -> None:
    def longest(written: int) -> int:
        return planner(tiny).plan(Request(TALK, 1, written=written)).options.max_tokens

    assert [longest(written) for written in (0, 30, 39, 40, 90)] == [40, 10, 1, 1, 1]


def test_an_answer_that_was_broken_off_keeps_the_room_that_was_its_own(tiny: Tiny) -> None:
    some = planner(tiny, options=AnswerOptions(max_tokens=200))
    full = next(
        conversation
        for conversation in map(long, range(20, 0, -1))
        if some.plan(Request(conversation, 1)).dropped == 0
    )
    room = some.plan(Request(full, 1)).room
    words = vocabulary_of(tiny("v3")).encode("So it was, and so it is. " * 30)
    for written in (1, room // 2, room - 1):
        begun = Begun("So it was", tuple(words[:written]))
        plan = some.plan(Request(replace(full, begun=begun), 1, written=written))

        assert (plan.dropped, plan.room) == (0, room - written)


def test_what_an_answer_begins_with_is_told(tiny: Tiny) -> None:
    ids = tuple(vocabulary_of(tiny("v3")).encode("Because of this"))
    plan = planner(tiny).plan(Request(replace(TALK, begun=Begun("Because of this", ids)), 1))

    assert plan.going_on
    assert plan.said == ids == plan.ids[-len(ids) :]


def test_too_long_a_question_is_refused(tiny: Tiny) -> None:
    with pytest.raises(TooLongError):
        planner(tiny).plan(Request(replace(TALK, question="word " * 300), 1))


@pytest.mark.parametrize("sort", ["v1", "v3", "chatml", "hybrid"])
@pytest.mark.parametrize("question", ["And why?", "1", "1+1?", "x", "xylophone", "왜요?", " "])
@pytest.mark.parametrize("turns", [TURNS, ()])
def test_what_is_read_ahead_is_what_the_next_prompt_begins_with(
    tiny: Tiny, sort: str, question: str, turns: tuple[Turn, ...]
) -> None:
    plans = planner(tiny, sort)
    unasked = replace(TALK, question="", turns=turns)
    ahead = plans.ahead(unasked)
    prompt = plans.plan(Request(replace(unasked, question=question), 1))

    assert ahead.dropped == prompt.dropped == 0
    assert prompt.ids[: len(ahead.ids)] == ahead.ids
    assert len(prompt.ids) - len(ahead.ids) < 24


@pytest.mark.parametrize("count", range(1, 20, 3))
def test_after_what_is_dropped_ahead_a_next_question_drops_nothing(tiny: Tiny, count: int) -> None:
    plans = planner(tiny)
    talk = long(count)
    ahead = plans.ahead(replace(talk, question=""))
    kept = replace(talk, turns=talk.turns[ahead.dropped :], question="And?")

    prompt = plans.plan(Request(kept, 1))
    assert prompt.dropped == 0
    assert prompt.ids[: len(ahead.ids)] == ahead.ids


@pytest.mark.parametrize("sort", ["hybrid", "recurrent", "sliding"])
@pytest.mark.parametrize("question", ["And why?", "1", "1+1?", "x", "xylophone", "왜요?"])
def test_prompts_may_leave_each_other_behind_the_persona_and_before_the_question(
    tiny: Tiny, sort: str, question: str
) -> None:
    plans = planner(tiny, sort)
    plan = plans.plan(Request(replace(TALK, question=question), 1))
    persona = plans.ahead(replace(TALK, question="", turns=())).ids
    before = plans.ahead(replace(TALK, question="")).ids

    assert plan.branches == (len(persona), len(before))
    assert 0 < len(persona) < len(before) < len(plan.ids)


def test_a_first_question_has_one_such_place(tiny: Tiny) -> None:
    plan = planner(tiny, "hybrid").plan(Request(replace(TALK, turns=()), 1))
    assert len(plan.branches) == 1


def test_an_answer_that_is_gone_on_with_has_the_same_ones(tiny: Tiny) -> None:
    plans = planner(tiny, "hybrid")
    fresh = plans.plan(Request(TALK, 1))
    begun = plans.plan(Request(replace(TALK, begun=Begun("Well", None)), 1))

    assert begun.branches == fresh.branches
