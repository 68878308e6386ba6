"""Codes by which the first owner shows that they run the bot: it is printed to them alone."""

import hashlib
import re
import secrets
from collections.abc import Callable
from enum import StrEnum

import storage.claims
from bot.lately import Lately
from bot.message import Author

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
    IGNORED = "ignored"  # the same, and they were told so


class Claims:
    """Issues codes of 128 bits, each for one use, of which only a hash is stored.

    Args:
        store: keeps the one that is valid.
        clock: unix seconds.
    """

    def __init__(self, store: storage.claims.Claims, clock: Callable[[], float]) -> None:
        self._store = store
        self._clock = clock
        self._wrong = Lately(_TRIES_SECONDS)
        self._told = Lately(_TRIES_SECONDS)

    async def issue(self) -> str:
        """Return a new code, which lasts ``LASTS_SECONDS``; any other is void from now on.

        Raises:
            StorageError: it cannot be stored.
        """
        code = secrets.token_urlsafe(_BYTES)
        await self._store.put(_digest(code), self._clock() + LASTS_SECONDS)
        return code

    async def redeem(self, platform: str, author: Author, code: str) -> Redeemed:
        """Use a code up and make a person owner; five wrong ones an hour of theirs are looked at.

        Raises:
            StorageError: it cannot be stored; the code is still good.
        """
        who, now = (platform, author.native_id), self._clock()
        wrong, told = self._wrong.times(who, now), self._told.times(who, now)
        if len(wrong) >= _MOST_TRIES:
            self._told.forget(who)
            self._told.note(who, now)
            return Redeemed.IGNORED if told and told[-1] >= wrong[0] else Redeemed.TOO_MANY
        if looks_like_code(code) and await self._store.redeem(
            _digest(code), platform, author.native_id, author.name, author.language
        ):
            return Redeemed.RIGHT
        self._wrong.note(who, now)
        return Redeemed.WRONG


def looks_like_code(text: str) -> bool:
    """Say whether a text may be a code: what opens the bot by a link can be anything."""
    return _CODE.fullmatch(text) is not None


def _digest(code: str) -> bytes:
    return hashlib.sha256(code.encode()).digest()
