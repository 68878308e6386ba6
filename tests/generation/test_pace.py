from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.generation.pace import AnswerPace, ReadingPace, turns
from tests.doubles.clock import ManualClock


def test_before_anything_was_measured_a_small_piece_is_read() -> None:
    pace = ReadingPace(512)

    assert pace.piece(1000, 0) == 32
    assert pace.seconds_for(1000) is None


def test_a_piece_takes_half_a_second_once_the_speed_is_known() -> None:
    pace = ReadingPace(512)
    pace.measured(32, 0.32)

    assert pace.piece(1000, 0) == 50


def test_what_is_left_is_estimated_by_the_speed() -> None:
    pace = ReadingPace(512)
    pace.measured(40, 2.0)

    assert pace.seconds_for(100) == pytest.approx(5.0)


def test_a_piece_is_never_larger_than_one_step_or_than_what_is_left() -> None:
    pace = ReadingPace(512)
    pace.measured(512, 0.01)

    assert pace.piece(10_000, 0) == 512
    assert pace.piece(7, 0) == 7
    assert ReadingPace(16).piece(1000, 0) == 16


def test_a_piece_is_never_smaller_than_is_worth_a_step() -> None:
    pace = ReadingPace(512)
    pace.measured(32, 100.0)

    assert pace.piece(1000, 0) == 8


def test_where_a_step_itself_takes_long_pieces_are_so_large_that_tokens_take_as_long() -> None:
    """A step takes 2 s and each token 50 ms, as where other programs keep the cores busy."""
    pace = ReadingPace(512)
    pace.measured(32, 3.6)
    pace.measured(1, 2.05)

    assert (pace.piece(1000, 0), pace.piece(1000, 2)) == (40, 40)
    assert pace.seconds_for(400) == pytest.approx(400 * 0.05 + 10 * 2)


def test_what_a_step_itself_takes_counts_for_its_set_time() -> None:
    """A step takes 0.1 s and each token 10 ms."""
    pace = ReadingPace(512)
    pace.measured(40, 0.5)
    pace.measured(2, 0.12)

    assert (pace.piece(1000, 0), pace.piece(1000, 2)) == (40, 15)


def test_what_reading_takes_is_remembered_over_a_long_answer() -> None:
    pace = ReadingPace(512)
    pace.measured(100, 1.0)
    for _ in range(500):
        pace.measured(1, 0.01)

    assert pace.piece(1000, 0) == 50


@given(st.lists(st.tuples(st.integers(1, 512), st.floats(1e-6, 1e3)), max_size=20))
def test_whatever_was_measured_a_piece_is_one_and_fits(measured: list[tuple[int, float]]) -> None:
    pace = ReadingPace(512)
    for tokens, seconds in measured:
        pace.measured(tokens, seconds)

    assert 8 <= pace.piece(10_000, 4) <= 508
    assert (pace.seconds_for(100) or 1.0) > 0


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
    first = pace.piece(1000, 0)
    pace.measured(first, 0.001)
    assert pace.piece(1000, 0) == first
    assert pace.seconds_for(1000) is not None


def test_while_others_write_pieces_are_smaller_and_leave_them_their_places() -> None:
    pace = ReadingPace(128)
    pace.measured(100, 1.0)

    assert (pace.piece(1000, 0), pace.piece(1000, 3)) == (50, 25)
    pace.measured(1000, 0.1)
    assert (pace.piece(1000, 0), pace.piece(1000, 3)) == (128, 125)


def answered_in(*seconds: float, slots: int = 1) -> tuple[AnswerPace, ManualClock]:
    timer = ManualClock()
    pace = AnswerPace(timer, slots)
    for number, one in enumerate(seconds):
        pace.begin(number)
        timer.now += one
        pace.end(number, whole=True)
    return pace, timer


def test_nothing_is_promised_before_an_answer_was_measured() -> None:
    assert answered_in()[0].seconds_for(2) is None
    assert answered_in()[0].begins({}, [1]) is None


def test_waiting_takes_as_long_as_the_answers_ahead() -> None:
    assert answered_in(20)[0].seconds_for(2) == 40
    assert answered_in(20)[0].seconds_for(0) == 0
    assert answered_in(20)[0].begins({}, [1, 2, 3]) == [0, 20, 40]


def test_later_answers_count_as_much_as_all_before_them() -> None:
    assert answered_in(20, 10)[0].seconds_for(1) == 15


def test_what_is_done_of_the_answer_under_way_is_taken_off_and_no_more() -> None:
    pace, timer = answered_in(20)
    pace.begin(7)
    timer.now += 5
    assert (pace.seconds_for(2), pace.begins({7: 1}, [2])) == (35, [15])
    timer.now += 100
    assert (pace.seconds_for(2), pace.begins({7: 1}, [2])) == (20, [0])


