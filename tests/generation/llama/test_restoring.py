"""What went to disk comes back, with the same logits."""

import itertools
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.generation.eras import Eras
from bot.generation.llama.load import Load
from bot.generation.warm.chunk import Chunk
from bot.generation.warm.states import NoWarmStates
from bot.generation.warm.store import WarmStore
from tests.doubles.engine import NOISE, PIECE, Asked, Desk, era, words
from tests.doubles.watched import WatchedContext, said
from tests.generation.llama.conftest import Desks, Stores

LONG = (1, *words("long", 599))
ROOMY: dict[str, Any] = {"window": 1024, "cells": 1024, "batch": 128}


def kept(desks: Desks, stores: Stores, ids: tuple[int, ...] = LONG, kv_type: str = "f16") -> Asked:
    """Answer in a process that ends then."""
    store = stores()
    desk = desks("wide", warm=store, kv_type=kv_type, **ROOMY)
    asked = desk.answer(ids, 1)
    desk.engine.close()
    store.close()
    return asked


def keeping_nothing(desks: Desks, store: WarmStore) -> Desk:
    """Return an engine that has what was kept before, and writes nothing itself: chats stay."""
    desk = desks("wide", warm=NoWarmStates(), **ROOMY)
    desk.engine._tools = replace(desk.engine._tools, warm=store)
    return desk


def next_turn(asked: Asked, question: tuple[int, ...] = (7, 8, 9)) -> tuple[int, ...]:
    return (*asked.plan.ids, *said(asked.plan.seed), 2, *question)


@pytest.mark.parametrize("kv_type", ["f16", "q8_0"])
def test_a_new_process_reads_what_is_new(desks: Desks, stores: Stores, kv_type: str) -> None:
    asked = kept(desks, stores, kv_type=kv_type)
    desk = desks("wide", warm=stores(), kv_type=kv_type, **ROOMY)
    back = desk.answer(next_turn(asked), 1)

    assert back.read == 1 + 1 + 3
    assert desk.off(back) < NOISE


def test_a_chat_that_gave_its_cells_up_comes_back(desks: Desks, stores: Stores) -> None:
    desk = desks(warm=stores(), **ROOMY)
    first = desk.answer(LONG, 1)
    others = [desk.answer(words(f"chat {chat}", 300), chat) for chat in (2, 3, 4)]
    back = desk.answer(next_turn(first), 1)

    assert back.read == 5
    assert max(map(desk.off, (back, *others))) < NOISE


def test_states_fit_into_cells_that_lie_apart(desks: Desks, stores: Stores) -> None:
    asked = kept(desks, stores, LONG[:300])
    desk = keeping_nothing(desks, stores())
    for chat in range(2, 30):
        desk.answer((1, *words(f"chat {chat}", 28)), chat)
    for chat in range(2, 30, 2):  # every second one is cut to a little
        desk.answer((1, 500 + chat), chat)
    back = desk.answer(next_turn(asked), 1)
    neighbours = [desk.answer((1, *words(f"chat {chat}", 28), 9), chat) for chat in (5, 17, 29)]

    assert back.read == 5
    assert max(map(desk.off, (back, *neighbours))) < NOISE


def test_an_edit_inside_of_a_chunk_reads_what_differs(desks: Desks, stores: Stores) -> None:
    kept(desks, stores)
    desk = desks("wide", warm=stores(), **ROOMY)
    edited = desk.answer((*LONG[:400], *words("edited", 10)), 1)

    assert edited.read == 10
    assert desk.off(edited) < NOISE


def test_another_chat_has_the_persona_from_disk(desks: Desks, stores: Stores) -> None:
    kept(desks, stores)
    desk = desks("wide", warm=stores(), **ROOMY)
    other = desk.answer((*LONG[:300], *words("other", 10)), 2)

    assert other.read == 10
    assert desk.off(other) < NOISE


def test_a_few_tokens_that_all_prompts_begin_with_are_not_fetched(
    desks: Desks, stores: Stores
) -> None:
    kept(desks, stores)
    desk = desks("wide", warm=stores(), **ROOMY)
    assert desk.answer((*LONG[:10], 500), 2).read == 11
    assert desk.answer((*LONG[:40], 500), 3).read == 1


