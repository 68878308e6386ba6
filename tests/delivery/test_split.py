import re
from collections.abc import Callable
from zlib import crc32

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.delivery.graphemes import is_boundary
from bot.delivery.split import split
from tests.doubles import answers

PIECES = st.sampled_from(
    [
        "word ",
        "한국어예요. ",
        "Is it? ",
        "\n",
        "\n\n",
        "- item\n",
        "   ",
        "1. ",
        "```python\n",
        "```\n",
        "~~~\n",
        "````\n",
        "`x` ",
        "> quote\n",
        "> ```\n",
        "  ```js\n",
        "      ```\n",
        "      code\n",
        "| a | b |\n",
        "# head\n",
        "**bold** ",
        "👩‍👩‍👧‍👦",
        "🇰🇷",
        "e\u0301",
        "\u1112\u1161\u11ab",
        "長い。",
        "x" * 40,
    ]
)
TEXTS = st.lists(PIECES, max_size=40).map("".join)
WITHOUT_INFO = TEXTS.map(lambda text: text.replace("python", "").replace("js", ""))


def at_most(length: int) -> Callable[[str], bool]:
    return lambda text: len(text) <= length


def words(text: str) -> str:
    """All but blanks and what fences are made of."""
    return re.sub(r"[\s`~>]|python|markdown|js", "", text)


def paragraph(size: int) -> str:
    return ("word " * size)[: size - 1] + "."


# Where it is cut


def test_a_text_that_fits_stays_whole() -> None:
    assert split("  one\n\ntwo \n", at_most(100)) == ["  one\n\ntwo"]


@pytest.mark.parametrize("text", ["", " ", "\n\n \t\n"])
def test_a_blank_text_has_no_parts(text: str) -> None:
    assert split(text, at_most(10)) == []


def test_cuts_between_paragraphs_rather_than_lines() -> None:
    text = "one one\n\ntwo\ntwo two\nthree"

    assert split(text, at_most(20)) == ["one one", "two\ntwo two\nthree"]


def test_cuts_between_lines_rather_than_sentences() -> None:
    assert split("one one\ntwo. Two two two", at_most(18)) == ["one one", "two. Two two two"]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("안녕하세요. 저는 오스트로예요", ["안녕하세요.", "저는 오스트로예요"]),
        ("Really? (Yes.) I am one", ["Really? (Yes.)", "I am one"]),
        ("長い文です。次の文です", ["長い文です。", "次の文です"]),
        ("Take no. 3.5 apples please", ["Take no.", "3.5 apples please"]),
    ],
)
def test_cuts_between_sentences_rather_than_words(text: str, parts: list[str]) -> None:
    assert split(text, at_most(len(text) - 3)) == parts


def test_the_number_of_a_list_item_is_no_sentence() -> None:
    assert split("1234567. onetwo three", at_most(16)) == ["1234567. onetwo", "three"]


def test_cuts_between_words_rather_than_characters() -> None:
    assert split("onetwo threefour", at_most(12)) == ["onetwo", "threefour"]


def test_cuts_a_long_word() -> None:
    assert split("가" * 10, at_most(4)) == ["가" * 4, "가" * 4, "가" * 2]


def test_never_cuts_in_a_character() -> None:
    family = "👩‍👩‍👧‍👦"

    assert split(family * 3, at_most(len(family) + 3)) == [family] * 3
    assert split("ab。\u0301cd", at_most(4)) == ["ab。\u0301", "cd"]
    assert split("abcd \u0301ef", at_most(6)) == ["abcd \u0301", "ef"]


def test_a_character_that_does_not_fit_is_a_part_of_its_own() -> None:
    family = "👩‍👩‍👧‍👦"

    assert split(f"{family}ab{family}", at_most(3)) == [family, "ab", family]


def test_a_paragraph_break_that_leaves_a_short_part_is_passed_over() -> None:
    text = "hi\n\n" + "word " * 10

    assert split(text, at_most(30))[0] == "hi\n\nword word word word word"


def test_a_heading_goes_with_its_text() -> None:
    text = f"{paragraph(20)}\n\n# Head\n\n{paragraph(20)}"

    assert split(text, at_most(40)) == [paragraph(20), f"# Head\n\n{paragraph(20)}"]


