"""Updates that were fetched and are being taken in, each chat's in their order."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from telegram import Update

from bot.delivery.pace import Time
from bot.platforms.telegram.outage import Outage
from storage.errors import StorageError

Take = Callable[[Update], Awaitable[None]]

_log = logging.getLogger("ostro.telegram")

_TRIES = 3
"""So often an update that fails is taken in before it is passed over."""


class Lanes:
    """Takes updates in: chats side by side, what concerns one chat one after the other.

    An update stays open until it is stored. While nothing can be stored it is tried without end;
    one that fails otherwise is tried three times and then passed over, or it would come again for
    ever and keep all others away.

    Args:
        take: stores what an update asks for; safe to do again.
        pass_over: stores that an update was passed over.
        time: to wait between tries.
    """

    def __init__(self, take: Take, pass_over: Take, time: Time) -> None:
        self._take = take
        self._pass_over = pass_over
        self._time = time
        self._lanes: dict[int, asyncio.Task[None]] = {}
        self._open: dict[int, asyncio.Task[None]] = {}
        self._storage = Outage("Messages can be stored again")

    @property
    def first_open(self) -> int | None:
        """The lowest number of an update that is not stored; None: all are."""
        return min(self._open, default=None)

    def add(self, update: Update) -> None:
        """Take an update in as soon as those before it in its chat are."""
        chats = _chats(update)
        before = [self._lanes[chat] for chat in chats if chat in self._lanes]
        task = asyncio.create_task(self._after(before, update))
        self._open[update.update_id] = task
        for chat in chats:
            self._lanes[chat] = task
        task.add_done_callback(lambda _: self._done(update.update_id, chats, task))

    def _done(self, number: int, chats: set[int], task: asyncio.Task[None]) -> None:
        for chat in chats:
            if self._lanes.get(chat) is task:
                del self._lanes[chat]
        if not task.cancelled():
            del self._open[number]

    async def settle(self, seconds: float) -> None:
        """Wait until all updates are stored, at most so long."""
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
        """Break off what is not stored; it was not confirmed, and comes again."""
        tasks = list(self._open.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _after(self, before: list[asyncio.Task[None]], update: Update) -> None:
        if before:
            await asyncio.wait(before)
        for _ in range(_TRIES):
            if await self._succeeded(self._take, update):
                return
        _log.error("update %s failed %s times and is passed over", update.update_id, _TRIES)
        await self._succeeded(self._pass_over, update)

    async def _succeeded(self, take: Take, update: Update) -> bool:
        try:
            await self._stored(take, update)
        except Exception:  # noqa: BLE001 # whatever it is, it comes again and is tried again
            _log.exception("update %s could not be taken in", update.update_id)
            return False
        return True

    async def _stored(self, take: Take, update: Update) -> None:
        """Do something until it can be stored."""
        waited = False
        while True:
            try:
                await take(update)
            except StorageError as error:
                waited = True
                await self._time.sleep(self._storage.failed(error))
            else:
                break
        if waited:  # others may have had nothing to store
            self._storage.worked()


def _chats(update: Update) -> set[int]:
    """Return the chats that an update concerns: two where one becomes the other."""
    chat, message = update.effective_chat, update.message
    ids = {chat.id} if chat else set()
    if message is not None:
        ids |= {id_ for id_ in (message.migrate_to_chat_id, message.migrate_from_chat_id) if id_}
    return ids
