"""What a press says, wherever it is made.

Buttons below an answer carry their exchange (``stop:17``) and so outlive a restart. A choice
carries the command that it stands for (``/persona coder``).
"""

import re
from dataclasses import dataclass

from bot.delivery.outlet import Button

_PRESSED = re.compile(r"([a-z]+):([0-9]{1,18})")
"""The digits are those that fit into a row id of SQLite: anybody can send any data."""


@dataclass(frozen=True, slots=True)
class ButtonPressed:
    """A button below the answer of an exchange."""

    button: Button
    exchange_id: int


@dataclass(frozen=True, slots=True)
class Chosen:
    """A choice: the same as giving the command."""

    command: str


def button_data(button: Button, exchange_id: int) -> str:
    """Return what a button below the answer of an exchange carries."""
    return f"{button}:{exchange_id}"


def parse(data: str | None) -> ButtonPressed | Chosen | None:
    """Return what a press says; None where it says nothing of ours."""
    if data and data.startswith("/"):
        return Chosen(data)
    pressed = _PRESSED.fullmatch(data or "")
    if pressed is None or pressed[1] not in list(Button):
        return None
    return ButtonPressed(Button(pressed[1]), int(pressed[2]))