def test_a_heading_after_a_line_is_a_good_place_to_cut() -> None:
    text = f"{paragraph(15)}\n\n{paragraph(10)}\n# Head\n{paragraph(20)}"

    assert split(text, at_most(40))[0] == f"{paragraph(15)}\n\n{paragraph(10)}"


def test_an_item_of_several_paragraphs_is_rather_left_whole() -> None:
    text = "- one one one\n\n- two two\n\n  two two\n- three"

    assert split(text, at_most(34))[0] == "- one one one"


def test_a_table_is_cut_between_rows_if_at_all() -> None:
    table = "| one one | two |\n|---|---|\n| three four | five |"
    intro = "Some words before it:\n"

    assert split(intro + table, at_most(60)) == [intro.strip(), table]
    assert split(table, at_most(36)) == ["| one one | two |\n|---|---|", "| three four | five |"]


def test_a_nested_list_is_rather_cut_before_an_outer_item() -> None:
    text = "- one one one one\n- two two\n  - inner inner\n  - inner"

    assert split(text, at_most(44)) == ["- one one one one", text[18:]]


def test_a_text_is_rather_cut_before_code_than_in_it() -> None:
    text = f"{paragraph(20)}\n{paragraph(20)}\n```\ncode\n\ncode\n```"

    assert split(text, at_most(56)) == [text[:41], "```\ncode\n\ncode\n```"]


# Fenced code


def test_code_that_is_cut_is_closed_and_opened_again_as_it_was() -> None:
    text = "```python title=x\none = 1\ntwo = 2\n```\nend"

    assert split(text, at_most(34)) == [
        "```python title=x\none = 1\n```",
        "```python title=x\ntwo = 2\n```\nend",
    ]


@pytest.mark.parametrize("mark", ["```", "~~~", "`````"])
def test_a_fence_is_closed_with_what_opened_it(mark: str) -> None:
    inner = "~~~" if mark == "```" else "```"
    text = f"{mark}\n{inner}\n" + "code\n" * 10 + mark
    parts = split(text, at_most(40))

    assert len(parts) > 1
    assert all(part.startswith(f"{mark}\n") and part.endswith(f"\n{mark}") for part in parts)


def test_code_with_blank_lines_is_cut_at_one() -> None:
    text = "```\none\ntwo\n\nthree\nfour\n```"

    assert split(text, at_most(24)) == ["```\none\ntwo\n```", "```\nthree\nfour\n```"]


def test_what_follows_closed_code_is_not_put_into_fences() -> None:
    assert split("```\ncode\n```\n\nafter all", at_most(14)) == ["```\ncode\n```", "after all"]


def test_a_cut_before_the_closing_fence_leaves_no_empty_code() -> None:
    assert split("```\n12345\n\n\n```\nafter", at_most(13)) == ["```\n12345\n```", "after"]


def test_no_empty_code_is_left_at_the_end_of_a_part() -> None:
    text = "before\n```\n" + "x" * 40

    assert split(text, at_most(28))[0] == f"before\n```\n{'x' * 13}\n```"


def test_blank_lines_at_the_beginning_of_code_do_not_make_it_worth_cutting() -> None:
    text = "be\n```" + "\n" * 12 + "x" * 40

    assert "x" in split(text, at_most(34))[0]


def test_sentences_in_code_are_no_better_than_words() -> None:
    text = "```\none two. three four five\n```"

    assert split(text, at_most(26))[0] == "```\none two. three\n```"


def test_a_line_that_may_still_open_code_is_cut_as_if_it_did() -> None:
    text = "```one two three four five"

    assert split(text, at_most(20))[0] == "```one two three fou"
    assert split(text + "` six", at_most(20))[0] == "```one two three fou"


def test_code_in_a_list_is_closed_there_and_goes_on_at_the_left_margin() -> None:
    text = "1. run\n   - it\n     ```sh\n     one\n       two\n     ```\n   - then"

    assert split(text, at_most(48)) == [
        "1. run\n   - it\n     ```sh\n     one\n     ```",
        "```sh\n  two\n```\n   - then",
    ]


