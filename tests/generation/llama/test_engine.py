import itertools

import pytest

from bot.delivery.stream import Ended
from bot.generation.eras import Eras
from bot.generation.model import Finished, Piece, Reading
from tests.doubles.engine import NOISE, PIECE, era, words
from tests.doubles.watched import said
from tests.generation.llama.conftest import Desks

PERSONA = (1, *words("persona", 40))
QUESTION = (*PERSONA, *words("question", 30))


def test_an_answer_is_read_written_and_finished(desks: Desks) -> None:
    desk = desks()
    asked = desk.answer(QUESTION, 1)

    kinds = [kind for kind, _ in itertools.groupby(map(type, asked.events))]
    assert kinds == [Reading, Piece, Finished]
    assert asked.finished.ended is Ended.LENGTH
    assert asked.finished.ids == said(asked.plan.seed)
    assert asked.read == len(QUESTION)
    assert desk.off(asked) < NOISE


def test_other_tokens_in_a_prompt_show(desks: Desks) -> None:
    desk = desks()
    asked = desk.answer(QUESTION, 1)
    seen = desk.context.logits[asked.plan.seed]
    for place in (1, 50, 70):
        ids = [*QUESTION[:place], 999, *QUESTION[place + 1 :]]
        others = desk.alone(ids, asked.plan.seed, len(seen))
        assert min(abs(one - other).max() for one, other in zip(seen, others, strict=True)) > 0.1


def test_answers_do_not_depend_on_who_shares_the_batch(desks: Desks) -> None:
    desk = desks(slots=4, cells=1024)
    asked = [desk.ask(words(str(size), size), size, limit=12) for size in (5, 31, 70, 110)]
    asked.append(desk.ask(words("last", 40), 5, limit=20))  # it waits for a slot
    desk.run()

    assert max(len(step) for step in desk.context.steps) == 4
    assert max(map(desk.off, asked)) < NOISE


def test_a_canary_in_one_chat_never_reaches_another_with_the_same_persona(desks: Desks) -> None:
    desk = desks(slots=2)
    canary = desk.ask((*PERSONA, *words("canary", 60)), 1, limit=20)
    desk.step(3)
    shared = desk.ask(QUESTION, 2, limit=20)
    desk.run()
    later = desk.answer((*PERSONA, *words("later", 20)), 3)

    assert shared.read == len(QUESTION) - len(PERSONA)
    assert later.read == 20
    assert max(map(desk.off, (canary, shared, later))) < NOISE


def test_a_long_prompt_is_read_in_pieces_while_others_get_a_token_every_step(desks: Desks) -> None:
    desk = desks(cells=1024)
    writing = desk.ask((1, 500, 501), 1, limit=40)
    desk.step()
    long = desk.ask(words("long", 6 * PIECE), 2)
    before = len(desk.context.steps)
    while not any(isinstance(event, Piece) for event in long.events):
        desk.step()
    steps = desk.context.steps[before:]

    assert len(steps) == 6
    assert [sorted(len(part.ids) for part in step) for step in steps] == [[1, PIECE]] * 6
    desk.run()
    assert max(map(desk.off, (writing, long))) < NOISE


def test_pieces_are_larger_where_reading_is_fast_but_never_than_a_batch(desks: Desks) -> None:
    clock = itertools.count()
    desk = desks(timer=lambda: next(clock) * 0.001, cells=1024, window=1024)
    desk.answer(words("fast", 300), 1)

    sizes = [len(part.ids) for [part] in desk.context.steps]
    assert sizes[0] == PIECE
    assert max(sizes) == desk.load.batch


def test_one_prompt_is_read_at_a_time_the_one_that_is_done_soonest_first(desks: Desks) -> None:
    desk = desks(cells=1024)
    long = desk.ask(words("long", 200), 1)
    desk.step(2)
    short = desk.ask(words("short", 40), 2)
    desk.step(2)

    assert any(isinstance(event, Piece) for event in short.events)
    assert not any(isinstance(event, Piece) for event in long.events)
    desk.run()
    assert long.read == 200
    assert max(map(desk.off, (short, long))) < NOISE


def test_reading_is_told_before_each_piece(desks: Desks) -> None:
    told = desks().answer(words("long", 80), 1).events

    readings = [event for event in told if isinstance(event, Reading)]
    assert [(one.read, one.to_read) for one in readings] == [(0, 80), (32, 80), (64, 80)]


