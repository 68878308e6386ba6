"""What becomes idle goes to disk behind the answers."""

import itertools
from collections.abc import Sequence
from typing import Any

import pytest

from bot.errors import EngineError
from bot.generation.eras import Eras
from bot.generation.model import Piece
from bot.generation.warm.chunk import PIECE
from bot.generation.warm.states import NoWarmStates
from tests.doubles.engine import NOISE, Desk, era, words
from tests.doubles.warm import held_up
from tests.doubles.watched import WatchedContext, said
from tests.generation.llama.conftest import Desks, Stores

LONG = (1, *words("long", 599))
ROOMY: dict[str, Any] = {"window": 1024, "cells": 2048, "batch": 128}


def spans(stores: Stores, ids: tuple[int, ...]) -> list[tuple[int, int]]:
    """Return the pieces on the way to some ids that are on disk, after the process has ended."""
    store = stores()
    chunks = store.match(ids).chunks
    store.close()
    return [(chunk.start, chunk.end) for chunk in chunks]


def test_an_answer_is_written_down_in_pieces_a_step_each(desks: Desks, stores: Stores) -> None:
    store = stores()
    desk = desks(warm=store, **ROOMY)
    asked = desk.ask(LONG, 1)
    while not asked.done:
        desk.step()
    held = (*LONG, *said(asked.plan.seed, 3))
    steps = [store.match(held).tokens]
    while desk.engine.work():
        steps.append(store.match(held).tokens)

    assert [key for key, _ in itertools.groupby(steps)] == [PIECE, 2 * PIECE, len(held)]
    store.close()
    assert spans(stores, held) == [(0, 256), (256, 512), (512, 603)]


def test_the_next_turn_adds_to_what_is_there(desks: Desks, stores: Stores) -> None:
    store = stores()
    desk = desks(warm=store, **ROOMY)
    first = desk.answer(LONG, 1)
    saved = watched(desk)
    following = (*LONG, *said(first.plan.seed), 2, *words("next", 40))
    second = desk.answer(following, 1)

    assert saved == [(512, 648)]  # the short last piece is written anew, with what follows
    store.close()
    assert spans(stores, (*following, *said(second.plan.seed)))[-1] == (512, 648)
    assert len(stores.files()) == 3


def test_a_shared_persona_is_written_once(desks: Desks, stores: Stores) -> None:
    store = stores()
    desk = desks(warm=store, **ROOMY)
    desk.answer(LONG, 1)
    saved = watched(desk)
    desk.answer((*LONG[:512], *words("other", 30)), 2)

    assert saved == [(512, 545)]


def watched(desk: Desk) -> list[tuple[int, int]]:
    """Return a list that the range of every state that is saved is added to."""
    saved: list[tuple[int, int]] = []
    share, scratch = desk.context.share, desk.engine._sequences.scratch

    def noting(source: int, target: int, start: int = 0, end: int = -1) -> None:
        if target == scratch:
            saved.append((start, end))
        share(source, target, start, end)

    desk.context.share = noting  # type: ignore[method-assign] # it is watched
    return saved


def test_what_belongs_to_no_chat_is_not_written_down(desks: Desks, stores: Stores) -> None:
    desk = desks(warm=stores(), **ROOMY)
    desk.answer(LONG, None)
    assert stores.files() == []


def test_what_is_read_again_in_a_moment_is_not_written_down(desks: Desks, stores: Stores) -> None:
    clock = itertools.count()
    store = stores()
    desk = desks(warm=store, timer=lambda: next(clock) * 0.3, **ROOMY)  # 100 to 400 tokens a second
    desk.answer(LONG[:100], 1)
    assert store.match(LONG).tokens == 0
    desk.answer((1, *words("very long", 1000)), 2)
    assert store.match((1, *words("very long", 1000))).tokens > 900


def test_what_is_deleted_is_not_written_down(desks: Desks, stores: Stores) -> None:
    store = stores()
    desk = desks(warm=store, **ROOMY)
    asked = desk.ask(LONG, 1)
    while not asked.done:
        desk.step()
    desk.engine.retain(Eras([era(1, epoch=1)]))
    desk.run()
    store.close()

    assert stores.files() == []


def test_what_is_deleted_during_its_answer_is_not_written_down(
    desks: Desks, stores: Stores
) -> None:
    store = stores()
    desk = desks(warm=store, **ROOMY)
    asked = desk.ask(LONG, 1)
    desk.step(3)
    desk.engine.retain(Eras([era(1, epoch=1)]))
    desk.run()
    store.close()

    assert asked.finished.ids
    assert stores.files() == []


