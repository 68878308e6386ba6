"""The passing line that says what happens before an answer begins."""

import math

from bot.delivery.outlet import Say
from bot.delivery.stream import Phase, Snapshot

_NOTICEABLE_SECONDS = 1.5
_LONG_TOKENS = 64
"""Reading that has not been measured yet counts as long from here: seconds on a small CPU."""
_ROUGHLY = 5
"""Estimates of a minute and more are not good to the second: they are told in such steps."""


def progress_line(snapshot: Snapshot, say: Say) -> str | None:
    """Return the line for a moment of an answer; None where it is not worth one."""
    match snapshot.phase:
        case Phase.WAITING | Phase.ANSWERING if snapshot.ahead:  # an answer may be parked
            return say("progress.paused") if snapshot.paused else _waiting(snapshot, say)
        case Phase.WAITING if snapshot.paused:
            return say("progress.paused")
        case Phase.LOADING:
            return say("progress.loading")
        case Phase.READING if _takes_long(snapshot):
            return _reading(snapshot, say)
        case Phase.THINKING:
            return say("progress.thinking", seconds=int(snapshot.thinking_seconds))
        case _:
            return None


def _waiting(snapshot: Snapshot, say: Say) -> str:
    if snapshot.seconds_left is None:
        return say("progress.waiting_unmeasured", ahead=snapshot.ahead)
    seconds = max(_ROUGHLY, _ROUGHLY * round(snapshot.seconds_left / _ROUGHLY))
    return say("progress.waiting", ahead=snapshot.ahead, seconds=seconds)


def _takes_long(snapshot: Snapshot) -> bool:
    if snapshot.seconds_left is None:
        return snapshot.to_read - snapshot.read >= _LONG_TOKENS
    return snapshot.seconds_left > _NOTICEABLE_SECONDS


def _reading(snapshot: Snapshot, say: Say) -> str:
    percent = 100 * snapshot.read // max(1, snapshot.to_read)
    if snapshot.seconds_left is None:
        return say("progress.reading_unmeasured", percent=percent)
    return say("progress.reading", percent=percent, seconds=math.ceil(snapshot.seconds_left))
