import pytest

from bot.delivery.outlet import Button
from bot.platforms.pressing import ButtonPressed, Chosen, button_data, parse


@pytest.mark.parametrize("button", Button)
def test_a_button_comes_back_from_what_it_carries(button: Button) -> None:
    assert button_data(button, 17) == f"{button}:17"
    assert parse(button_data(button, 2**53)) == ButtonPressed(button, 2**53)


def test_a_choice_is_the_command_that_it_carries() -> None:
    assert parse("/persona coder") == Chosen("/persona coder")


@pytest.mark.parametrize(
    "data",
    [
        *(None, "", "stop", "stop:", "stop:x", "stop:-1", "stop:1:2", "sing:17", "STOP:17"),
        *("stop:17\n", "stop:٣", "stop:" + "9" * 19, "persona coder"),
    ],
)
def test_what_is_not_ours_says_nothing(data: str | None) -> None:
    assert parse(data) is None
