"""What can be pressed below a message, and what a press says.

Buttons below an answer carry their exchange (``stop:17``) and so outlive a restart. A choice
carries the command that it stands for (``/persona coder``).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.constants import InlineKeyboardButtonLimit

from bot.delivery.outlet import Button, Say
from bot.reply import Choice

_A_ROW = 2
"""Choices beside each other: their labels stay readable on a phone."""

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


def buttons_below(
    buttons: Sequence[Button], exchange_id: int, say: Say
) -> InlineKeyboardMarkup | None:
    """Return buttons for the answer of an exchange, in one row; None where there are none."""
    row = [
        InlineKeyboardButton(say(f"button.{button}"), callback_data=f"{button}:{exchange_id}")
        for button in buttons
    ]
    return InlineKeyboardMarkup([row]) if row else None


def choices_below(choices: Sequence[Choice]) -> InlineKeyboardMarkup | None:
    """Return choices, two a row; those whose command is over 64 bytes are left out."""
    keys = [
        InlineKeyboardButton(choice.label, callback_data=choice.command)
        for choice in choices
        if len(choice.command.encode()) <= InlineKeyboardButtonLimit.MAX_CALLBACK_DATA
    ]
    rows = [keys[first : first + _A_ROW] for first in range(0, len(keys), _A_ROW)]
    return InlineKeyboardMarkup(rows) if rows else None


def parse(data: str | None) -> ButtonPressed | Chosen | None:
    """Return what a press says; None where it says nothing of ours."""
    if data and data.startswith("/"):
        return Chosen(data)
    pressed = _PRESSED.fullmatch(data or "")
    if pressed is None or pressed[1] not in list(Button):
        return None
    return ButtonPressed(Button(pressed[1]), int(pressed[2]))
