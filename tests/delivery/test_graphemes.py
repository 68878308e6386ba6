import pytest

from bot.delivery.graphemes import is_boundary

WHOLE = (
    "e\u0301",
    "\u1112\u1161\u11ab",  # jamo of 한
    "하\u11ab",
    "각\u11a8",
    "\u1100\u1100\u1161",
    "👩‍👩‍👧‍👦",
    "👍🏽",
    "❤️",
    "🇰🇷",
    "🏴\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f",
    "1️⃣",
    "ｶﾞ",
    "का",
    "\r\n",
    "\ud83d\ude00",
)


@pytest.mark.parametrize("character", WHOLE)
def test_a_visible_character_of_several_code_points_is_not_cut(character: str) -> None:
    text = f"a{character}b"
    boundaries = [index for index in range(len(text) + 1) if is_boundary(text, index)]

    assert boundaries == [0, 1, 1 + len(character), 2 + len(character)]


@pytest.mark.parametrize("text", ["ab", "가나", "각가", "👍👎", "日本", "a\n", "\u11a8\u1100"])
def test_separate_characters_may_be_cut(text: str) -> None:
    assert is_boundary(text, 1)


def test_flags_are_kept_in_pairs() -> None:
    text = "🇰🇷🇺🇸🇯🇵"

    assert [is_boundary(text, index) for index in range(7)] == [True, False] * 3 + [True]
