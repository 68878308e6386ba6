"""How Discord, or the way to it, can fail, and when it is to."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto

from tests.doubles.discord import wire
from tests.doubles.discord.request import Call
from tests.doubles.discord.wire import RefusalError
from tests.doubles.discord.writing import ARCHIVED, REFUSED

When = Callable[[Call], bool]


class Way(Enum):
    """What the client sees of a failure."""

    REFUSED = auto()  # an answer of Discord
    PAGE = auto()  # a page of a proxy, not JSON
    SILENCE = auto()  # no answer until ``release``
    CUT = auto()  # the connection breaks


@dataclass(frozen=True, slots=True)
class Failure:
    """One way to fail.

    Attributes:
        way: what the client sees.
        refusal: the answer, for ``REFUSED``; its status, for ``PAGE``.
        acts: what was asked is done all the same.
    """

    way: Way
    refusal: RefusalError = field(default_factory=lambda: RefusalError(502, 0, "Bad Gateway"))
    acts: bool = False


def rate_limited(retry_after: float, *, everywhere: bool = False) -> Failure:
    """Too many requests; seconds of the client."""
    return Failure(Way.REFUSED, wire.limited(retry_after, everywhere=everywhere))


def server_error(status: int = 500) -> Failure:
    """Discord itself failed. discord.py tries 500, 502 and 504 again, the others not."""
    return Failure(Way.REFUSED, RefusalError(status, 0, f"{status}: Internal Server Error"))


def proxy_page(status: int = 502) -> Failure:
    """Something in front of Discord failed, or bans us (429), and answers with a page."""
    return Failure(Way.PAGE, RefusalError(status, 0, ""))


def silence(*, acted: bool = False) -> Failure:
    """No answer until ``release``; ``acted``: done at once, else when it is released.

    A client that has given up by then gets nothing, and nothing is done for it.
    """
    return Failure(Way.SILENCE, acts=acted)


def reset() -> Failure:
    """The connection breaks, and nothing was done."""
    return Failure(Way.CUT)


def lost() -> Failure:
    """What was asked is done, and the connection breaks before the answer."""
    return Failure(Way.CUT, acts=True)


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


@dataclass(slots=True)
class _Planned:
    method: str
    failure: Failure
    channel_id: int | None
    when: When
    times: int | None


class Failures:
    """What is to fail, in the order in which it was planned."""

    def __init__(self) -> None:
        self._planned: list[_Planned] = []

    def plan(
        self, method: str, failure: Failure, times: int | None, channel_id: int | None, when: When
    ) -> None:
        """Let the next requests of a method fail; ``times`` None: all from now on."""
        self._planned.append(_Planned(method, failure, channel_id, when, times))

    def forget(self) -> None:
        """Let nothing fail any more."""
        self._planned.clear()

    def next(self, call: Call) -> Failure | None:
        """Return how this request fails, and count it."""
        for planned in self._planned:
            if (
                planned.method == call.method
                and planned.channel_id in (None, call.channel)
                and planned.when(call)
            ):
                self._count(planned)
                return planned.failure
        return None

    def _count(self, planned: _Planned) -> None:
        if planned.times is not None:
            planned.times -= 1
            if planned.times <= 0:
                self._planned.remove(planned)
