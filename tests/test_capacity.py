from typing import Literal

import pytest

from bot.capacity import decide_cells, decide_slots
from bot.catalogue.memory import GIB

AUTO: Literal["auto"] = "auto"


@pytest.mark.parametrize(
    ("gib", "cores", "slots"),
    [
        (8, 8, 1),
        (11.9, 16, 1),
        (12, 4, 2),
        (15.5, 8, 2),
        (23.5, 16, 2),
        (24, 7, 2),
        (24, 8, 4),
        (128, 64, 4),
        (128, 1, 1),
        (128, 2, 2),
    ],
)
def test_how_many_answers_are_made_at_once_depends_on_memory_and_cores(
    gib: float, cores: int, slots: int
) -> None:
    assert decide_slots(AUTO, int(gib * GIB), cores) == slots


def test_a_number_of_answers_that_is_set_is_obeyed() -> None:
    assert decide_slots(7, 4 * GIB, 1) == 7


def test_each_answer_has_a_window_where_there_is_room() -> None:
    assert decide_cells(AUTO, 1000, 4, bytes_per_cell=10, room=40_000) == 4000
    assert decide_cells(AUTO, 1000, 4, bytes_per_cell=10, room=39_999) < 4000


def test_with_less_room_there_are_fewer_tokens_in_whole_blocks() -> None:
    assert decide_cells(AUTO, 1000, 4, bytes_per_cell=10, room=20_000) == 7 * 256


def test_there_is_always_room_for_one_window() -> None:
    assert decide_cells(AUTO, 1000, 4, bytes_per_cell=10, room=10_000) == 1000
    assert decide_cells(AUTO, 1000, 4, bytes_per_cell=10, room=-1) == 1000


def test_tokens_that_take_nothing_need_no_room() -> None:
    assert decide_cells(AUTO, 1000, 4, bytes_per_cell=0, room=0) == 4000


def test_a_number_of_tokens_that_is_set_is_obeyed() -> None:
    assert decide_cells(1234, 1000, 4, bytes_per_cell=10, room=0) == 1234
