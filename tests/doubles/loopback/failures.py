"""How a server, or the way to it, can fail."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from tests.doubles.loopback.denied import DeniedError


class Way(Enum):
    """What the client sees of a failure."""

    REFUSED = auto()  # an answer of the server
    PAGE = auto()  # a page of a proxy, not JSON
    SILENCE = auto()  # no answer until ``release``
    CUT = auto()  # the connection breaks


def always(_asked: object) -> bool:
    """Return that whatever is asked can fail so."""
    return True


@dataclass(frozen=True, slots=True)
class Failure:
    """One way to fail.

    Attributes:
        way: what the client sees.
        refusal: the answer, for ``REFUSED``.
        status: the HTTP status, for ``PAGE``.
        acts: what was asked is done all the same.
        applies: whether what is asked can fail so.
    """

    way: Way
    refusal: DeniedError | None = None
    status: int = 502
    acts: bool = False
    applies: Callable[[Any], bool] = always

    @property
    def retry_after(self) -> float | None:
        """How many seconds the client is told to wait, if it is."""
        return None if self.refusal is None else self.refusal.more.get("retry_after")


def proxy_page(status: int = 502) -> Failure:
    """Something in front of the server failed, or bans us (429), and answers with a page."""
    return Failure(Way.PAGE, status=status)


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
