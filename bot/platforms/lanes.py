"""Events that came and are being taken in, each chat's in their order."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Hashable
from typing import Generic, TypeVar

from bot.delivery.pace import Time
from bot.platforms.outage import Outage
from storage.errors import StorageError

_Event = TypeVar("_Event")

_log = logging.getLogger("ostro.platforms")

_TRIES = 3
"""So often an event that fails is taken in before it is passed over."""


class Lanes(Generic[_Event]):
    """Takes events in: chats side by side, what concerns one chat one after the other.

    An event stays open until it is stored. While nothing can be stored it is tried without end;
    one that fails otherwise is tried three times and then passed over, or it would come again for
    ever and keep all others away.

    Args:
        take: stores what an event asks for; safe to do again.
        pass_over: stores that an event was passed over.
        time: to wait between tries.
    """

    def __init__(
        self,
        take: Callable[[_Event], Awaitable[None]],
        pass_over: Callable[[_Event], Awaitable[None]],
        time: Time,
    ) -> None:
        self._take = take
        self._pass_over = pass_over
        self._time = time
        self._lanes: dict[Hashable, asyncio.Task[None]] = {}
        self._open: dict[int, asyncio.Task[None]] = {}
        self._storage = Outage("Messages can be stored again")

    @property
    def first_open(self) -> int | None:
        """The lowest number of an event that is not stored; None: all are."""
        return min(self._open, default=None)

    def add(
        self,
        event: _Event,
        number: int,
        chats: Collection[Hashable],
        after: Collection[Hashable] = (),
    ) -> None:
        """Take an event in as soon as those before it in its chats are.

        Args:
            event: what happened.
            number: its own; later ones have higher ones.
            chats: what it concerns; it may be none.
            after: what it comes after, and does not keep others from.
        """
        before = [self._lanes[chat] for chat in (*chats, *after) if chat in self._lanes]
        task = asyncio.create_task(self._after(before, event, number))
        self._open[number] = task
        for chat in chats:
            self._lanes[chat] = task
        task.add_done_callback(lambda _: self._done(number, chats, task))

    def _done(self, number: int, chats: Collection[Hashable], task: asyncio.Task[None]) -> None:
        for chat in chats:
            if self._lanes.get(chat) is task:
                del self._lanes[chat]
        if not task.cancelled():
            del self._open[number]

    async def settle(self, seconds: float) -> None:
        """Wait until all events are stored, at most so long."""
        if not self._open:
            return
        alarm = asyncio.ensure_future(self._time.sleep(seconds))
        stored = asyncio.ensure_future(asyncio.wait(list(self._open.values())))
        try:
            await asyncio.wait((alarm, stored), return_when=asyncio.FIRST_COMPLETED)
        finally:
            alarm.cancel()
            stored.cancel()
            await asyncio.gather(alarm, stored, return_exceptions=True)

    async def close(self) -> None:
        """Break off what is not stored; it is told once more, or was never taken in."""
        tasks = list(self._open.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _after(self, before: list[asyncio.Task[None]], event: _Event, number: int) -> None:
        if before:
            await asyncio.wait(before)
        for _ in range(_TRIES):
            if await self._succeeded(self._take, event, number):
                return
        _log.error("event %d failed %d times and is passed over", number, _TRIES)
        await self._succeeded(self._pass_over, event, number)

    async def _succeeded(
        self, take: Callable[[_Event], Awaitable[None]], event: _Event, number: int
    ) -> bool:
        try:
            await self._stored(take, event)
        except Exception:  # noqa: BLE001 # whatever it is, it is tried again or passed over
            _log.exception("event %d could not be taken in", number)
            return False
        return True

    async def _stored(self, take: Callable[[_Event], Awaitable[None]], event: _Event) -> None:
        """Do something until it can be stored."""
        waited = False
        while True:
            try:
                await take(event)
            except StorageError as error:
                waited = True
                await self._time.sleep(self._storage.failed(error))
            else:
                break
        if waited:  # others may have had nothing to store
            self._storage.worked()
