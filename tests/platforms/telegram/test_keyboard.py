import pytest

from bot.delivery.outlet import Button
from bot.phrases import Phrasebook
from bot.platforms.pressing import ButtonPressed, Chosen, parse
from bot.platforms.telegram.keyboard import buttons_below, choices_below
from bot.reply import Choice


def say(key: str, **fields: object) -> str:
    return Phrasebook.load().say("ko", key, **fields)


def test_buttons_stand_in_one_row_and_carry_their_exchange() -> None:
    keyboard = buttons_below([Button.RETRY, Button.CONTINUE], 17, say)
    assert keyboard is not None
    shown = [[(key.text, key.callback_data) for key in row] for row in keyboard.inline_keyboard]
    assert shown == [[("다시 답하기", "retry:17"), ("이어서 쓰기", "continue:17")]]


@pytest.mark.parametrize("button", Button)
def test_a_button_comes_back_from_what_it_carries(button: Button) -> None:
    keyboard = buttons_below([button], 2**53, say)
    assert keyboard is not None
    data = keyboard.inline_keyboard[0][0].callback_data
    assert isinstance(data, str)
    assert parse(data) == ButtonPressed(button, 2**53)


def test_no_buttons_are_no_keyboard() -> None:
    assert buttons_below([], 17, say) is None
    assert choices_below([]) is None


def test_choices_stand_two_a_row_and_come_back_as_commands() -> None:
    keyboard = choices_below([Choice(f"이름 {n}", f"/persona {n}") for n in range(5)])
    assert keyboard is not None
    rows = keyboard.inline_keyboard
    assert [len(row) for row in rows] == [2, 2, 1]
    assert [key.text for row in rows for key in row] == [f"이름 {n}" for n in range(5)]
    assert [parse(str(key.callback_data)) for row in rows for key in row] == [
        Chosen(f"/persona {n}") for n in range(5)
    ]


def test_a_choice_that_telegram_cannot_carry_is_left_out() -> None:
    fits, too_long = "/persona " + "가" * 18 + "x", "/persona " + "가" * 18 + "xx"
    assert (len(fits.encode()), len(too_long.encode())) == (64, 65)
    keyboard = choices_below([Choice("a", too_long), Choice("b", fits)])
    assert keyboard is not None
    assert [[key.text for key in row] for row in keyboard.inline_keyboard] == [["b"]]
    assert choices_below([Choice("a", too_long)]) is None