def test_of_what_another_chat_holds_nothing_is_fetched(desks: Desks, stores: Stores) -> None:
    asked = kept(desks, stores)
    store = stores()
    desk = keeping_nothing(desks, store)
    desk.answer(LONG[:300], 2)
    slow = Slow(store)
    back = desk.ask(next_turn(asked), 1)
    other = desk.ask((900, 901), 3, limit=20)
    desk.step()
    while not back.events:
        slow.answer()
        desk.step()
    desk.run()

    assert [chunk.start for chunk, _ in slow.asked] == [256, 512]
    assert back.read == 5
    assert max(map(desk.off, (back, other))) < NOISE


def test_what_the_context_holds_is_not_fetched(desks: Desks, stores: Stores) -> None:
    store = stores()
    desk = desks(warm=store, **ROOMY)
    first = desk.answer(LONG, 1)
    fetched: list[Chunk] = []
    store.fetch = fetched.append  # type: ignore[method-assign, assignment] # it is watched
    desk.answer(next_turn(first), 1)

    assert fetched == []


@pytest.mark.parametrize("which", [0, 1, 2])
@pytest.mark.parametrize("damage", ["cut short", "flipped", "gone"])
def test_what_is_damaged_is_read_again(
    desks: Desks, stores: Stores, which: int, damage: str
) -> None:
    asked = kept(desks, stores)
    store = stores()
    chunk = stores.files()[which]
    hurt(chunk, damage)
    desk = desks("wide", warm=store, **ROOMY)
    back = desk.answer(next_turn(asked), 1)

    held = (0, 256, 512)[which]
    assert back.read == len(back.plan.ids) - held
    assert desk.off(back) < NOISE
    assert desk.answer(next_turn(back), 1).read == 5


