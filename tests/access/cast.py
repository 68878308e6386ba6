"""Everybody of the table, what they do, and what they hear."""

from dataclasses import dataclass

from storage.records import PersonRole
from tests.access.table import Row

SPEED = 500.0
"""So many seconds of the bot's pace pass in one."""
WRONG = "A" * 22
"""A code that looks like one."""
NUMBERS = {
    "owner by settings": 11,
    "owner by role": 12,
    "owner by platform": 13,
    "admin": 14,
    "member": 15,
    "stranger": 16,
    "seen in a group": 17,
    "blocked": 18,
    "group admin": 19,
    "opener": 20,
    "hidden admin": 21,
    "channel": 22,
    "another bot": 23,
    "somebody else": 24,
    "another owner": 25,
}
"""What the platform calls everybody."""
ROLES = {
    "owner by role": PersonRole.OWNER,
    "admin": PersonRole.ADMIN,
    "member": PersonRole.MEMBER,
    "blocked": PersonRole.BLOCKED,
}
TARGET = "999"
"""Somebody about whom is decided, and who does nothing."""


@dataclass(frozen=True, slots=True)
class Heard:
    """Something that the bot said to somebody.

    Attributes:
        text: the words; empty where it is a file alone.
        alone: nobody else sees it.
    """

    text: str
    alone: bool
    file: str | None = None


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that somebody is to do, and did.

    Attributes:
        row: what the table says of it.
        words: what is said or pressed; empty for a question.
        message: the message that is edited, pressed or was said.
        press: the id of the press.
    """

    row: Row
    words: str
    message: int = 0
    press: str = ""