def test_code_from_a_list_is_closed_at_the_left_margin_when_it_is_cut_again() -> None:
    code = "".join(f"       line {n}\n" for n in range(8))
    text = f"1. run\n   - it\n     ```sh\n{code}     ```"

    assert split(text, at_most(50)) == [
        "1. run\n   - it\n     ```sh\n       line 0\n     ```",
        "```sh\n  line 1\n  line 2\n  line 3\n  line 4\n```",
        "```sh\n  line 5\n  line 6\n  line 7\n```",
    ]


def test_code_beside_an_item_is_not_in_it() -> None:
    text = "- a\n ```\ncode one\ncode two\n ```"

    assert split(text, at_most(23)) == ["- a\n ```\ncode one\n ```", "```\ncode two\n```"]


def test_code_whose_list_is_in_the_part_before_moves_to_the_left_margin() -> None:
    text = "1. run\n   - it\n\n      ```sh\n      one\n      ```"

    assert split(text, at_most(32)) == ["1. run\n   - it", "```sh\none\n```"]


def test_code_in_a_quote_goes_on_in_a_quote() -> None:
    text = "> ```sh\n> one\n> two\n> three\n> ```"

    assert split(text, at_most(22)) == [
        "> ```sh\n> one\n> ```",
        "> ```sh\n> two\n> ```",
        "> ```sh\n> three\n> ```",
    ]


def test_code_ends_with_the_quote_or_the_item_that_it_is_in() -> None:
    for inside in ("> ```\n> code\n", "- ```\n  code\n"):
        assert split(inside + "after all", at_most(len(inside) + 8))[1] == "after all"


def test_backticks_in_a_line_and_deep_indents_open_nothing() -> None:
    assert split("```x``` one\ntwo three", at_most(12)) == ["```x``` one", "two three"]
    assert split("one\n    ```\ntwo three", at_most(12)) == ["one\n    ```", "two three"]


# What always holds


@given(TEXTS, st.integers(60, 120))
@example("```python\n" + "x" * 200, 60)
def test_every_part_fits_and_nothing_is_lost(text: str, limit: int) -> None:
    parts = split(text, at_most(limit))

    assert all(len(part) <= limit for part in parts)
    assert all(part.strip() for part in parts)
    assert words("".join(parts)) == words(text)


@given(TEXTS, st.integers(60, 120))
def test_while_a_text_grows_all_parts_but_the_last_stay(text: str, limit: int) -> None:
    before: list[str] = []
    for end in range(len(text) + 1):
        parts = split(text[:end], at_most(limit))
        assert parts[: len(before)] == before
        before = parts[:-1]


@given(
    st.lists(st.sampled_from(["👩‍👩‍👧‍👦", "🇰🇷", "e\u0301", "각", "하\u11ab", "x"])),
    st.integers(12, 30),
)
def test_cuts_stand_between_visible_characters(characters: list[str], limit: int) -> None:
    text = "".join(characters)
    position = 0
    for part in split(text, at_most(limit)):
        position += len(part)
        assert is_boundary(text, position)
    assert position == len(text)


@given(WITHOUT_INFO, st.integers(0, 5))
def test_ends_with_all_text_where_hardly_anything_fits(text: str, limit: int) -> None:
    assert words("".join(split(text, at_most(limit)))) == words(text)


@given(WITHOUT_INFO, st.integers(0, 2**32))
def test_ends_with_all_text_where_fitting_follows_no_rule(text: str, seed: int) -> None:
    parts = split(text, lambda part: crc32(part.encode(), seed) % 3 == 0)

    assert words("".join(parts)) == words(text)


@pytest.mark.parametrize("text", answers.ALL)
def test_a_long_answer_is_cut_in_few_tries(text: str) -> None:
    tries: list[str] = []

    def fits(part: str) -> bool:
        tries.append(part)
        return len(part) <= 1000

    parts = split(text, fits)

    assert len(parts) <= 2 + len(text) / 500
    assert len(tries) <= 25 * len(parts)
    assert words("".join(parts)) == words(text)
