"""One answer's tokens, drawn by the test instead of a model."""

from collections.abc import Iterator

import pytest

from bot.delivery.stream import Ended
from bot.generation.llama.draft import Draft
from bot.generation.llama.vocabulary import Vocabulary
from bot.generation.model import AnswerOptions, Finished, Piece, Thinking
from bot.prompt.conversation import ThoughtMarks
from tests.conftest import Tiny
from tests.doubles.clock import ManualClock

TEXT_MARKS = ThoughtMarks("<think>", "</think>")
CONTROL_MARKS = ThoughtMarks("[THINK]", "[/THINK]")


@pytest.fixture
def plain(tiny: Tiny) -> Iterator[Vocabulary]:
    with Vocabulary(tiny("v3")) as vocabulary:
        yield vocabulary


@pytest.fixture
def thinker(tiny: Tiny) -> Iterator[Vocabulary]:
    with Vocabulary(tiny("v13-tekken")) as vocabulary:
        yield vocabulary


def written(
    vocabulary: Vocabulary,
    drawn: list[int],
    marks: ThoughtMarks | None = None,
    *,
    options: AnswerOptions | None = None,
    room: int = 1000,
    thinking: bool = False,
    going_on: bool = False,
) -> tuple[Finished, list[int], list[str]]:
    """Draw these tokens and then the end; return the answer, all its tokens, and what was told."""
    draft = Draft(
        vocabulary,
        marks,
        options or AnswerOptions(),
        room=room,
        thinking=thinking,
        going_on=going_on,
    )
    source = iter(drawn)
    assert vocabulary.eos is not None
    end, tokens, told = vocabulary.eos, [], []
    while (token := draft.next_token(lambda: next(source, end))) is not None:
        tokens.append(token)
        match draft.take(token):
            case Piece(text):
                told.append(text)
            case Thinking():
                told.append("(thinking)")
            case _:
                pass
        if draft.ended is not None:
            return draft.finish(draft.ended, read=0), tokens, told
    return draft.finish(Ended.STOP, read=0), tokens, told


def ids_of(vocabulary: Vocabulary, text: str) -> list[int]:
    """Control tokens and texts between bars, to ids."""
    control = vocabulary.control
    parts = text.split("|")
    return [
        token
        for part in parts
        for token in ([control[part]] if part in control else vocabulary.encode(part))
    ]


def test_an_answer_is_its_tokens(plain: Vocabulary) -> None:
    drawn = plain.encode("Hello, 세계 🙂")
    finished, tokens, told = written(plain, drawn)
    assert finished.text == "".join(told) == "Hello, 세계 🙂"
    assert finished.ids == tuple(tokens) == tuple(drawn)


def test_going_on_keeps_the_blank_that_an_answer_would_lose(plain: Vocabulary) -> None:
    drawn = plain.encode("more")
    assert written(plain, drawn)[0].text == "more"
    assert written(plain, drawn, going_on=True)[0].text == " more"


def test_half_a_character_at_the_end_is_dropped_with_its_ids(plain: Vocabulary) -> None:
    drawn = plain.encode("ok 뷁")
    finished, _, _ = written(plain, drawn[:-1])
    assert finished.text == "ok "
    assert b"".join(map(plain.piece, finished.ids)).decode().strip() == "ok"


def test_an_answer_is_as_long_as_its_limit(plain: Vocabulary) -> None:
    finished, tokens, _ = written(plain, [300] * 50, options=AnswerOptions(max_tokens=7))
    assert (finished.ended, len(tokens)) == (Ended.LENGTH, 7)


def test_an_answer_never_leaves_its_room(plain: Vocabulary) -> None:
    finished, tokens, _ = written(plain, [300] * 50, room=5)
    assert (finished.ended, len(tokens)) == (Ended.LENGTH, 5)


def test_thoughts_in_control_tokens_are_not_shown_and_not_kept(thinker: Vocabulary) -> None:
    drawn = ids_of(thinker, "[THINK]|secret|[/THINK]|open")
    finished, _, told = written(thinker, drawn, CONTROL_MARKS)
    assert finished.text == "open"
    assert finished.ids == tuple(thinker.encode("open"))
    assert "secret" not in "".join(told)
    assert "(thinking)" in told


