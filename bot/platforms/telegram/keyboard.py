"""What can be pressed below a message; bot/platforms/pressing.py says what it carries."""

from collections.abc import Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.constants import InlineKeyboardButtonLimit

from bot.delivery.outlet import Button, Say
from bot.platforms.pressing import button_data
from bot.reply import Choice

_A_ROW = 2
"""Choices beside each other: their labels stay readable on a phone."""


def buttons_below(
    buttons: Sequence[Button], exchange_id: int, say: Say
) -> InlineKeyboardMarkup | None:
    """Return buttons for the answer of an exchange, in one row; None where there are none."""
    row = [
        InlineKeyboardButton(
            say(f"button.{button}"), callback_data=button_data(button, exchange_id)
        )
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
