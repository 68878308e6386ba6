"""What the context holds is moved together; llama.cpp itself says what is where."""

import logging
import random
import re
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import numpy as np
import pytest

from bot.generation.llama.context import BrokenContextError, Part
from bot.generation.llama.held import Held
from bot.generation.llama.sequences import Sequences, how_many
from tests.conftest import Tiny
from tests.doubles.engine import NOISE, era, words
from tests.doubles.watched import WatchedContext, load_of
from tests.generation.llama.conftest import Desks, Stores

PIECE = 64
LOOSE = 256
ROOMY: dict[str, Any] = {"window": 1024, "cells": 2048, "batch": 128}
SHARED = (1, *words("persona", 299))
_TOLD = re.compile(r"find_slot: .* n = +(\d+), used = +(\d+)")


class Shelf:
    """Sequences in a context, which are read into as an engine does."""

    def __init__(self, tiny: Tiny, context: type[WatchedContext] = WatchedContext) -> None:
        self.load = load_of(tiny("v1"), cells=4096, window=4096)
        self.context = context(self.load, how_many(2, can_cut=True))
        self.all = Sequences(self.context, self.load, True, lambda _held, _number: None)  # noqa: FBT003 # as the vocabulary calls it
        self.cells = self.all._cells

    def read(self, chat: int, ids: tuple[int, ...]) -> Held:
        """Let a sequence hold some ids, and return it: busy."""
        held = self.all.begin(ids, era(chat))
        while left := ids[len(held.ids) :]:
            self.more(held, left[:PIECE])
        return held

    def more(self, held: Held, ids: tuple[int, ...]) -> int:
        """Read some more; return where the logits are."""
        [place] = self.context.decode([Part(held.number, len(held.ids), ids)])
        self.all.extend(held, ids)
        return place

    def off(self, held: Held) -> float:
        """Return how far the logits of one more token are from those read alone."""
        here = self.context.logits_at(self.more(held, (77,)))
        with WatchedContext(self.load, 1) as context:
            for start in range(0, len(held.ids), PIECE):
                ids = held.ids[start : start + PIECE]
                [place] = context.decode([Part(0, start, ids)])
            return float(np.abs(here - context.logits_at(place)).max())

    @property
    def loose(self) -> int:
        """Cells between others that are free."""
        return self.cells.reach - self.cells.used


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def shelf_of(tiny: Tiny, stack: ExitStack, context: type[WatchedContext] = WatchedContext) -> Shelf:
    shelf = Shelf(tiny, context)
    stack.enter_context(shelf.context)
    return shelf


def test_what_is_where_is_known_as_llama_cpp_has_it(
    tiny: Tiny,
    stack: ExitStack,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """With this variable set llama.cpp says before each batch how far the cells in use reach."""
    monkeypatch.setenv("LLAMA_KV_CACHE_DEBUG", "1")
    caplog.set_level(logging.DEBUG, "ostro.llama")
    shelf, draw = shelf_of(tiny, stack), random.Random(5)  # noqa: S311 # not secret
    told, known, moved = list[tuple[int, int]](), list[tuple[int, int]](), 0

    def decode(held: Held, ids: tuple[int, ...]) -> None:
        known.append((shelf.cells.reach, shelf.cells.used))
        caplog.clear()
        shelf.more(held, ids)
        found = _TOLD.search(caplog.text)
        assert found is not None
        told.append((int(found[1]), int(found[2])))

    for _ in range(150):
        chat = draw.randrange(8)
        begin = SHARED if chat % 2 else (1,)
        ids = (*begin, *words(f"chat {chat}", draw.randrange(1, 600)))
        held = shelf.all.begin(ids, era(chat))
        shelf.all.make_room(len(ids) - len(held.ids))
        while left := ids[len(held.ids) :]:
            decode(held, left[:PIECE])
        if draw.random() < 0.3:
            shelf.all.branch(held)
        shelf.all.release(held)
        if draw.random() < 0.3:
            shelf.all.let_go(lambda _: draw.random() < 0.7, lambda _: False)
        before = shelf.cells.reach
        shelf.all.pack()
        moved += shelf.cells.reach < before

    assert told == known
    assert moved > 5


def test_what_stays_moves_to_where_others_have_gone_and_says_the_same(
    tiny: Tiny, stack: ExitStack
) -> None:
    shelf = shelf_of(tiny, stack)
    going, stays = shelf.read(1, words("going", 700)), shelf.read(2, words("stays", 900))
    shelf.all.drop(going)
    assert shelf.loose == 700
    for _ in range(3):
        shelf.all.pack()

    assert shelf.loose < LOOSE
    assert shelf.cells.used == 900
    assert shelf.off(stays) < NOISE


def test_what_chats_share_is_moved_once_and_stays_shared(tiny: Tiny, stack: ExitStack) -> None:
    shelf = shelf_of(tiny, stack)
    going = shelf.read(1, words("going", 700))
    one = shelf.read(2, (*SHARED, *words("one", 50)))
    two = shelf.read(3, (*SHARED, *words("two", 200)))
    shelf.all.drop(going)
    for _ in range(5):
        shelf.all.pack()

    assert shelf.cells.used == 300 + 50 + 200
    assert shelf.loose < LOOSE
    assert one.cells[:300] == two.cells[:300]
    assert max(shelf.off(one), shelf.off(two)) < NOISE
    shelf.all.drop(one)
    assert shelf.off(two) < NOISE


def test_a_few_holes_are_left_alone(tiny: Tiny, stack: ExitStack) -> None:
    shelf = shelf_of(tiny, stack)
    going, _ = shelf.read(1, words("going", LOOSE - 1)), shelf.read(2, words("stays", 300))
    shelf.all.drop(going)
    shelf.all.pack()

    assert shelf.loose == LOOSE - 1


class Forgetful(WatchedContext):
    """Takes no state back."""

    def restore(self, sequence: int, state: bytes) -> bool:  # noqa: ARG002 # as the context has it
        return False


def test_tokens_that_are_lost_on_the_way_break_the_context(tiny: Tiny, stack: ExitStack) -> None:
    shelf = shelf_of(tiny, stack, Forgetful)
    going, _ = shelf.read(1, words("going", 300)), shelf.read(2, words("stays", 300))
    shelf.all.drop(going)

    with pytest.raises(BrokenContextError):
        shelf.all.pack()


def test_an_answer_is_moved_together_while_it_is_written(desks: Desks, stores: Stores) -> None:
    desk = desks("wide", warm=stores(), **ROOMY)
    desk.answer(words("before", 600), 1)
    asked = desk.answer(words("now", 300), 2, limit=20)

    assert desk.engine._sequences._cells.reach < 300 + 20 + LOOSE
    assert desk.off(asked) < NOISE
