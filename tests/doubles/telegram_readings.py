"""Messages of Telegram, read."""

from bot.platforms.telegram.reading import Reading, read
from tests.doubles.telegram_messages import (
    ADA,
    DATE,
    GROUP,
    as_caption,
    me,
    message,
)

NAMES = ("오스트로",)
PHOTO = {"photo": as_caption({"text": ""})["photo"]}
FORWARD = {"type": "user", "sender_user": ADA, "date": DATE}


def reading(*, edited: bool = False, **fields: object) -> Reading | None:
    return read(message(**fields), me(), NAMES, "99", edited=edited)


def in_group(*, edited: bool = False, **fields: object) -> Reading | None:
    return reading(edited=edited, chat=GROUP, **fields)


def words(found: Reading | None) -> str | None:
    """Return the text that the dialogue is told; None: nothing."""
    return None if found is None or found.incoming is None else found.incoming.text