def test_what_has_to_go_is_written_down_before(desks: Desks, stores: Stores) -> None:
    store = stores()
    desk = desks(warm=store, window=1024, cells=1024, batch=128, slots=2)
    first = desk.ask(LONG, 1)
    while not first.done:
        desk.step()
    # Its first piece alone is written when the next one needs its cells.
    desk.answer(words("next", 900), 2)

    assert store.match((*LONG, *said(first.plan.seed))).tokens >= len(LONG)


def test_at_the_end_everything_is_written_down(desks: Desks, stores: Stores) -> None:
    store = stores()
    desk = desks(warm=store, **ROOMY)
    under_way = desk.ask(LONG, 1, limit=50)
    while not any(isinstance(event, Piece) for event in under_way.events):
        desk.step()
    desk.engine.close()
    store.close()

    assert spans(stores, (*LONG, *under_way.finished.ids))[-1][1] >= len(LONG)


@pytest.mark.parametrize("limit", [0, 20_000, 150_000])
def test_a_disk_that_is_too_small_keeps_nobody_busy(
    desks: Desks, stores: Stores, limit: int
) -> None:
    desk = desks(warm=stores(limit=limit), **ROOMY)
    asked = desk.answer(LONG, 1)
    again = desk.answer((*LONG, 5), 1)

    assert asked.finished.ids
    assert again.read == 1
    desk.engine.close()


def test_a_disk_that_refuses_keeps_nobody_busy(desks: Desks, stores: Stores) -> None:
    store = stores()
    stores.path.chmod(0o500)
    store._folder.write = lambda *_: False  # type: ignore[method-assign] # it is full
    desk = desks(warm=store, **ROOMY)
    try:
        asked = desk.answer(LONG, 1)
        desk.answer(words("next", 900), 2)
        desk.answer(words("and next", 900), 3)
        desk.engine.close()
    finally:
        stores.path.chmod(0o700)

    assert asked.finished.ids


class Refusing(NoWarmStates):
    """A disk that takes nothing, and always wants it."""

    def missing(self, ids: Sequence[int]) -> list[tuple[int, int]]:
        return [(0, min(PIECE, len(ids)))]


def test_what_is_never_taken_is_offered_once(desks: Desks) -> None:
    desk = desks(warm=Refusing(), **ROOMY)
    saved = watched(desk)
    desk.answer(LONG, 1)
    desk.engine.close()

    assert saved == [(0, PIECE)]


class Stateless(WatchedContext):
    """A context that gives no state."""

    def save(self, sequence: int) -> bytes:
        raise EngineError(f"no state of {sequence}")


def test_where_no_state_is_given_answers_go_on(desks: Desks, stores: Stores) -> None:
    desk = desks(warm=stores(), context=Stateless, **ROOMY)
    asked = [desk.ask(words(str(chat), 700), chat) for chat in (1, 2, 3)]
    desk.run()
    desk.engine.close()

    assert max(map(desk.off, asked)) < NOISE
    assert stores.files() == []


def test_nothing_is_saved_where_nothing_is_kept(desks: Desks) -> None:
    desk = desks()
    saved = watched(desk)
    desk.answer(LONG[:100], 1)
    assert saved == []


def test_a_few_tokens_more_do_not_write_the_last_piece_anew(desks: Desks, stores: Stores) -> None:
    store = stores()
    desk = desks(warm=store, **ROOMY)
    first = desk.answer(LONG, 1)
    saved = watched(desk)
    held = (*LONG, *said(first.plan.seed))
    desk.engine.read_ahead(era(1), (*held[:-1], 2, 3))
    while desk.engine.work():
        pass

    assert saved == []
    assert store.match(held[:-1]).tokens == len(held) - 1
    store.close()


def test_a_chat_that_has_to_go_while_the_disk_is_busy_is_not_waited_for(
    desks: Desks, stores: Stores
) -> None:
    store = stores()
    desk = desks(warm=store, **ROOMY)
    asked = desk.ask(LONG, 1)
    while not asked.done:
        desk.step()
    saved = watched(desk)
    with held_up(store):
        for chat in range(2, 5):
            store.keep(era(chat), words(f"{chat}", 20), 0, b"state")
        [held] = desk.engine._keeping._waiting
        desk.engine._keeping.write_all(held, desk.engine._sequences.scratch)

    assert saved == []
    assert not desk.engine._keeping._waiting
    store.close()
