import pytest

from bot.generation.pace import AnswerPace, ReadingPace
from tests.doubles.clock import ManualClock


def test_before_anything_was_measured_a_small_piece_is_read() -> None:
    pace = ReadingPace(512)

    assert pace.piece(1000) == 32
    assert pace.seconds_for(1000) is None


def test_a_piece_takes_half_a_second_once_the_speed_is_known() -> None:
    pace = ReadingPace(512)
    pace.measured(32, 0.32)

    assert pace.piece(1000) == 50


def test_what_is_left_is_estimated_by_the_speed() -> None:
    pace = ReadingPace(512)
    pace.measured(40, 2.0)

    assert pace.seconds_for(100) == pytest.approx(5.0)


def test_a_piece_is_never_larger_than_one_step_or_than_what_is_left() -> None:
    pace = ReadingPace(512)
    pace.measured(512, 0.01)

    assert pace.piece(10_000) == 512
    assert pace.piece(7) == 7
    assert ReadingPace(16).piece(1000) == 16


def test_a_piece_is_never_so_small_that_its_own_cost_outweighs_it() -> None:
    pace = ReadingPace(512)
    pace.measured(10, 100.0)

    assert pace.piece(1000) == 8


def test_a_new_speed_counts_for_half() -> None:
    pace = ReadingPace(512)
    pace.measured(100, 1.0)
    pace.measured(200, 1.0)

    assert pace.seconds_for(150) == pytest.approx(1.0)


@pytest.mark.parametrize(("tokens", "seconds"), [(7, 1.0), (100, 0.0), (100, -1.0)])
def test_what_tells_nothing_is_not_learnt_from(tokens: int, seconds: float) -> None:
    pace = ReadingPace(512)
    pace.measured(tokens, seconds)

    assert pace.seconds_for(100) is None


def test_a_steady_pace_never_changes_its_pieces() -> None:
    pace = ReadingPace(512, steady=True)
    first = pace.piece(1000)
    pace.measured(first, 0.001)
    assert pace.piece(1000) == first
    assert pace.seconds_for(1000) is not None


def answered_in(*seconds: float) -> tuple[AnswerPace, ManualClock]:
    timer = ManualClock()
    pace = AnswerPace(timer)
    for one in seconds:
        pace.begin()
        timer.now += one
        pace.end(whole=True)
    return pace, timer


def test_nothing_is_promised_before_an_answer_was_measured() -> None:
    assert answered_in()[0].seconds_for(2) is None


def test_waiting_takes_as_long_as_the_answers_ahead() -> None:
    assert answered_in(20)[0].seconds_for(2) == 40
    assert answered_in(20)[0].seconds_for(0) == 0


def test_later_answers_count_as_much_as_all_before_them() -> None:
    assert answered_in(20, 10)[0].seconds_for(1) == 15


def test_what_is_done_of_the_answer_under_way_is_taken_off_and_no_more() -> None:
    pace, timer = answered_in(20)
    pace.begin()
    timer.now += 5
    assert pace.seconds_for(2) == 35
    timer.now += 100
    assert pace.seconds_for(2) == 20


def test_what_never_became_an_answer_says_nothing_about_how_long_one_takes() -> None:
    pace, timer = answered_in(20)
    pace.begin()
    timer.now += 1
    pace.end(whole=False)

    assert pace.seconds_for(1) == 20
