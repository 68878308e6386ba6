"""Thoughts that no mark opens, while an answer comes."""

import pytest

from bot.delivery.stream import Ended
from bot.generation.model import Event, Finished, Piece, Retracted, Thinking
from bot.generation.remote.chunks import Told
from bot.generation.remote.draft import Draft
from tests.doubles.clock import ManualClock


def draft(
    longest: int = 100,
    most: int = 1000,
    stops: tuple[str, ...] = (),
    *,
    before: str = "",
    opened: bool = False,
) -> Draft:
    return Draft(stops, longest, most, before=before, opened=opened, clock=ManualClock())


def finish(one: Draft, ended: Ended = Ended.STOP) -> Finished:
    last = one.finish(ended)[-1]
    assert isinstance(last, Finished)
    return last


def taken(one: Draft, *texts: str) -> list[Event]:
    return [event for text in texts for event in one.take(Told(text=text))]


def test_what_came_before_the_end_of_thoughts_that_nothing_opened_is_taken_back() -> None:
    one = draft()
    events = taken(one, "Okay, ", "the user\n</th", "ink>", "\n\n", "Hi", " Ada.")

    assert events[-3:] == [Retracted(), Piece("Hi"), Piece(" Ada.")]
    assert one.unopened
    assert one.thought
    last = finish(one)
    assert (last.text, last.written, last.answer_tokens) == ("Hi Ada.", 4, 6)


def test_thoughts_of_which_nothing_was_shown_are_not_taken_back() -> None:
    one = draft()

    assert taken(one, "\n</think>\nHi") == [Piece("Hi")]


def test_an_answer_that_was_all_thoughts_up_to_then_has_said_nothing() -> None:
    one = draft()
    taken(one, "Okay\n</think>")

    assert not one.said
    assert finish(one, Ended.LENGTH).text == ""


def test_an_answer_may_be_about_marks() -> None:
    for text in ("It ends with </think>, as I said.", "<b>\n<think>\na\n</think>\nb", "</thin>"):
        one = draft()
        events = taken(one, *text)

        assert Retracted() not in events
        assert not one.unopened
        assert finish(one).text == text


@pytest.mark.parametrize(
    ("before", "unopened"), [("Okay,", True), ("<think>", False), ("Okay\n</think>", False)]
)
def test_what_goes_on_with_an_answer_takes_nothing_back(
    before: str,
    unopened: bool,  # noqa: FBT001 # what is expected
) -> None:
    one = draft(before=before)
    taken(one, " so\n</think>\nHi")

    assert one.unopened is unopened
    assert finish(one).text == " so\n</think>\nHi"


def test_where_thoughts_are_open_from_the_first_word_on_they_are_held_back() -> None:
    one = draft(opened=True)
    events = taken(one, "Okay, ", "the user\n</think>\n", "Hi")

    assert events == [Thinking(0.0), Piece("Hi")]
    assert (one.thought, one.unopened) == (True, False)
    assert finish(one).text == "Hi"


def test_what_was_closed_were_thoughts_whatever_comes_then() -> None:
    one = draft(opened=True)
    taken(one, "Okay", "</think>", "<think>hm")

    assert finish(one, Ended.LENGTH).text == ""


@pytest.mark.parametrize("ended", [Ended.STOP, Ended.LENGTH])
def test_thoughts_that_are_open_and_never_close_were_the_answer(ended: Ended) -> None:
    one = draft(opened=True, stops=("###",))
    taken(one, "Hello ", "Ada.###")

    assert one.finish(ended)[0] == Piece("Hello Ada.")


def test_an_answer_of_what_was_held_back_is_counted_as_one() -> None:
    one = draft(opened=True)
    taken(one, "Hello ", "Ada.")

    assert finish(one).written == 2


def test_of_thoughts_that_are_stopped_nothing_is_the_answer() -> None:
    one = draft(opened=True)
    taken(one, "Okay, ", "the user")

    assert finish(one, Ended.CUT).text == ""


def test_where_thoughts_are_told_apart_by_now_no_answer_is_held_back() -> None:
    one = draft(opened=True)
    one.take(Told(thought="hm"))

    assert taken(one, "Hi") == [Piece("Hi")]
    assert finish(one).text == "Hi"


def test_behind_thoughts_that_are_told_apart_others_may_be_open() -> None:
    one = draft(opened=True)
    taken(one, "Okay")
    one.take(Told(thought="hm"))

    assert taken(one, "\n</think>Hi") == [Piece("Hi")]


def test_thoughts_that_are_taken_back_are_bounded_as_thoughts() -> None:
    one = draft(longest=10, most=30)
    taken(one, *"12345678", "\n</think>", *"abcdefghijk")

    assert one.ended is None
    assert finish(one).written == 12
