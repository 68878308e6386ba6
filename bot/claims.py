"""Codes by which the first owner shows that they run the bot: it is printed to them alone."""

import hashlib
import re
import secrets
from collections import deque
from collections.abc import Callable
from enum import StrEnum

import storage.claims

LASTS_SECONDS = 3600.0
"""So long a code can be redeemed."""

_BYTES = 16
_CODE = re.compile(r"[A-Za-z0-9_-]{22}")
_MOST_TRIES = 5
_TRIES_SECONDS = 3600.0


class Redeemed(StrEnum):
    """What became of a code."""

    RIGHT = "right"  # it was used up
    WRONG = "wrong"  # there is no such code, or no more
    TOO_MANY = "too_many"  # this person has tried too many; it was not looked at


class Claims:
    """Issues codes of 128 bits, each for one use, of which only a hash is stored.

    Args:
        store: keeps the one that is valid.
        clock: unix seconds.
    """

    def __init__(self, store: storage.claims.Claims, clock: Callable[[], float]) -> None:
        self._store = store
        self._clock = clock
        self._wrong: dict[tuple[str, str], deque[float]] = {}

    async def issue(self) -> str:
        """Return a new code, which lasts ``LASTS_SECONDS``; any other is void from now on.

        Raises:
            StorageError: it cannot be stored.
        """
        code = secrets.token_urlsafe(_BYTES)
        await self._store.put(_digest(code), self._clock() + LASTS_SECONDS)
        return code

    async def redeem(self, platform: str, native_id: str, code: str) -> Redeemed:
        """Use a code up, for a person, of whom five wrong ones an hour are looked at.

        Raises:
            StorageError: the codes cannot be read.
        """
        now = self._clock()
        wrong = self._wrong.get((platform, native_id), deque())
        while wrong and wrong[0] <= now - _TRIES_SECONDS:
            wrong.popleft()
        if len(wrong) >= _MOST_TRIES:
            return Redeemed.TOO_MANY
        if looks_like_code(code) and await self._store.redeem(_digest(code)):
            return Redeemed.RIGHT
        wrong.append(now)
        self._wrong[platform, native_id] = wrong
        return Redeemed.WRONG


def looks_like_code(text: str) -> bool:
    """Say whether a text may be a code: what opens the bot by a link can be anything."""
    return _CODE.fullmatch(text) is not None


def _digest(code: str) -> bytes:
    return hashlib.sha256(code.encode()).digest()
