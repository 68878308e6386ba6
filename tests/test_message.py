import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.outlet import Button
from bot.message import Author, ChatKey, Incoming, Platform, Press, Visitor

HOME = ChatKey(Platform.TERMINAL, "home")
MINA = Author("7", "Mina")


def test_decomposed_hangul_is_composed() -> None:
    assert Incoming(HOME, MINA, "\u1112\u1161\u11ab\u1100\u1173\u11af").text == "한글"


def test_composed_text_stays_as_it_is() -> None:
    text = "한글 é ﬁ ① \u00a0 👍🏽\n"

    assert Incoming(HOME, MINA, text).text == text


@given(st.text())
def test_composing_twice_changes_nothing(text: str) -> None:
    once = Incoming(HOME, MINA, text).text

    assert Incoming(HOME, MINA, once).text == once


def test_a_message_cannot_be_changed() -> None:
    incoming = Incoming(HOME, MINA, "hi")

    with pytest.raises(AttributeError):
        incoming.text = "bye"  # type: ignore[misc] # this is what must fail


def test_a_chat_is_known_by_platform_and_native_id() -> None:
    assert str(HOME) == "terminal:home"
    assert ChatKey(Platform.TERMINAL, "home") == HOME
    assert ChatKey(Platform.DISCORD, "home") != HOME


def test_a_message_and_a_press_tell_who_is_where() -> None:
    incoming = Incoming(HOME, MINA, "hi", "group", "Family")
    press = Press(HOME, "group", MINA, Button.STOP, 1)

    assert incoming.visitor == Visitor(HOME, "group", MINA, "Family")
    assert press.visitor == Visitor(HOME, "group", MINA)


def test_nobody_manages_a_place_of_whom_nothing_is_told() -> None:
    assert not Incoming(HOME, MINA, "hi", "group").manages
