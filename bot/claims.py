"""Codes by which the first owner shows that they run the bot: it is printed to them alone."""

import hashlib
import re
import secrets
from collections.abc import Callable
from enum import StrEnum

import storage.claims
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
        self._wrong: dict[tuple[str, str], list[float]] = {}
        self._told: dict[tuple[str, str], float] = {}

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
        who = (platform, author.native_id)
        wrong = self._wrong_lately(who)
        if len(wrong) >= _MOST_TRIES:
            was_told = who in self._told and self._told[who] >= wrong[0]
            self._told[who] = self._clock()
            return Redeemed.IGNORED if was_told else Redeemed.TOO_MANY
        if looks_like_code(code) and await self._store.redeem(
            _digest(code), platform, author.native_id, author.name, author.language
        ):
            return Redeemed.RIGHT
        self._wrong.setdefault(who, []).append(self._clock())
        return Redeemed.WRONG

    def _wrong_lately(self, who: tuple[str, str]) -> list[float]:
        """Return when somebody brought wrong codes; what is an hour old is forgotten, of all."""
        since = self._clock() - _TRIES_SECONDS
        recent = {one: [at for at in times if at > since] for one, times in self._wrong.items()}
        self._wrong = {one: times for one, times in recent.items() if times}
        self._told = {one: at for one, at in self._told.items() if one in self._wrong}
        return self._wrong.get(who, [])


def looks_like_code(text: str) -> bool:
    """Say whether a text may be a code: what opens the bot by a link can be anything."""
    return _CODE.fullmatch(text) is not None


def _digest(code: str) -> bytes:
    return hashlib.sha256(code.encode()).digest()
