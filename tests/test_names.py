import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.names import MAX_NAME, clean_line, clean_name, cut_whole, shown_name

FAMILY = "👨‍👩‍👧‍👦"
SCOTLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
ODD = (
    ":：︓﹕∶꞉ː[]［］>＞`\u1fef\n\r\t\x00\x1b\x85\u2028\u2029\u200b\u200d\u202e\u2066\ufeff"
    "\u00ad\ud800\u3164\u0301\u0338"
)


def names() -> st.SearchStrategy[str]:
    pieces = st.sampled_from(
        [*ODD, "a", "Mina", "미", "\u1112\u1161\u11ab", " ", FAMILY, "🇰🇷", "👍🏽"]
    )
    return st.one_of(st.text(max_size=50), st.lists(pieces, max_size=50).map("".join))


@pytest.mark.parametrize(
    "name",
    [
        *("Mina", "김미나", "미나 🌸", "O'Brien-Smith, Jr. (he)", "José Ñandú", "Дмитрий", "محمد"),
        *("さくら", "नमस्ते", "ไทยแลนด์", "שָׁלוֹם", FAMILY, "👩🏽‍🚀", "🇰🇷🇫🇷", "☕️", "🏳️‍🌈", "1️⃣"),
    ],
)
def test_a_name_that_does_no_harm_stays_as_it_is(name: str) -> None:
    assert clean_name(name) == name


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("Alice: hi", "Alice hi"),
        ("관리자：확인", "관리자 확인"),
        *((f"a{colon}b", "a b") for colon in "︓﹕∶꞉ː˸׃։⁚ꓽ⩴"),
        ("Alice\nBob\r\nEve\u2028Mal\u2029l\x0bory\x85x", "Alice Bob Eve Mal l ory x"),
        ("  too \t many　blanks \xa0", "too many blanks"),
        ("[in reply to Bob]", "in reply to Bob"),
        ("［표시］", "표시"),
        ("> quoted", "quoted"),
        ("```code`` \u1fef", "code"),
        ("\u202eecilA\u202c \u2066x\u2069 \u200ey", "ecilA x y"),
        ("zero\u200bwidth\ufeff soft\u00adhyphen", "zerowidth softhyphen"),
        ("not\u200djoined \u200d👩", "notjoined 👩"),
        ("a\u200d👩 👩\u200da", "a👩 👩a"),
        ("half \ud83d\udc4d a pair", "half a pair"),
        ("private \ue000", "private"),
        ("e\u200b\u0301", "é"),
        (unicodedata.normalize("NFD", "한글 é"), "한글 é"),
    ],
)
def test_what_could_pass_for_a_mark_or_another_line_goes(name: str, clean: str) -> None:
    assert clean_name(name) == clean


@pytest.mark.parametrize(
    "name",
    ["", "  ", "\n", ":", "：：", "[]", "ㅤ", "\u2800", "\u200b", "\u202e", "\u0301\u0301", "\u200d"],
)
def test_somebody_without_a_name_is_someone(name: str) -> None:
    assert clean_name(name) == "someone"


def test_marks_that_cover_other_lines_are_thinned_out() -> None:
    zalgo = "".join(letter + "\u0321\u0338\u035c\u0360\u0489" * 9 for letter in "Zalgo")

    clean = clean_name(zalgo)

    assert [one for one in clean if unicodedata.category(one)[0] != "M"] == list("Zalgo")
    assert len(clean) == 5 * (1 + 3)


@pytest.mark.parametrize(
    ("one", "kept"),
    [
        ("한", 32),
        ("𝕏", 32),
        (FAMILY, 4),
        ("🇰🇷", 16),
        ("👍🏽", 16),
        ("ᄒᆞᆫ", 10),  # an old syllable that form C has no single letter for
        ("\u1100\ud7b0\ud7cb", 10),  # another, of letters added later
        ("क्षि", 8),
    ],
)
def test_a_long_name_is_cut_between_characters(one: str, kept: int) -> None:
    assert clean_name(one * 40) == one * kept
    assert clean_name(f"a{one * 40}").removeprefix("a") == one * (31 // len(one))


def test_a_cut_leaves_no_blank_at_the_end() -> None:
    assert clean_name(f"{'a' * 31} bcd") == "a" * 31


def test_what_joins_to_a_letter_does_not_join_to_a_blank() -> None:
    assert cut_whole("क् क", 2) == "क्"


def test_a_flag_of_many_letters_is_not_cut() -> None:
    assert cut_whole(f"a{SCOTLAND}", 4) == "a"
    assert cut_whole(f"a{SCOTLAND}b", 8) == f"a{SCOTLAND}"


@pytest.mark.parametrize(
    ("text", "limit", "kept"), [("", 3, ""), ("abc", 0, ""), ("abc", 9, "abc")]
)
def test_a_short_text_is_not_cut_and_nothing_is_kept_of_none(
    text: str, limit: int, kept: str
) -> None:
    assert cut_whole(text, limit) == kept


@given(names())
@example("A" + "\u0301" * 40)
@example(f"{FAMILY * 3}\u200d" * 9)
def test_every_name_is_one_short_harmless_line(name: str) -> None:
    clean = clean_name(name)

    assert 0 < len(clean) <= MAX_NAME
    assert len(clean.splitlines()) == 1
    assert clean == " ".join(clean.split())
    assert not set(":：[]>`") & set(unicodedata.normalize("NFKC", clean))
    assert unicodedata.is_normalized("NFC", clean)
    assert {unicodedata.category(one) for one in clean.replace("\u200d", "")}.isdisjoint(
        {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    )
    assert unicodedata.category(clean[0])[0] != "M"
    assert clean_name(clean) == clean


@given(st.text(max_size=30), st.integers(0, 40))
def test_a_cut_keeps_a_beginning_that_is_not_too_long(text: str, limit: int) -> None:
    kept = cut_whole(text, limit)

    assert text.startswith(kept)
    assert len(kept) <= limit


def test_other_lines_may_be_longer_and_may_be_empty() -> None:
    name = "2025년 상반기 매출 보고서 최종 진짜 최종 수정본.csv"

    assert clean_line(name, 64) == name
    assert clean_line("\n:", 64) == ""


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Mina\n/clear //all", "Mina clear all"),
        ("either/or / 1/2", "either/or / 1/2"),
        ("/" * 50 + "new", "/" * 40),
        ("x" * 41, "x" * 40),
        ("", ""),
    ],
)
def test_admins_are_shown_one_line_of_a_phone_with_no_command_to_press(
    name: str, shown: str
) -> None:
    assert shown_name(name) == shown