# Stopping, forgetting, reading ahead


def test_a_stopped_answer_frees_its_slot_in_the_next_step(desks: Desks) -> None:
    desk = desks(slots=1)
    first = desk.ask((1, 500, 501), 1, limit=100)
    waiting = desk.ask((1, 600, 601), 2)
    desk.step(5)
    first.stopped.set()
    desk.step()

    assert first.finished.ended is Ended.CUT
    assert first.finished.ids == said(first.plan.seed, 5)
    assert any(isinstance(event, Piece) for event in waiting.events)


def test_what_is_stopped_while_it_waits_or_reads_says_nothing(desks: Desks) -> None:
    desk = desks(slots=1)
    reading, waiting = desk.ask(words("long", 200), 1), desk.ask((1, 500), 2)
    desk.step(2)
    reading.stopped.set()
    waiting.stopped.set()
    desk.run()

    assert [(one.finished.ended, one.finished.text) for one in (reading, waiting)] == [
        (Ended.CUT, ""),
        (Ended.CUT, ""),
    ]
    assert reading.read == 2 * PIECE
    assert desk.answer(words("long", 200), 1).read == 200 - 2 * PIECE


def test_a_reading_ahead_gives_way_to_any_question_and_is_gone_on_with(desks: Desks) -> None:
    desk = desks(cells=1024)
    ahead = words("ahead", 200)
    desk.engine.read_ahead(era(1), ahead)
    desk.step(2)
    asked = desk.ask(QUESTION, 2)
    while not asked.done:
        desk.step()
    assert desk.context.tokens_read == 2 * PIECE + len(QUESTION) + 3

    desk.run()
    assert desk.context.tokens_read == 200 + len(QUESTION) + 3
    own = desk.answer((*ahead, 7, 8), 1)
    assert own.read == 2
    assert max(map(desk.off, (asked, own))) < NOISE


def test_a_question_of_the_chat_itself_ends_its_reading_ahead(desks: Desks) -> None:
    desk = desks(cells=1024)
    ahead = words("ahead", 200)
    desk.engine.read_ahead(era(1), ahead)
    desk.step(2)
    asked = desk.answer((*ahead[:100], 7), 1)

    assert asked.read == 101 - 2 * PIECE
    assert desk.context.tokens_read == 101 + 3
    assert desk.off(asked) < NOISE


@pytest.mark.parametrize("when", ["idle", "under way"])
def test_what_is_of_an_era_that_is_over_is_dropped(desks: Desks, when: str) -> None:
    desk = desks()
    other = desk.answer(words("other", 20), 2)
    asked = desk.ask(QUESTION, 1)
    desk.step(2 if when == "under way" else 50)
    desk.engine.retain(Eras([era(1, epoch=1), era(2)]))
    desk.run()

    assert asked.finished.ids == said(asked.plan.seed)
    assert desk.answer(QUESTION, era(1, epoch=1)).read == len(QUESTION)
    assert desk.answer(other.plan.ids, 2).read == 1


def test_a_deleted_chat_is_not_read_ahead_any_more(desks: Desks) -> None:
    desk = desks()
    desk.engine.read_ahead(era(1), QUESTION)
    desk.step()
    desk.engine.retain(Eras([era(1, epoch=1)]))
    desk.run()

    assert desk.context.tokens_read == PIECE
    assert desk.engine._sequences.used_cells == 0


def test_nothing_is_left_in_memory_where_every_era_is_over(desks: Desks) -> None:
    desk = desks()
    desk.answer(QUESTION, 1)
    cleared = []
    desk.context.clear = lambda: cleared.append(1)  # type: ignore[method-assign] # it is watched
    desk.engine.retain(Eras([era(1, epoch=1)]))

    assert cleared


def test_closing_ends_answers_with_what_was_said_and_those_that_wait_with_nothing(
    desks: Desks,
) -> None:
    desk = desks(slots=1)
    writing, waiting = desk.ask((1, 500), 1, limit=50), desk.ask((1, 600), 2)
    desk.step(3)
    desk.engine.close()

    assert writing.finished.ended is waiting.finished.ended is Ended.CUT
    assert writing.finished.ids == said(writing.plan.seed, 3)
    assert waiting.finished.ids == ()


def test_there_is_nothing_to_do_when_everything_is_done(desks: Desks) -> None:
    desk = desks()
    assert not desk.engine.work()
    desk.answer(QUESTION, 1)
    assert not desk.engine.work()
