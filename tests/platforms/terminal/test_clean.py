from itertools import pairwise

from bot.platforms.terminal.clean import one_line, printable, well_formed


def test_escape_sequences_lose_what_makes_them_work() -> None:
    assert printable("\x1b[31mred\x1b[0m \x1b]0;title\x07 \x9b2J") == "[31mred[0m ]0;title 2J"


def test_no_control_character_but_line_breaks_and_tabs_is_left() -> None:
    controls = "".join(map(chr, [*range(0x20), *range(0x7F, 0xA0)]))
    assert printable(controls) == "\t\n"


def test_words_in_any_script_stay_as_they_are() -> None:
    text = "안녕하세요 🙂 👩‍👩‍👧 café — “quotes”\u00a0\u200b"
    assert printable(text) == text


def test_the_beginning_of_a_text_becomes_the_beginning_of_its_result() -> None:
    text = "a\x1b[1m\r\n안\x85녕\x00"
    results = [printable(text[:end]) for end in range(len(text) + 1)]
    assert all(later.startswith(sooner) for sooner, later in pairwise(results))


def test_many_lines_become_one() -> None:
    assert one_line(ValueError(" broken:\n\tno such  file\n")) == "broken: no such file"


def test_what_an_encoding_cannot_hold_becomes_a_question_mark() -> None:
    assert well_formed("한\udcff") == "한?"
    assert well_formed("café 한국", "latin-1") == "café ??"
