from bot.platforms.lengths import utf16_length


def test_length_is_counted_in_utf16() -> None:
    assert [utf16_length(text) for text in ("", "a", "가", "👍", "👩‍👧")] == [0, 1, 1, 2, 5]
