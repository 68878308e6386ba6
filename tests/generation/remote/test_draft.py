"""One answer while it comes: its limits, and what it took."""

import pytest

from bot.delivery.stream import Ended
from bot.generation.model import Event, Finished, Piece, Reading, Thinking
from bot.generation.remote.chunks import Told, Usage
from bot.generation.remote.draft import Draft
from tests.doubles.clock import ManualClock


def draft(
    longest: int = 100,
    most: int = 1000,
    stops: tuple[str, ...] = (),
    *,
    before: str = "",
) -> Draft:
    return Draft(stops, longest, most, before=before, clock=ManualClock())


def finish(one: Draft, ended: Ended = Ended.STOP) -> Finished:
    last = one.finish(ended)[-1]
    assert isinstance(last, Finished)
    return last


def test_what_it_took_is_what_the_server_says() -> None:
    one = draft()
    one.take(Told(text="Hello"))
    one.take(Told(usage=Usage(prompt=20, cached=15, written=9, thought=3)))

    assert finish(one) == Finished(Ended.STOP, "Hello", (), 6, 5, 9, 0.0, 20)


def test_where_it_does_not_say_pieces_are_counted() -> None:
    one = draft()
    for told in (Told(thought="hm"), Told(text="Hel"), Told(text="lo")):
        one.take(told)

    assert finish(one) == Finished(Ended.STOP, "Hello", (), 2, 0, 3, 0.0)


def test_thoughts_that_it_counts_as_written_are_no_part_of_the_text() -> None:
    one = draft()
    for told in (Told(thought="hm"), Told(text="Hi"), Told(usage=Usage(9, 0, 2, None))):
        one.take(told)

    assert (finish(one).written, finish(one).answer_tokens) == (1, 2)


@pytest.mark.parametrize("usage", [Usage(1, 5, 2, 7), Usage(0, 0, 0, 0)])
def test_numbers_that_do_not_add_up_do_no_harm(usage: Usage) -> None:
    one = draft()
    one.take(Told(text="Hi", usage=usage))

    assert finish(one).read_tokens == 0
    assert finish(one).written == 0


def test_writing_takes_time_from_the_first_word_on() -> None:
    clock = ManualClock(10.0)
    one = Draft((), 100, 200, clock=clock)
    one.take(Told(progress=Reading(1, 2, None)))
    clock.now = 20.0
    one.take(Told(thought="hm"))
    clock.now = 24.0
    events = one.take(Told(thought="hm"))
    clock.now = 25.0

    assert events == [Thinking(4.0)]
    assert finish(one).seconds == 5.0


def test_an_answer_of_nothing_took_no_time() -> None:
    one = draft()
    one.take(Told(reason=Ended.STOP))

    assert finish(one).seconds == 0.0


def test_reading_is_over_when_something_is_written() -> None:
    one = draft()
    events: list[Event] = []
    for told in (
        Told(progress=Reading(1, 2, None)),
        Told(text="Hi"),
        Told(progress=Reading(2, 2, 0)),
    ):
        events += one.take(told)

    assert events == [Reading(1, 2, None), Piece("Hi")]


def test_text_behind_an_end_that_came_too_early_still_counts() -> None:
    one = draft()
    one.take(Told(reason=Ended.STOP))

    assert one.take(Told(text="Hi")) == [Piece("Hi")]
    assert one.take(Told(text=" there", reason=Ended.LENGTH)) == [Piece(" there")]
    assert (one.ended, one.cut_short) == (Ended.LENGTH, False)
    assert finish(one).text == "Hi there"


def test_text_behind_its_limit_or_a_stop_is_passed_over() -> None:
    for one in (draft(longest=10), draft(stops=("###",))):
        one.take(Told(text="x" * 32 * 27 + "###"))
        ended = one.ended

        assert one.cut_short
        assert one.take(Told(text=" there", reason=Ended.BROKEN, fault="abort")) == []
        assert one.ended is ended


def test_a_last_word_that_is_one_too_many_is_no_reason_to_leave() -> None:
    one = draft(longest=10)
    one.take(Told(text="x" * 32 * 27, reason=Ended.STOP))
    one.take(Told(usage=Usage(9, 0, 27, None)))

    assert (one.ended, one.cut_short) == (Ended.STOP, False)


def test_a_stop_text_ends_an_answer_whatever_the_server_says_of_its_end() -> None:
    one = draft(stops=("###",))
    one.take(Told(text="Hi###", reason=Ended.LENGTH))

    assert one.ended is Ended.STOP


def test_blanks_alone_are_no_answer() -> None:
    one = draft()
    one.take(Told(text="\n\n", reason=Ended.STOP))

    assert finish(one).text == ""


def test_blanks_between_what_was_said_and_what_goes_on_with_it_stay() -> None:
    one = draft(before="Once upon")
    for text in (" ", "a time"):
        one.take(Told(text=text))

    assert finish(one).text == " a time"


def test_more_pieces_than_there_may_be_tokens_are_too_many() -> None:
    one = draft(longest=10)
    taken = 0
    while one.ended is None:
        one.take(Told(text="x"))
        taken += 1

    assert (one.ended, one.cut_short) == (Ended.LENGTH, True)
    assert taken == 10 + 16 + 1


def test_many_words_at_once_are_too_many_too() -> None:
    one = draft(longest=10)
    one.take(Told(text="x" * 32 * 26))
    assert one.ended is None
    one.take(Told(text="x" * 32))

    assert one.ended is Ended.LENGTH


def test_thoughts_are_not_counted_as_the_answer() -> None:
    one = draft(longest=1)
    for _ in range(100):
        one.take(Told(thought="hm"))
        one.take(Told(text="<think>hm"))

    assert one.ended is None
    assert one.thought
    assert not one.said


def test_thoughts_without_an_end_are_ended() -> None:
    one = draft(longest=10, most=30)
    taken = 0
    while one.ended is None:
        one.take(Told(thought="hm"))
        taken += 1

    assert (one.ended, one.cut_short) == (Ended.LENGTH, True)
    assert taken == 30 + 16 + 1


def test_what_was_held_back_because_a_stop_might_have_come_is_told_at_the_end() -> None:
    one = draft(stops=("###",))
    assert one.take(Told(text="C##")) == [Piece("C")]

    assert [type(event) for event in one.finish(Ended.CUT)] == [Piece, Finished]
    assert finish(one, Ended.CUT).text == "C##"


def test_half_a_letter_does_no_harm() -> None:
    one = draft()
    one.take(Told(text="a\ud83d"))

    assert finish(one).text == "a?"
