from bot.delivery.ledger import NOTICE
from bot.delivery.outlet import Button
from bot.delivery.picture import Content, Part, finished, growing, notice
from tests.doubles.outlet import cut

STOP = (Button.STOP,)


def test_a_growing_answer_has_a_cursor_and_a_way_to_stop_it() -> None:
    assert growing("Hello, you there. And", cut) == {
        0: Part(Content("Hello, you there. And ▌", STOP), Content("Hello, you there.", STOP))
    }


def test_an_answer_without_its_first_sentence_is_not_sent_yet() -> None:
    part = growing("Hello, you", cut)[0]
    assert part is not None
    assert part.opening is None


def test_blanks_are_no_answer_yet() -> None:
    assert growing(" \n", cut) == {}


def test_parts_before_the_one_that_grows_are_complete() -> None:
    parts = growing("x" * 120, cut)
    assert parts[0] == Part(Content("x" * 100), Content("x" * 100))
    assert parts[1] == Part(Content("x" * 20 + " ▌", STOP), None)


def test_why_an_answer_does_not_grow_stands_behind_the_cursor() -> None:
    part = growing("Hello, you there. And", cut, "2 ahead")[0]
    assert part == Part(
        Content("Hello, you there. And ▌ 2 ahead", STOP), Content("Hello, you there.", STOP)
    )


def test_a_cursor_that_does_not_fit_is_left_out() -> None:
    part = growing("x" * 99, cut)[0]
    assert part is not None
    assert part.content.text == "x" * 99


def test_a_cursor_does_not_keep_a_block_of_code_from_closing() -> None:
    part = growing("```\nprint(1)\n```", cut)[0]
    assert part is not None
    assert part.content.text == "```\nprint(1)\n```\n▌"


def test_a_long_last_state_is_sent_short_and_its_buttons_come_with_the_whole() -> None:
    text = "A first sentence. " + "x" * 300
    assert finished([text], STOP) == {0: Part(Content(text, STOP), Content("A first sentence."))}


def test_a_short_last_state_is_sent_whole() -> None:
    assert finished(["Done."], STOP) == {0: Part(Content("Done.", STOP), Content("Done.", STOP))}


def test_a_notice_is_sent_as_it_is() -> None:
    line = Content("reading", STOP)
    assert notice("reading", *STOP) == {NOTICE: Part(line, line)}