def test_thoughts_that_are_opened_again_are_not_shown_either(thinker: Vocabulary) -> None:
    drawn = ids_of(thinker, "[THINK]|one|[/THINK]|[THINK]|two|[/THINK]|open")
    assert written(thinker, drawn, CONTROL_MARKS)[0].text == "open"


def test_thoughts_in_text_are_not_shown(plain: Vocabulary) -> None:
    drawn = plain.encode("<think>secret</think>\n\nopen")
    finished, _, _ = written(plain, drawn, TEXT_MARKS)
    assert finished.text == "open"


def test_thoughts_that_grow_too_long_are_closed_with_the_whole_mark(plain: Vocabulary) -> None:
    closing = plain.encode("</think>\n\n")
    drawn = plain.encode("a very long thought about it") + plain.encode("open")
    options = AnswerOptions(think_tokens=3)
    finished, tokens, _ = written(plain, drawn, TEXT_MARKS, options=options, thinking=True)
    assert tokens[3 : 3 + len(closing)] == closing
    assert finished.text.endswith("open")


def test_closing_a_mark_of_one_token_is_followed_by_nothing_that_is_not_drawn(
    thinker: Vocabulary,
) -> None:
    drawn = ids_of(thinker, "[THINK]|one two three four|")
    options = AnswerOptions(think_tokens=3)
    _, tokens, _ = written(thinker, drawn, CONTROL_MARKS, options=options)
    assert tokens[3] == thinker.control["[/THINK]"]
    assert tokens[4:] == drawn[3:]


def test_a_model_that_would_end_inside_its_thoughts_is_made_to_answer(plain: Vocabulary) -> None:
    thought, closing = plain.encode("hm"), plain.encode("</think>\n\n")
    _, tokens, _ = written(plain, thought, TEXT_MARKS, thinking=True)
    assert tokens == thought + closing


def test_thoughts_do_not_count_as_answer(plain: Vocabulary) -> None:
    drawn = plain.encode("<think>some thoughts</think>") + plain.encode("word") * 9
    options = AnswerOptions(max_tokens=4)
    finished, _, _ = written(plain, drawn, TEXT_MARKS, options=options)
    assert (finished.ended, len(finished.ids)) == (Ended.LENGTH, 4)


def test_a_word_like_a_mark_is_shown(plain: Vocabulary) -> None:
    assert written(plain, plain.encode("<thin> ice"), TEXT_MARKS)[0].text == "<thin> ice"
    assert written(plain, plain.encode("<thi"), TEXT_MARKS)[0].text == "<thi"


def test_thoughts_that_are_opened_again_after_their_limit_are_closed_again(
    thinker: Vocabulary,
) -> None:
    thought = thinker.encode("one two three four")
    opening, closing = thinker.control["[THINK]"], thinker.control["[/THINK]"]
    drawn = [opening, *thought[:2], opening, *thought, *thinker.encode("open")]
    options = AnswerOptions(think_tokens=3)
    _, tokens, _ = written(thinker, drawn, CONTROL_MARKS, options=options)
    assert tokens[3] == closing
    assert tokens[4:6] == [opening, closing]


def test_no_ids_are_kept_where_a_stop_string_ends_inside_a_token(plain: Vocabulary) -> None:
    drawn = plain.encode("one wonderful day")
    whole = written(plain, drawn)[0]
    cut = written(plain, drawn, options=AnswerOptions(stops=("nderful",)))[0]
    at_the_edge = written(plain, drawn, options=AnswerOptions(stops=(" day",)))[0]
    assert whole.ids == tuple(drawn)
    assert (cut.text, cut.ids) == ("one wo", ())
    assert at_the_edge.text == "one wonderful"
    assert at_the_edge.ids == tuple(drawn[:-1])


def test_writing_is_timed_from_the_first_token_on(
    plain: Vocabulary, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = ManualClock(100.0)
    monkeypatch.setattr("bot.generation.llama.draft.time.monotonic", clock)
    draft = Draft(plain, None, AnswerOptions(), room=9, thinking=False, going_on=False)
    clock.now += 17  # the prompt is read
    nothing = draft.finish(Ended.CUT, read=5).seconds
    token = draft.next_token(lambda: plain.encode("hello")[0])
    assert token is not None
    draft.take(token)
    clock.now += 5

    assert (nothing, draft.finish(Ended.CUT, read=5).seconds) == (0.0, 5.0)