def hurt(file: Path, damage: str) -> None:
    data = bytearray(file.read_bytes())
    if damage == "gone":
        file.unlink()
    elif damage == "flipped":
        data[-100] ^= 1
        file.write_bytes(data)
    else:
        file.write_bytes(data[: len(data) // 2])


class Choosy(WatchedContext):
    """A context that takes no state, some times or ever."""

    def __init__(self, load: Load, sequences: int) -> None:
        self.refusals = 0
        super().__init__(load, sequences)

    def restore(self, sequence: int, state: bytes) -> bool:
        if self.refusals:
            self.refusals -= 1
            return False
        return super().restore(sequence, state)


def choosy(desk: Desk) -> Choosy:
    assert isinstance(desk.context, Choosy)
    return desk.context


def test_a_state_that_finds_no_room_makes_idle_chats_go_and_is_tried_again(
    desks: Desks, stores: Stores
) -> None:
    asked = kept(desks, stores, kv_type="q8_0")
    desk = desks("wide", warm=stores(), context=Choosy, kv_type="q8_0", **ROOMY)
    for chat in (2, 3, 4):
        desk.answer((1, *words(f"chat {chat}", 20)), chat)
    choosy(desk).refusals = 2
    back = desk.answer(next_turn(asked), 1)

    assert back.read == 5
    assert desk.off(back) < NOISE
    assert desk.answer((1, *words("chat 4", 20)), 4).read == 1


def test_with_plain_attention_what_is_on_disk_is_let_go_while_others_are_answered(
    desks: Desks, stores: Stores
) -> None:
    desk = desks("wide", warm=stores(), **ROOMY)
    short = desk.answer(LONG[:300], 1)
    held = desk.engine._sequences
    assert held.used_cells == 300 + 3
    desk.answer(words("other", 20), 2)
    back = desk.answer(next_turn(short), 1)

    assert held.used_cells == 300 + 4 + 4 + 3
    assert back.read == 5
    assert desk.off(back) < NOISE


def test_it_is_let_go_before_the_first_piece_of_a_prompt_is_read(
    desks: Desks, stores: Stores
) -> None:
    desk = desks("wide", warm=stores(), **ROOMY)
    desk.answer(LONG, 1)
    desk.ask(words("other", 100), 2)
    desk.step()

    assert desk.engine._sequences.used_cells == PIECE


def test_of_chats_that_are_read_again_soon_the_last_ones_stay_while_others_are_answered(
    desks: Desks, stores: Stores
) -> None:
    """A piece of 32 to 128 tokens takes 0.3 s: no chat here takes 2 s."""
    clock = itertools.count()
    desk = desks("wide", warm=stores(), timer=lambda: next(clock) * 0.3, **ROOMY)
    for chat in range(1, 11):
        desk.answer(words(f"chat {chat}", 97), chat)
    desk.answer(words("last", 20), 11)
    held = desk.engine._sequences

    assert held.used_cells == 5 * 100 + 23
    assert desk.answer(words("chat 10", 97), 10).read == 1
    assert desk.answer(words("chat 1", 97), 1).read == 97


def test_flash_attention_passes_over_idle_chats_and_they_stay(desks: Desks, stores: Stores) -> None:
    desk = desks("wide", warm=stores(), kv_type="q8_0", **ROOMY)
    desk.answer(LONG[:300], 1)
    desk.answer(words("other", 20), 2)

    assert desk.engine._sequences.used_cells == 300 + 3 + 20 + 3


def test_without_a_disk_idle_chats_stay_as_long_as_there_are_cells(desks: Desks) -> None:
    desk = desks("wide", **ROOMY)
    short = desk.answer(LONG[:300], 1)
    desk.answer(words("other", 20), 2)

    assert desk.answer(next_turn(short), 1).read == 5


def test_a_state_that_is_never_taken_is_read(desks: Desks, stores: Stores) -> None:
    asked = kept(desks, stores)
    desk = desks("wide", warm=stores(), context=Choosy, **ROOMY)
    choosy(desk).refusals = 1000
    back = desk.answer(next_turn(asked), 1)

    assert back.read == len(back.plan.ids)
    assert desk.off(back) < NOISE


def test_a_state_comes_back_beside_answers_under_way_that_fill_the_cells(
    desks: Desks, stores: Stores
) -> None:
    asked = kept(desks, stores, LONG[:100])
    desk = desks("wide", warm=stores(), cells=256, batch=64, window=256)
    writing = desk.ask(words("writing", 60), 2, limit=60)
    desk.step(4)
    back = desk.ask(next_turn(asked), 1)
    desk.run()

    assert back.read == 5
    assert max(map(desk.off, (writing, back))) < NOISE


class Slow:
    """A disk that answers when a test says so."""

    def __init__(self, store: WarmStore) -> None:
        self._fetch = store.fetch
        self.asked: list[tuple[Chunk, Future[bytes | None]]] = []
        store.fetch = self.fetch  # type: ignore[method-assign] # it is slowed down

    def fetch(self, chunk: Chunk) -> "Future[bytes | None]":
        self.asked.append((chunk, Future()))
        return self.asked[-1][1]

    def answer(self) -> None:
        chunk, future = self.asked[-1]
        future.set_result(self._fetch(chunk).result())


def test_others_are_answered_while_the_disk_is_slow(desks: Desks, stores: Stores) -> None:
    asked = kept(desks, stores)
    store = stores()
    desk = desks("wide", warm=store, **ROOMY)
    slow = Slow(store)
    other = desk.ask((1, 500), 2, limit=20)
    desk.step()
    back = desk.ask(next_turn(asked), 1)
    desk.step(6)
    assert sum(len(step) for step in desk.context.steps) == 7  # the other one's alone
    while not back.events:
        slow.answer()
        desk.step()
    desk.run()

    assert len(slow.asked) == 3
    assert back.read == 5
    assert max(map(desk.off, (other, back))) < NOISE


def test_one_that_is_stopped_while_it_is_fetched_ends_at_once(desks: Desks, stores: Stores) -> None:
    asked = kept(desks, stores)
    store = stores()
    desk = desks("wide", warm=store, **ROOMY)
    slow = Slow(store)
    other = desk.ask((1, 500), 2, limit=12)
    back = desk.ask(next_turn(asked), 1)
    desk.step(2)
    back.stopped.set()
    desk.step()

    assert back.finished.text == ""
    assert len(slow.asked) == 1
    desk.run()
    assert desk.off(other) < NOISE


def test_what_was_deleted_does_not_come_back(desks: Desks, stores: Stores) -> None:
    asked = kept(desks, stores)
    desk = desks("wide", warm=stores(), **ROOMY)
    desk.engine.retain(Eras([era(1, epoch=1)]))
    back = desk.answer(next_turn(asked), era(1, epoch=1))

    assert back.read == len(back.plan.ids)