def test_a_long_prompt_that_is_being_read_is_waited_for_and_then_its_answer_is() -> None:
    pace, timer = answered_in(20)
    pace.begin(7)
    pace.reads(7, 300)
    assert (pace.seconds_for(1), pace.begins({7: 1}, [2])) == (320, [320])
    timer.now += 100
    pace.reads(7, 250)  # it is slower than was thought
    assert pace.seconds_for(1) == 270
    timer.now += 255
    assert pace.seconds_for(1) == 15


def test_how_long_answers_are_written_is_learnt_apart_from_how_long_prompts_are_read() -> None:
    pace, timer = answered_in()
    pace.begin(1)
    pace.reads(1, 60)
    timer.now += 60
    pace.reads(1, 0)
    timer.now += 10
    pace.end(1, whole=True)
    pace.begin(2)
    assert pace.seconds_for(1) == 70  # nothing is known of its prompt yet

    pace.reads(2, 5)
    assert pace.seconds_for(1) == 15
    assert pace.seconds_for(3) == 155


def test_a_long_prompt_in_one_slot_holds_up_nobody_in_the_other() -> None:
    pace, _ = answered_in(20, slots=2)
    pace.begin(1)
    pace.begin(2)
    pace.reads(1, 300)

    assert pace.begins({1: 1, 2: 2}, [3, 4, 5]) == [20, 40, 60]
    assert pace.seconds_for(3) == 40


def test_what_never_became_an_answer_says_nothing_about_how_long_one_takes() -> None:
    pace, timer = answered_in(20)
    pace.begin(7)
    timer.now += 1
    pace.end(7, whole=False)

    assert pace.seconds_for(1) == 20


def test_several_under_way_are_measured_each_for_itself() -> None:
    pace, timer = answered_in(slots=2)
    pace.begin(1)
    timer.now += 10
    pace.begin(2)
    timer.now += 10
    pace.end(1, whole=True)
    assert pace.seconds_for(1) == 10  # the other one began 10 s later
    timer.now += 10
    pace.end(2, whole=True)

    assert pace.seconds_for(1) == 20


def test_with_two_slots_answers_are_made_side_by_side() -> None:
    pace, timer = answered_in(20, slots=2)
    pace.begin(1)
    timer.now += 5
    pace.begin(2)

    assert [pace.seconds_for(answers) for answers in range(5)] == [0, 15, 20, 35, 40]
    assert pace.begins({1: 1, 2: 2}, [3, 4, 5]) == [15, 20, 35]


def test_a_free_slot_has_nobody_wait() -> None:
    pace, _ = answered_in(20, slots=2)
    pace.begin(1)

    assert pace.begins({1: 1}, [2, 3]) == [0, 20]


def test_whoever_waits_for_an_answer_in_their_own_chat_waits_beside_a_free_slot() -> None:
    assert turns({1: 15.0}, [1], slots=2, each=20) == [15]


def test_waiting_for_ones_own_chat_keeps_no_slot_from_others() -> None:
    assert turns({1: 15.0}, [1, 2, 3], slots=2, each=20) == [15, 0, 20]
    assert turns({1: 15.0, 2: 5.0}, [1, 1, 3], slots=2, each=20) == [15, 35, 5]


@given(
    st.lists(st.integers(0, 20), max_size=4),
    st.lists(st.integers(1, 6), max_size=8),
    st.integers(4, 6),
)
def test_turns_are_as_many_at_once_as_there_are_slots_and_one_a_chat(
    rests: list[int], waiting: list[int], slots: int
) -> None:
    busy = {chat: float(rest) for chat, rest in enumerate(rests, 1)}
    begins = turns(busy, waiting, slots, 10)
    spans = [(chat, 0.0, rest) for chat, rest in busy.items()]
    spans += [(chat, begin, begin + 10) for chat, begin in zip(waiting, begins, strict=True)]

    for begin in begins:
        now = [chat for chat, since, until in spans if since <= begin < until]
        assert len(now) <= slots
        assert len(now) == len(set(now))


@given(
    st.lists(st.integers(0, 30), max_size=4).map(lambda done: sorted(done, reverse=True)),
    st.integers(1, 5),
    st.integers(0, 14),
)
def test_so_many_answers_take_as_long_as_it_is_until_the_turn_of_the_last_has_ended(
    done: list[int], slots: int, answers: int
) -> None:
    done = done[:slots]
    pace, timer = answered_in(20, slots=slots)
    for number, (seconds, later) in enumerate(pairwise([*done, 0])):
        pace.begin(number)
        timer.now += seconds - later
    rests = {number: max(20.0 - seconds, 0.0) for number, seconds in enumerate(done)}
    others = range(len(done), answers)
    ends = sorted(rests.values()) + [20 + begin for begin in turns(rests, others, slots, 20)]

    assert pace.seconds_for(answers) == (ends[answers - 1] if answers else 0)
