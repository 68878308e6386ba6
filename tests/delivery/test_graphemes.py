import pytest

from bot.delivery.graphemes import boundary_before, is_boundary

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
    "क्षि",
    "\u1100\ud7b0\ud7cb",  # an old syllable, of letters added later
    "\r\n",
    "\ud83d\ude00",
)


@pytest.mark.parametrize("character", WHOLE)
def test_a_visible_character_of_several_code_points_is_not_cut(character: str) -> None:
    text = f"a{character}b"
    boundaries = [index for index in range(len(text) + 1) if is_boundary(text, index)]

    assert boundaries == [0, 1, 1 + len(character), 2 + len(character)]


@pytest.mark.parametrize(
    "text", ["ab", "가나", "각가", "👍👎", "日本", "a\n", "\u11a8\u1100", "क् क"[1:], "कक"]
)
def test_separate_characters_may_be_cut(text: str) -> None:
    assert is_boundary(text, 1)


def test_flags_are_kept_in_pairs() -> None:
    text = "🇰🇷🇺🇸🇯🇵"

    assert [is_boundary(text, index) for index in range(7)] == [True, False] * 3 + [True]


@pytest.mark.parametrize(("position", "boundary"), [(0, 0), (1, 1), (2, 1), (3, 1), (4, 4), (5, 5)])
def test_the_boundary_before_a_position_is_never_in_a_character(
    position: int, boundary: int
) -> None:
    assert boundary_before("aक्षb", position) == boundary
