import pytest

from bot.errors import TemplateError
from bot.prompt.sentinels import Kept, Said, Sentinels, Written


def test_what_is_hidden_comes_back_in_its_place() -> None:
    sentinels = Sentinels()
    first, second = sentinels.hide("<s> hi"), sentinels.hide_ids((5, 6))

    assert "hi" not in first
    assert sentinels.reveal(f"a{first}b{second}c") == [
        Written("a"),
        Said("<s> hi"),
        Written("b"),
        Kept((5, 6)),
        Written("c"),
    ]


def test_the_order_may_change() -> None:
    sentinels = Sentinels()
    first, second = sentinels.hide("one"), sentinels.hide("two")

    assert sentinels.reveal(second + first)[1::2] == [Said("two"), Said("one")]


def test_blanks_around_a_text_can_be_trimmed() -> None:
    sentinels = Sentinels()
    hidden = sentinels.hide("\n  hi there\t")

    assert hidden.startswith("\n  ")
    assert hidden.endswith("\t")
    assert sentinels.reveal(hidden.strip()) == [Written(""), Said("hi there"), Written("")]


@pytest.mark.parametrize("blank", ["", " ", "\n\t　"])
def test_a_text_of_blanks_stays_as_it_is(blank: str) -> None:
    sentinels = Sentinels()

    assert sentinels.hide(blank) == blank
    assert sentinels.reveal("x") == [Written("x")]


def test_many_texts_are_told_apart() -> None:
    sentinels = Sentinels()
    hidden = [sentinels.hide(f"text {number}") for number in range(12)]

    said = sentinels.reveal("".join(hidden))[1::2]
    assert said == [Said(f"text {number}") for number in range(12)]


@pytest.mark.parametrize("rendered", ["", "{0}", "{0}{1}{1}"])
def test_a_sentinel_missing_or_there_twice_is_an_error(rendered: str) -> None:
    sentinels = Sentinels()
    hidden = [sentinels.hide("one"), sentinels.hide("two")]

    with pytest.raises(TemplateError, match="loses, changes or repeats"):
        sentinels.reveal(rendered.format(*hidden))
