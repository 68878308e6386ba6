"""Everything that llama.cpp gives is freed."""

import gc

import psutil

from bot.generation.llama.context import Context
from bot.generation.llama.load import Load
from tests.doubles.engine import Desk, words
from tests.generation.llama.conftest import Desks

MEGABYTE = 2**20
WARM_UP = 150
"""Until then Python and llama.cpp still take what they keep."""
GENERATIONS = 500


class Plain(Context):
    """A context that remembers nothing of its own."""

    def __init__(self, load: Load, sequences: int) -> None:
        super().__init__(load, sequences, lambda: True)


def generate(desk: Desk, count: int) -> None:
    """Answer, stop and evict: twelve chats that share two personas, on few cells."""
    for number in range(count):
        chat = number % 12
        persona = (1, *words(f"persona {chat % 2}", 10))
        asked = desk.ask((*persona, *words(f"{chat} {number % 7}", 20)), chat)
        if number % 5 == 0:
            desk.step(2)
            asked.stopped.set()
        desk.run()


def resident() -> int:
    gc.collect()
    return psutil.Process().memory_info().rss


def test_generations_leave_nothing_behind(desks: Desks) -> None:
    desk = desks(context=Plain, cells=256)
    generate(desk, WARM_UP)
    before = resident()
    generate(desk, GENERATIONS)
    grown = resident() - before

    assert grown < 2 * MEGABYTE
    assert len(desk.engine._sequences._free) + len(desk.engine._sequences._all) == 32
    assert desk.engine._sequences.used_cells <= 256


def test_contexts_leave_nothing_behind(desks: Desks) -> None:
    for _ in range(2):
        with desks(context=Plain) as desk:
            generate(desk, 3)
    before = resident()
    for _ in range(5):
        with desks(context=Plain) as desk:
            generate(desk, 3)

    assert resident() - before < 5 * MEGABYTE  # the weights alone take twice as much
