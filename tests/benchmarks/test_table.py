import pytest

from benchmarks.table import Goal, Row, at_least, faster, markdown, seconds, within


@pytest.mark.parametrize(
    ("goal", "reached", "missed"),
    [(faster(20), 20.0, 19.9), (at_least(0.97), 0.97, 0.96), (within(1.1), 1.1, 1.11)],
)
def test_a_goal_is_met_at_its_limit_and_missed_beyond_it(
    goal: Goal, reached: float, missed: float
) -> None:
    assert goal.is_met(reached)
    assert not goal.is_met(missed)


def test_each_row_ends_in_its_goal_and_what_became_of_it() -> None:
    met = Row("starter", "first token", "90 ms", "a peer: 4.50 s", 50.0, faster(20))
    missed = Row("7B", "tokens/s", "6.0", "a peer: 7.0", 6 / 7, at_least(0.97))
    table = markdown([met, missed]).splitlines()
    assert table[2].startswith("| starter | first token | 90 ms | a peer: 4.50 s | 50.0x |")
    assert table[2].endswith("| 20x faster or better | **met** |")
    assert table[3].endswith("| 0.86x | 0.97 or better | **missed** |")


def test_a_table_has_as_many_columns_in_every_line() -> None:
    row = Row("starter", "first token", "90 ms", "a peer: 4.50 s", 50.0, faster(20))
    assert {line.count("|") for line in markdown([row]).splitlines()} == {8}


def test_times_are_written_in_the_unit_that_suits_them() -> None:
    assert [seconds(0.0871), seconds(0.9996), seconds(1), seconds(12.346)] == [
        *("87 ms", "1000 ms", "1.00 s", "12.35 s"),
    ]
