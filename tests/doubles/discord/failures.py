"""How Discord, or the way to it, can fail."""

from collections.abc import Callable

from tests.doubles.discord import wire
from tests.doubles.discord.request import Call
from tests.doubles.discord.wire import RefusalError
from tests.doubles.discord.writing import ARCHIVED, REFUSED
from tests.doubles.loopback.failures import Failure, Way, lost, proxy_page, reset, silence

__all__ = [
    "CHANNEL_GONE",
    "INTERACTION_GONE",
    "INVALID",
    "MESSAGE_GONE",
    "MISSING_ACCESS",
    "MISSING_PERMISSIONS",
    "OLD_MESSAGE_EDITED_TOO_OFTEN",
    "PERSON_REFUSES",
    "THREAD_ARCHIVED",
    "UNAUTHORIZED",
    "Failure",
    "Way",
    "When",
    "lost",
    "proxy_page",
    "rate_limited",
    "reset",
    "server_error",
    "silence",
]

When = Callable[[Call], bool]


def rate_limited(retry_after: float, *, everywhere: bool = False) -> Failure:
    """Too many requests; seconds of the client."""
    return Failure(Way.REFUSED, wire.limited(retry_after, everywhere=everywhere))


def server_error(status: int = 500) -> Failure:
    """Discord itself failed. discord.py tries 500, 502 and 504 again, the others not."""
    return Failure(Way.REFUSED, RefusalError(status, 0, f"{status}: Internal Server Error"))


def _refused(refusal: RefusalError) -> Failure:
    return Failure(Way.REFUSED, refusal)


UNAUTHORIZED = _refused(wire.UNAUTHORIZED)
MISSING_ACCESS = _refused(wire.MISSING_ACCESS)
MISSING_PERMISSIONS = _refused(wire.MISSING_PERMISSIONS)
CHANNEL_GONE = _refused(wire.UNKNOWN_CHANNEL)
MESSAGE_GONE = _refused(wire.UNKNOWN_MESSAGE)
INTERACTION_GONE = _refused(wire.UNKNOWN_INTERACTION)
PERSON_REFUSES = _refused(REFUSED)
THREAD_ARCHIVED = _refused(ARCHIVED)
OLD_MESSAGE_EDITED_TOO_OFTEN = _refused(
    RefusalError(
        400,
        30046,
        "Maximum number of edits to messages older than 1 hour reached. Try again later.",
    )
)
INVALID = _refused(wire.invalid("content", "UNKNOWN", "something is wrong with it"))
