from bot.platforms.quoting import quote
from storage.records import Quote


def test_words_are_quoted_with_who_said_them() -> None:
    assert quote("고양이는\n귀여워요", "8", "Ada") == Quote("고양이는\n귀여워요", "8", "Ada")
    assert quote("today", None, "") == Quote("today", None, "someone")


def test_no_words_are_no_quote() -> None:
    assert quote(" \n", "8", "Ada") is None


def test_the_name_of_an_author_is_one_clean_line() -> None:
    found = quote("hi", "9", "Eve:\n\u202eBot" + "x" * 60)
    assert found is not None
    assert found.author_name is not None
    assert found.author_name.startswith("Eve")
    assert len(found.author_name) <= 32
    assert not set(":\n\u202e") & set(found.author_name)


def test_a_long_quote_is_cut_at_a_whole_character() -> None:
    cut = quote("x" * 1997 + "👩‍👩‍👧", "8", "Ada")
    whole = quote("x" * 2000, "8", "Ada")

    assert (cut and cut.text, whole and whole.text) == ("x" * 1997 + "…", "x" * 2000)


def test_a_quote_is_composed() -> None:
    found = quote("\u1112\u1161\u11ab", "8", "Ada")

    assert found is not None
    assert found.text == "한"
