"""Who is answered next, and who makes room for others. Pure.

Chats take turns; inside a chat it is first come, first served.
"""

from collections.abc import Container, Iterable, Mapping
from typing import Protocol, TypeVar


class Waiting(Protocol):
    """What the order depends on."""

    @property
    def id(self) -> int:
        """Rises in the order in which exchanges were taken in."""
        ...

    @property
    def chat_id(self) -> int:
        """The chat it belongs to."""
        ...

    @property
    def not_before(self) -> float | None:
        """When it may be answered, in unix seconds; None: at once."""
        ...


W = TypeVar("W", bound=Waiting)

SHARE = 256
"""How long a turn is while others wait, in pieces of text; each is a token, or a few."""


def order(waiting: Iterable[W], last_served: Mapping[int, int], now: float) -> list[W]:
    """Return what may be answered now, in the order in which it will be.

    In each round every chat has one exchange; the chat that was served longest ago comes first.
    A chat whose first exchange may not be answered yet waits as a whole: its order stands.

    Args:
        waiting: exchanges that wait, in any order.
        last_served: chat -> a number that rises each time some chat is served.
        now: unix seconds.
    """
    chats: dict[int, list[W]] = {}
    for exchange in sorted(waiting, key=lambda one: one.id):
        chats.setdefault(exchange.chat_id, []).append(exchange)
    rounds = [
        (place, last_served.get(chat_id, -1), exchange.id, exchange)
        for chat_id, exchanges in chats.items()
        if (exchanges[0].not_before or 0) <= now
        for place, exchange in enumerate(exchanges)
    ]
    return [exchange for *_, exchange in sorted(rounds, key=lambda entry: entry[:3])]


def seconds_to_next(waiting: Iterable[Waiting], now: float) -> float | None:
    """Return when one may be answered that may not yet at ``now``; None: there is none."""
    times = [one.not_before - now for one in waiting if one.not_before is not None]
    return min((seconds for seconds in times if seconds > 0), default=None)


def heads(ordered: Iterable[W], busy: Container[int]) -> list[W]:
    """Return the first that waits of each chat that is not ``busy``, in the same order."""
    first: dict[int, W] = {}
    for exchange in ordered:
        if exchange.chat_id not in busy:
            first.setdefault(exchange.chat_id, exchange)
    return list(first.values())


def is_parked(written: int, *, others_wait: bool) -> bool:
    """Say whether an answer gives way: it has had its share, and chats wait that have no slot.

    ``written``: what was written of it in this turn, in pieces of text.
    """
    return others_wait and written >= SHARE
