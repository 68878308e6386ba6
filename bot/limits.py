"""How much one person may ask, so that everybody's turn comes."""

import math
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.asker import Asker
from bot.reply import NOTHING, Reply
from bot.voice import Voice
from storage.people import People
from storage.records import Chat, Pending

_MINUTE = 60.0
_SAY_AGAIN_SECONDS = 15.0
"""Who goes on against a limit is told of it so often, and not at every message."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What people who are no admins may ask.

    Attributes:
        per_minute: questions of one person in a minute.
        per_person: questions of one person that wait or are being answered.
        in_all: the same of all people.
        length: characters of one message, with the files in it.
    """

    per_minute: int
    per_person: int
    in_all: int
    length: int


class Turnstile:
    """Lets questions in, as many as is fair.

    Args:
        limits: how many; None: any number.
        people: who is known.
        pending: returns the questions that wait.
        seconds_for: estimates how long so many answers take; None: nothing is known of that.
        voice: says what is over a limit, and when it will work again.
        clock: unix seconds.
    """

    def __init__(  # what a decision depends on, each a single thing
        self,
        limits: Limits | None,
        people: People,
        pending: Callable[[], Awaitable[list[Pending]]],
        seconds_for: Callable[[int], float | None],
        voice: Voice,
        clock: Callable[[], float],
    ) -> None:
        self._limits = limits
        self._people = people
        self._pending = pending
        self._seconds_for = seconds_for
        self._voice = voice
        self._clock = clock
        self._asked: dict[tuple[str, str], deque[float]] = {}
        self._told: dict[tuple[str, str], float] = {}

    async def refusal(self, chat: Chat, asker: Asker, text: str = "") -> Reply | None:
        """Return why a question is not taken in, and when it would be; None: it is, and counts.

        Admins may ask what they like. The reply is empty for somebody who was told just now.

        Args:
            chat: where they ask.
            asker: who asks.
            text: what they ask, where that is new.

        Raises:
            StorageError: what waits cannot be read.
        """
        if self._limits is None or asker.is_admin:
            return None
        now, who = self._clock(), (asker.platform.value, asker.author.native_id)
        refusal = await self._over(self._limits, chat, who, text, now)
        if refusal is None:
            self._asked.setdefault(who, deque()).append(now)
            self._told.pop(who, None)
            return None
        if self._told.get(who, -math.inf) > now - _SAY_AGAIN_SECONDS:
            return NOTHING
        self._told[who] = now
        return refusal

    async def _over(
        self, limits: Limits, chat: Chat, who: tuple[str, str], text: str, now: float
    ) -> Reply | None:
        if len(text) > limits.length:
            return self._voice.reply(chat, "limit.length", size=len(text), limit=limits.length)
        asked = self._asked_lately(who, now)
        if len(asked) >= limits.per_minute:
            seconds = math.ceil(asked[0] + _MINUTE - now)
            limit = limits.per_minute
            return self._voice.reply(chat, "limit.minute", limit=limit, seconds=seconds)
        pending = await self._pending()
        person = await self._people.find(*who)
        mine = [one for one in pending if person is not None and one.person_id == person.id]
        if len(mine) >= limits.per_person:
            return self._full(chat, "limit.person", limits.per_person)
        if len(pending) >= limits.in_all:
            return self._full(chat, "limit.all", limits.in_all)
        return None

    def _full(self, chat: Chat, key: str, limit: int) -> Reply:
        """Say that it works again when one of those that wait is answered."""
        seconds = self._seconds_for(1)
        if seconds is None:
            return self._voice.reply(chat, f"{key}_unmeasured", limit=limit)
        return self._voice.reply(chat, key, limit=limit, seconds=max(1, math.ceil(seconds)))

    def _asked_lately(self, who: tuple[str, str], now: float) -> deque[float]:
        """Return when somebody asked within the last minute; older times are forgotten."""
        asked = self._asked.get(who, deque())
        while asked and asked[0] <= now - _MINUTE:
            asked.popleft()
        if not asked:
            self._asked.pop(who, None)
        return asked
