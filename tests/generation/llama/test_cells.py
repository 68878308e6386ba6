from hypothesis import given
from hypothesis import strategies as st

from bot.generation.llama.cells import Cells


def test_tokens_get_the_free_cells_that_lie_first() -> None:
    cells = Cells()
    first, second, third = cells.take(3), cells.take(2), cells.take(2)
    cells.release([*first, second[1]])

    assert (first, second, third) == ([0, 1, 2], [3, 4], [5, 6])
    assert cells.take(6) == [0, 1, 2, 4, 7, 8]


def test_a_shared_cell_is_free_when_the_last_one_lets_go() -> None:
    cells = Cells()
    taken = cells.take(2)
    cells.share(taken)
    cells.release(taken)
    assert (cells.used, cells.holders(0)) == (2, 1)
    cells.release(taken)

    assert (cells.used, cells.holders(0), cells.reach) == (0, 0, 0)


def test_how_far_the_cells_in_use_reach_follows_the_last_of_them() -> None:
    cells = Cells()
    first, second = cells.take(10), cells.take(5)
    cells.release(first)
    assert (cells.used, cells.reach) == (5, 15)
    cells.release(second)
    assert (cells.used, cells.reach) == (0, 0)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 20))))
def test_no_cell_is_given_twice_and_those_before_the_reach_come_first(
    steps: list[tuple[bool, int]],
) -> None:
    cells, held = Cells(), list[int]()
    for takes, number in steps:
        if takes:
            free = sorted(set(range(len(held) + number)) - set(held))[:number]
            assert cells.take(number) == free
            held += free
        else:
            going, held = held[:number], held[number:]
            cells.release(going)
        assert cells.used == len(held)
        assert cells.reach == max(held, default=-1) + 1
