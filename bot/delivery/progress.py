"""The passing line that says what the model does before it begins to answer."""

import math
from collections.abc import Callable

from bot.delivery.stream import Phase, Snapshot

Say = Callable[..., str]
"""A key and its fields to a phrase, in the language of the chat: ``Phrasebook.say`` with one."""

_NOTICEABLE_SECONDS = 1.5
_LONG_TOKENS = 64
"""Reading that has not been measured yet counts as long from here: seconds on a small CPU."""


def progress_line(snapshot: Snapshot, say: Say) -> str | None:
    """Return the line for a moment of an answer; None where it is not worth one."""
    match snapshot.phase:
        case Phase.WAITING if snapshot.ahead:
            return say("terminal.waiting", ahead=snapshot.ahead)
        case Phase.READING if _takes_long(snapshot):
            return _reading(snapshot, say)
        case Phase.THINKING:
            return say("terminal.thinking", seconds=int(snapshot.thinking_seconds))
        case _:
            return None


def _takes_long(snapshot: Snapshot) -> bool:
    if snapshot.seconds_left is None:
        return snapshot.to_read - snapshot.read >= _LONG_TOKENS
    return snapshot.seconds_left > _NOTICEABLE_SECONDS


def _reading(snapshot: Snapshot, say: Say) -> str:
    percent = 100 * snapshot.read // max(1, snapshot.to_read)
    if snapshot.seconds_left is None:
        return say("terminal.reading_unmeasured", percent=percent)
    return say("terminal.reading", percent=percent, seconds=math.ceil(snapshot.seconds_left))
