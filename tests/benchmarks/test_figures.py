import pytest

from benchmarks.figures import Figures, Key, overlapping_gaps, percentile, rate


def test_a_percentile_is_a_value_that_was_measured() -> None:
    values = [float(value) for value in range(1, 101)]
    assert percentile(values, 95) == 95
    assert percentile([4.0, 1.0, 3.0, 2.0], 50) == 2
    assert percentile([3.0], 95) == 3


def test_a_percentile_of_nothing_is_an_error() -> None:
    with pytest.raises(ValueError, match="no values"):
        percentile([], 95)


def test_speed_counts_only_while_every_answer_is_written() -> None:
    early = [0.0, 1.0, 2.0, 3.0, 4.0]
    late = [2.0, 3.0, 4.0, 5.0, 6.0]
    assert rate([early, late]) == 2  # from 2 to 4: two tokens each


def test_the_speed_of_one_answer_leaves_its_first_token_out() -> None:
    assert rate([[10.0, 10.5, 11.0]]) == 2


def test_answers_that_never_met_have_no_common_speed() -> None:
    with pytest.raises(ValueError, match="at the same time"):
        rate([[0.0, 1.0], [1.0, 2.0]])


def test_a_gap_counts_where_it_reaches_into_the_time() -> None:
    times = [0.0, 1.0, 2.0, 7.0, 8.0, 9.0]
    assert overlapping_gaps(times, 1.5, 6.0) == [1, 5]


def test_figures_are_medians_in_the_order_of_their_sizes() -> None:
    figures = Figures()
    figures.note(Key("starter", "Ostro", "return", 1000), 3.0, 1.0, 2.0)
    figures.note(Key("starter", "Ostro", "return", 125), 0.5)
    figures.note(Key("7B", "Ostro", "return", 125), 9.0)
    assert figures.curve("starter", "Ostro", "return") == [(125, 0.5), (1000, 2.0)]


def test_what_was_not_measured_is_not_made_up() -> None:
    with pytest.raises(KeyError):
        Figures().typical(Key("starter", "Ostro", "return"))
