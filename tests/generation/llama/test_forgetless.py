"""Models whose memory cannot be cut: recurrent ones, hybrids, and those with a sliding window."""

import pytest

from tests.doubles.engine import NOISE, Asked, Desk, era, words
from tests.doubles.watched import said
from tests.generation.llama.conftest import Desks, Stores

SORTS = ["sliding", "hybrid", "recurrent"]
PERSONA = (1, *words("persona", 60))
BEGINNING = len(PERSONA)


@pytest.fixture(params=SORTS)
def desk(request: pytest.FixtureRequest, desks: Desks) -> Desk:
    return desks(request.param, cells=1024)


def ask(desk: Desk, history: tuple[int, ...], question: tuple[int, ...], chat: int = 1) -> Asked:
    """Ask, with the branches that a planner finds: behind the persona, before the question."""
    branches = sorted({BEGINNING, len(history)})
    return desk.answer((*history, *question), chat, branches=branches)


def after(asked: Asked) -> tuple[int, ...]:
    """Return what the next prompt of a chat begins with, after an answer."""
    return (*asked.plan.ids, *said(asked.plan.seed), 2, 733)


def test_the_next_turn_reads_what_is_new(desk: Desk) -> None:
    first = ask(desk, PERSONA, words("one", 20))
    second = ask(desk, after(first), words("two", 10))

    assert second.read == 13
    assert max(map(desk.off, (first, second))) < NOISE


def test_a_retry_and_an_edit_read_the_question_alone(desk: Desk) -> None:
    first = ask(desk, PERSONA, words("one", 20))
    second = ask(desk, after(first), words("two", 10))
    retried = ask(desk, after(first), words("two", 10))
    edited = ask(desk, after(first), words("edited", 8))

    assert (retried.read, edited.read) == (10, 8)
    assert max(map(desk.off, (second, retried, edited))) < NOISE


def test_a_retry_stays_warm_where_the_prompts_beginning_was_read_ahead(desk: Desk) -> None:
    first = ask(desk, PERSONA, words("one", 20))
    desk.engine.read_ahead(era(1), after(first))
    desk.run()
    second = ask(desk, after(first), words("two", 10))
    desk.engine.read_ahead(era(1), after(second))
    desk.run()
    retried = ask(desk, after(first), words("two", 10))

    assert (second.read, retried.read) == (10, 10)
    assert desk.off(retried) < NOISE


def test_a_persona_is_read_once_for_all_chats(desk: Desk) -> None:
    asked = []
    for chat in range(1, 12):
        history = (*PERSONA, *words(f"turn {chat}", 5))
        asked.append(ask(desk, history, words(f"chat {chat}", 9), chat))

    assert [one.read for one in asked] == [BEGINNING + 14, *[14] * 10]
    assert max(map(desk.off, asked)) < NOISE


def test_two_chats_beside_each_other_keep_apart(desk: Desk) -> None:
    one = desk.ask((*PERSONA, *words("one", 40)), 1, branches=[BEGINNING], limit=12)
    other = desk.ask((*PERSONA, *words("other", 30)), 2, branches=[BEGINNING], limit=12)
    desk.run()

    assert max(map(desk.off, (one, other))) < NOISE


def test_what_was_read_before_a_stop_is_gone_on_with(desk: Desk) -> None:
    ids = (*PERSONA, *words("long", 100))
    stopped = desk.ask(ids, 1, branches=[BEGINNING])
    desk.step(4)
    stopped.stopped.set()
    desk.run()
    again = desk.answer(ids, 1, branches=[BEGINNING])

    assert 0 < stopped.read < len(ids)
    assert stopped.read + again.read == len(ids)
    assert desk.off(again) < NOISE


@pytest.mark.parametrize("sort", SORTS)
def test_a_new_process_goes_on_from_the_whole_state(
    desks: Desks, stores: Stores, sort: str
) -> None:
    store = stores(sort)
    before = desks(sort, warm=store)
    first = ask(before, PERSONA, words("one", 20))
    before.engine.close()
    store.close()

    desk = desks(sort, warm=stores(sort))
    second = ask(desk, after(first), words("two", 10))
    assert second.read == 13
    assert desk.off(second) < NOISE


@pytest.mark.parametrize("sort", SORTS)
def test_a_chat_that_was_evicted_comes_back_among_others(
    desks: Desks, stores: Stores, sort: str
) -> None:
    desk = desks(sort, warm=stores(sort), cells=256, slots=1)
    first = ask(desk, PERSONA, words("one", 20))
    for chat in range(2, 6):
        desk.answer(words(f"chat {chat}", 120), chat)
    back = ask(desk, after(first), words("two", 10))

    assert back.read == 13
    assert desk.off(back) < NOISE
