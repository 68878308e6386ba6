"""How much one person may ask, so that everybody's turn comes."""

import math
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from bot.asker import Asker
from bot.generation.queue import GenerationQueue
from bot.lately import Lately
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
        length: characters of one question, with the files in it, also where it comes in parts.
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
        queue: tells when one of those is answered.
        voice: says what is over a limit, and when it will work again.
        clock: unix seconds.
    """

    def __init__(
        self,
        limits: Limits | None,
        people: People,
        pending: Callable[[], Awaitable[list[Pending]]],
        queue: GenerationQueue,
        voice: Voice,
        clock: Callable[[], float],
    ) -> None:
        self._limits = limits
        self._people = people
        self._pending = pending
        self._queue = queue
        self._voice = voice
        self._clock = clock
        self._asked = Lately(_MINUTE)
        self._told = Lately(_SAY_AGAIN_SECONDS)

    async def refusal(
        self, chat: Chat, asker: Asker, size: int = 0, changed: int | None = None
    ) -> Reply | None:
        """Return why a question may not be taken in, and when it may be; None: it may.

        Admins may ask what they like. The reply is empty for somebody who was told just now.

        Args:
            chat: where they ask.
            asker: who asks.
            size: characters of what they ask, where that is new.
            changed: the exchange whose question it changes: that one is not one more.

        Raises:
            StorageError: what waits cannot be read.
        """
        if self._limits is None or asker.is_admin:
            return None
        refusal = await self._over(self._limits, chat, asker, size, changed)
        return None if refusal is None else self._once(asker, refusal)

    def count(self, asker: Asker) -> None:
        """Count a question, which is stored: what could not be stored must not keep it out."""
        self._asked.note(_who(asker), self._clock())
        self._told.forget(_who(asker))

    def longest(self, asker: Asker) -> int | None:
        """Return how many characters a question may have; None: any number."""
        return None if self._limits is None or asker.is_admin else self._limits.length

    def too_long(self, chat: Chat, asker: Asker, size: int, limit: int) -> Reply:
        """Say that a question has more characters than it may; nothing, if told just now."""
        return self._once(asker, self._voice.reply(chat, "limit.length", size=size, limit=limit))

    def _once(self, asker: Asker, refusal: Reply) -> Reply:
        who, now = _who(asker), self._clock()
        if self._told.times(who, now):
            return NOTHING
        self._told.note(who, now)
        return refusal

    async def _over(
        self, limits: Limits, chat: Chat, asker: Asker, size: int, changed: int | None
    ) -> Reply | None:
        who, now = _who(asker), self._clock()
        if size > limits.length:
            return self._voice.reply(chat, "limit.length", size=size, limit=limits.length)
        asked = self._asked.times(who, now)
        if len(asked) >= limits.per_minute:
            seconds = math.ceil(asked[0] + _MINUTE - now)
            limit = limits.per_minute
            return self._voice.reply(chat, "limit.minute", limit=limit, seconds=seconds)
        pending = [one for one in await self._pending() if one.id != changed]
        person = await self._people.find(*who)
        mine = [one for one in pending if person is not None and one.person_id == person.id]
        if len(mine) >= limits.per_person:
            return self._full(chat, "limit.person", limits.per_person, mine, pending)
        if len(pending) >= limits.in_all:
            return self._full(chat, "limit.all", limits.in_all, pending, pending)
        return None

    def _full(
        self, chat: Chat, key: str, limit: int, counted: Sequence[Pending], all_: Sequence[Pending]
    ) -> Reply:
        """Say that it works again when the first of those that count is answered."""
        places = self._queue.places(all_)
        ahead = min((places[one.id] for one in counted if one.id in places), default=None)
        seconds = None if ahead is None else self._queue.seconds_for(ahead + 1)
        if seconds is None:
            return self._voice.reply(chat, f"{key}_unmeasured", limit=limit)
        return self._voice.reply(chat, key, limit=limit, seconds=max(1, math.ceil(seconds)))


def _who(asker: Asker) -> tuple[str, str]:
    return asker.platform.value, asker.author.native_id
