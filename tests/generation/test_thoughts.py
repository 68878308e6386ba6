import itertools

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.generation.thoughts import ThoughtGate
from bot.prompt.conversation import ThoughtMarks

MARKS = ThoughtMarks("<think>", "</think>")


def fed(gate: ThoughtGate, pieces: list[str]) -> str:
    return "".join([*(gate.feed(piece) or "" for piece in pieces), gate.give_up()])


def split(text: str, cuts: list[int]) -> list[str]:
    places = [0, *sorted(cut % (len(text) + 1) for cut in cuts), len(text)]
    return [text[a:b] for a, b in itertools.pairwise(places)]


def test_a_model_without_thoughts_says_everything() -> None:
    gate = ThoughtGate(None)

    assert fed(gate, ["<think>", "hm", "</think>"]) == "<think>hm</think>"


def test_thoughts_are_held_back_and_the_answer_comes_through() -> None:
    assert fed(ThoughtGate(MARKS), ["<think>", "hm", "</think>", "Hello", "."]) == "Hello."


def test_it_tells_when_the_model_thinks() -> None:
    gate = ThoughtGate(MARKS)
    before = (gate.thinking, gate.looking)
    gate.feed("<think>")
    inside = (gate.thinking, gate.looking)
    gate.feed("hm</think>")
    after = (gate.thinking, gate.looking)

    assert (before, inside, after) == ((False, True), (True, False), (False, False))


def test_a_prompt_that_opened_thoughts_is_thought_on() -> None:
    gate = ThoughtGate(MARKS, thinking=True)

    assert gate.thinking
    assert fed(gate, ["hm", "</think>", "\n\nHello"]) == "Hello"


def test_an_answer_without_thoughts_comes_whole_with_its_blanks() -> None:
    assert fed(ThoughtGate(MARKS), ["\n ", "Hello", " you "]) == "\n Hello you "


def test_blanks_between_thoughts_and_answer_belong_to_neither() -> None:
    assert fed(ThoughtGate(MARKS), ["<think>hm</think>\n", "\n", " Hello\n"]) == "Hello\n"


def test_blanks_before_the_mark_are_no_answer() -> None:
    assert fed(ThoughtGate(MARKS), ["\n", " <think>hm</think>Hello"]) == "Hello"


def test_a_mark_inside_the_answer_is_text() -> None:
    text = "Models write <think>so</think> at times."

    assert fed(ThoughtGate(MARKS), [text]) == text


def test_a_second_mark_after_the_thoughts_is_text() -> None:
    assert fed(ThoughtGate(MARKS), ["<think>a</think>b<think>c"]) == "b<think>c"


def test_thoughts_behind_thoughts_are_held_back_too() -> None:
    pieces = ["<think>a</think>\n<th", "ink>b</think>", " ", "Hello"]

    assert fed(ThoughtGate(MARKS), pieces) == "Hello"


def test_what_only_looked_like_a_second_mark_is_shown() -> None:
    assert fed(ThoughtGate(MARKS), ["<think>a</think>\n<", "b>"]) == "<b>"
    assert fed(ThoughtGate(MARKS), ["<think>a</think>\n<", "th"]) == "<th"


def test_what_only_looked_like_a_mark_is_shown_at_the_end() -> None:
    gate = ThoughtGate(MARKS)

    assert gate.feed("<thi") is None
    assert gate.give_up() == "<thi"


def test_thoughts_that_never_closed_are_not_given_up() -> None:
    gate = ThoughtGate(MARKS)
    gate.feed("<think>secret </thin")

    assert gate.give_up() == ""


def test_text_that_is_not_a_mark_after_all_comes_through_whole() -> None:
    gate = ThoughtGate(MARKS)

    assert [gate.feed("<th"), gate.feed("e end>")] == [None, "<the end>"]


texts = st.text("<think/> h\n가", max_size=20)


@pytest.mark.parametrize("marks", [MARKS, ThoughtMarks("[THINK]", "[/THINK]")])
@given(thoughts=texts, answer=texts, cuts=st.lists(st.integers(0, 99), max_size=12))
def test_however_it_is_split_the_same_comes_through(
    marks: ThoughtMarks, thoughts: str, answer: str, cuts: list[int]
) -> None:
    assume(marks.closing not in thoughts)
    assume(not answer.lstrip().startswith(marks.opening))
    whole = f"{marks.opening}{thoughts}{marks.closing}{answer}"

    assert fed(ThoughtGate(marks), split(whole, cuts)) == answer.lstrip()


@given(answer=texts, cuts=st.lists(st.integers(0, 99), max_size=12))
def test_however_an_answer_without_thoughts_is_split_it_comes_through(
    answer: str, cuts: list[int]
) -> None:
    plain = f"h{answer}"

    assert fed(ThoughtGate(MARKS), split(plain, cuts)) == plain
