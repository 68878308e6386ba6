from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.generation.scheduling import common, first_to_go, fits, is_worth_keeping, next_reader

IDS = st.lists(st.integers(0, 3), max_size=40)


@dataclass
class Reading:
    unread: int


@dataclass
class Idle:
    used: float


@given(IDS, IDS)
def test_what_two_sequences_have_in_common_ends_at_the_first_difference(
    one: list[int], other: list[int]
) -> None:
    same = common(one, tuple(other))

    assert one[:same] == other[:same]
    assert same == min(len(one), len(other)) or one[same] != other[same]


def test_who_is_read_soonest_is_read_first() -> None:
    short, long = Reading(20), Reading(1000)

    assert next_reader([long, short]) is short
    assert next_reader([]) is None


@pytest.mark.parametrize(
    ("needed", "growing", "held", "cells", "may_begin"),
    [
        (100, [], 0, 100, True),
        (101, [], 0, 100, False),
        (50, [30], 20, 100, True),
        (50, [30, 1], 20, 100, False),
    ],
)
def test_an_answer_begins_where_no_other_will_ever_lack_a_cell(
    needed: int, growing: list[int], held: int, cells: int, *, may_begin: bool
) -> None:
    assert fits(needed, growing, held, cells) is may_begin


def test_what_is_read_again_in_a_moment_is_not_kept() -> None:
    assert not is_worth_keeping(1.9)
    assert is_worth_keeping(2.0)
    assert is_worth_keeping(None)


def test_what_was_used_longest_ago_goes_first() -> None:
    old, new = Idle(1), Idle(2)

    assert first_to_go([new, old]) is old
    assert first_to_go([]) is None
