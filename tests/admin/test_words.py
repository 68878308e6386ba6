from functools import partial

import pytest

from bot.admin import words
from bot.phrases import Phrasebook

BOOK = Phrasebook.load()
EN, KO = (partial(BOOK.say, language) for language in ("en", "ko"))
DAY = 24 * 3600.0


@pytest.mark.parametrize(
    ("seconds", "english", "korean"),
    [
        (-500.0, "just now", "방금"),
        (0.0, "just now", "방금"),
        (59.9, "just now", "방금"),
        (60.0, "1 min ago", "1분 전"),
        (3599.0, "59 min ago", "59분 전"),
        (3600.0, "1 h ago", "1시간 전"),
        (DAY - 1, "23 h ago", "23시간 전"),
        (DAY, "1 d ago", "1일 전"),
        (400 * DAY, "400 d ago", "400일 전"),
    ],
)
def test_how_long_ago_is_said_in_the_largest_unit(
    seconds: float, english: str, korean: str
) -> None:
    assert words.age(EN, 10_000.0, 10_000.0 - seconds) == english
    assert words.age(KO, 10_000.0, 10_000.0 - seconds) == korean


def test_what_never_was_is_said_so() -> None:
    assert words.age(EN, 1.0, None) == "never"


def test_figures_have_their_thousands_apart() -> None:
    assert words.figure(1234567) == "1,234,567"
    assert words.megabytes(1_234_567_890) == "1,234.6 MB"
    assert words.megabytes(40_960) == "0.0 MB"


@pytest.mark.parametrize(
    ("stored", "said"),
    [(None, "default"), ("", "none"), ("custom", "its own instructions"), ("coder", "coder")],
)
def test_personas_are_called_by_name_or_by_what_they_are(stored: str | None, said: str) -> None:
    assert words.persona(EN, stored) == said


@pytest.mark.parametrize("given", ["owner", "admin", "member", "blocked", None])
def test_every_role_has_a_word(given: str | None) -> None:
    assert words.role(EN, given) == given or "none"
    assert words.role(KO, given) != words.role(EN, given)


def test_who_it_is_is_said_by_name_and_by_what_commands_call_them() -> None:
    assert words.who("Mina", "telegram:5") == "Mina (telegram:5)"
    assert words.who("", "telegram:5") == "telegram:5"
    assert words.named(EN, "") == "(no name)"
    assert words.named(EN, "Mina") == "Mina"
