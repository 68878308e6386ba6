import pytest

from benchmarks.carried import Answered, Carried


def carried(rate: float, added: list[float]) -> list[str]:
    """Return the table of one round, without its head."""
    measured = Carried()
    measured.note(rate, 0.002, [Answered(seconds + 0.001, 0.001) for seconds in added])
    return measured.table().splitlines()[2:]


@pytest.mark.parametrize(("rate", "verdict"), [(500.0, "met"), (499.0, "missed")])
def test_the_goal_of_messages_a_second_is_met_at_its_limit(rate: float, verdict: str) -> None:
    first = carried(rate, [0.01])[0]
    assert f"| {rate:.0f} | 500 or more | **{verdict}** |" in first


@pytest.mark.parametrize(("late", "verdict"), [(1, "met"), (2, "missed")])
def test_one_of_a_hundred_messages_may_take_longer_than_the_goal(late: int, verdict: str) -> None:
    second = carried(500.0, [0.2] * late + [0.02] * (100 - late))[1]
    assert second.endswith(f"| less than 50 ms | **{verdict}** |")


def test_what_the_server_took_is_not_counted() -> None:
    assert Answered(0.5, 0.2).added == pytest.approx(0.3)
    assert "| 10 ms |" in carried(500.0, [0.01])[2]


def test_medians_of_the_rounds_are_told() -> None:
    measured = Carried()
    for rate, spent, seconds in ((900.0, 0.009, 0.9), (600.0, 0.001, 0.03), (100.0, 0.002, 0.01)):
        measured.note(rate, spent, [Answered(seconds, 0.0)])
    told = measured.table()
    assert "| 600 |" in told
    assert told.count("| 30 ms |") == 2
    assert "| 2.00 ms |" in told


def test_a_table_has_as_many_columns_in_every_line() -> None:
    measured = Carried()
    measured.note(1.0, 1.0, [Answered(1.0, 0.0)])
    assert {line.count("|") for line in measured.table().splitlines()} == {5}
