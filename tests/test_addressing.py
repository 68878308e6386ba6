import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.addressing import addressed

NAMES = ("ostro", "오스트로")


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("ostro", ""),
        ("ostro what is up?", "what is up?"),
        ("OSTRO, Hi", "Hi"),
        ("  ostro hi", "hi"),
        ("\nostro: hi", "hi"),
        ("ostro! ostro!", "ostro!"),
        ("ostro?!", ""),
        ("ostro \n ", ""),
        ("ostro ?? !", ""),
        ("ostro... are you there", "are you there"),
        ("ostro… hi", "hi"),
        ("ostro;hi", "hi"),
        ("ostro , hi", "hi"),
        ("오스트로 안녕", "안녕"),
        ("오스트로,안녕", "안녕"),
        ("오스트로야 안녕?", "안녕?"),
        ("오스트로야", ""),
        ("오스트로야!", ""),
        ("오스트로야~~ 뭐해", "뭐해"),
        ("오스트로님, 도와주세요", "도와주세요"),
        ("오스트로씨 계세요", "계세요"),
        ("오스트로아 밥", "밥"),
        ("ostro야 안녕", "안녕"),
        ("오스트로、こんにちは", "こんにちは"),
        ("오스트로　안녕", "안녕"),
        ("오스트로。안녕", "안녕"),
        ("오스트로！ 안녕", "안녕"),
        ("오스트로.안녕", "안녕"),
    ],
)
def test_who_calls_the_bot_is_told_what_follows(text: str, rest: str) -> None:
    assert addressed(text, NAMES) == rest


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "hi", "hi ostro", "the ostro is good", '"ostro" is good', "@ostro hi", "/ostro"),
        *("ostrobot", "ostro's", "ostro’s", "ostro-x", "ostro_x", "ostro2", "ostro.py is broken"),
        *("ostro.io", "ostro/x", "ostros hi", "ostr o"),
        *(
            "오스트로는 좋다",
            "오스트로가 그랬어",
            "오스트로를 봐",
            "오스트로야말로",
            "오스트로님은",
        ),
        *("오스트로씨가", "오스트로아이", "오스트로에게 물어봐", "오스트로지", "오스트"),
    ],
)
def test_who_speaks_of_it_or_of_something_else_does_not_call(text: str) -> None:
    assert addressed(text, NAMES) is None


def test_line_breaks_and_the_indentation_of_what_follows_stay() -> None:
    text = "ostro, explain:\n\n    def f():\n        return 1\n"

    assert addressed(text, NAMES) == "explain:\n\n    def f():\n        return 1\n"


def test_what_stands_below_the_name_begins_where_its_first_line_does() -> None:
    assert addressed("오스트로야\n\n    x = 1\n    y = 2", NAMES) == "    x = 1\n    y = 2"
    assert addressed("ostro: \n \nhi", NAMES) == "hi"


@pytest.mark.parametrize("said", ["~/bin is gone", ".env is gone", "...no", "?x", "- a\n- b"])
def test_what_belongs_to_the_next_word_is_no_separator(said: str) -> None:
    assert addressed(f"ostro {said}", NAMES) == said


def test_the_longest_name_counts() -> None:
    names = ("ostro", "ostro bot", "오스트로", "오스트로야")

    assert addressed("ostro bot, hi", names) == "hi"
    assert addressed("ostro bots, hi", names) == "bots, hi"
    assert addressed("오스트로야 안녕", names) == "안녕"
    assert addressed("오스트로야야 안녕", names) == "안녕"


def test_decomposed_hangul_is_the_same_name() -> None:
    taken_apart = unicodedata.normalize("NFD", "오스트로야 안녕")

    assert addressed(taken_apart, NAMES) == "안녕"
    assert addressed("오스트로야 안녕", [unicodedata.normalize("NFD", "오스트로")]) == "안녕"


def test_a_name_is_no_pattern() -> None:
    assert addressed("o.tro hi", ["o.tro"]) == "hi"
    assert addressed("ostro hi", ["o.tro"]) is None


@pytest.mark.parametrize("names", [(), ("",)])
def test_a_bot_without_names_is_never_called_by_one(names: tuple[str, ...]) -> None:
    assert addressed("ostro hi", names) is None
    assert addressed("", names) is None
    assert addressed(", hi", names) is None


@given(st.text(alphabet=" \n\t,.!?~:ostro오야abc", max_size=20))
def test_what_follows_is_an_end_of_what_was_said(said: str) -> None:
    rest = addressed(f"ostro {said}", NAMES)

    assert rest is not None
    assert rest == "" or said.endswith(rest)
    assert rest[:1] != "\n"


@given(st.text(max_size=20), st.sampled_from(["가", "x", "-", "'", "_", "9", "는"]))
def test_a_word_that_goes_on_is_never_a_call(said: str, on: str) -> None:
    assert addressed(f"ostro{on}{said}", ["ostro"]) is None
