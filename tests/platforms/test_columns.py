import pytest

from bot.platforms.columns import Side, aligned, rule, width


@pytest.mark.parametrize(
    ("text", "columns"),
    [("", 0), ("ab", 2), ("a가", 3), ("Ａb", 3), ("e\u0301\u20dd\u200d", 1), ("👍", 2)],
)
def test_columns_are_counted_as_they_are_seen(text: str, columns: int) -> None:
    assert width(text) == columns


def test_code_points_that_nobody_sees_take_no_columns() -> None:
    assert width("a\ufdd0\ufdefb") == 2
    assert width("\ufdcf\ufdf0") == 2


@pytest.mark.parametrize(
    ("side", "line"), [("<", "가    | b"), (">", "   가 | b"), ("^", " 가   | b")]
)
def test_cells_stand_on_their_side_of_a_column(side: Side, line: str) -> None:
    assert aligned(["가", "b"], [5, 2], [side, "<"]) == line


def test_a_row_that_is_not_complete_has_its_bars() -> None:
    assert aligned(["a"], [1, 2, 3], ["<"] * 3) == "a |    |"


def test_what_is_too_wide_or_too_much_stands_there_as_it_is() -> None:
    assert aligned(["abc", "d", "e"], [1, 1], ["^", "^"]) == "abc | d | e"


def test_the_line_below_the_head_has_crosses_below_its_bars() -> None:
    assert rule([1, 3]) == "--+----"
