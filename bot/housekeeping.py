"""What goes on beside the conversations: learning of changes, and deleting what is old."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from bot.access import Access
from bot.generation.eras import Eras
from bot.generation.model import Model
from bot.generation.queue import GenerationQueue
from storage.database import Database
from storage.errors import StorageError

_LOOK_SECONDS = 0.5
"""How often is looked whether another process has changed something: within a second it counts."""
_TIDY_SECONDS = 3600.0
_DAY = 24 * 60 * 60.0
_KNOCK_SECONDS = 7 * _DAY
_EVENT_SECONDS = 2 * _DAY
"""Telegram keeps for one day what was not fetched, and Discord is asked for as much: what is older
never comes again."""

_log = logging.getLogger("ostro.housekeeping")


class Housekeeping:
    """Keeps what runs true to what is stored.

    Args:
        database: what is stored.
        access: learns roles and rules.
        queue: learns what is to be answered.
        model: keeps nothing warm of what was erased.
        clock: unix seconds.
        retention_days: exchanges that are older are deleted; None: never.
        sleep: waits for so many seconds.
    """

    def __init__(
        self,
        database: Database,
        access: Access,
        queue: GenerationQueue,
        model: Model,
        clock: Callable[[], float],
        retention_days: float | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._database = database
        self._access = access
        self._queue = queue
        self._model = model
        self._clock = clock
        self._retention_days = retention_days
        self._sleep = sleep
        self._erasures: int | None = None
        self._is_settled = False
        self._is_scrubbed = False  # an earlier run may have been killed before it had done that
        self._tidied = float("-inf")
        self._settled: list[Callable[[], Awaitable[None]]] = []

    def after_settling(self, tell: Callable[[], Awaitable[None]]) -> None:
        """Call something each time that roles may have changed."""
        self._settled.append(tell)

    async def settle(self) -> None:
        """Let all that runs learn what is stored now.

        Raises:
            StorageError: it cannot be read.
        """
        database = self._database
        self._is_settled = False
        self._access.know(await database.people.with_roles(), await database.places.rules())
        for tell in self._settled:
            await tell()
        self._queue.pause(await database.signals.paused())
        await self._queue.reread()
        erasures = await database.signals.erasures()
        if erasures != self._erasures:
            self._model.retain(Eras(await database.chats.eras()))
            if self._erasures is not None:
                self._is_scrubbed = await database.scrub()
            self._erasures = erasures
        self._is_settled = True

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Settle, put away what is old, and go on with both meanwhile.

        Raises:
            StorageError: what is stored cannot be read.
        """
        await self._database.changed()  # from here on
        await self.settle()
        await self._tidy()
        task = asyncio.create_task(self._run())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _run(self) -> None:
        failing = False
        while True:
            await self._sleep(_LOOK_SECONDS)
            try:
                await self._look()
            except Exception as error:  # noqa: BLE001 # whatever it is, the next look may be better
                if not failing:
                    mistake = not isinstance(error, StorageError)
                    _log.warning("what was changed is not learned: %s", error, exc_info=mistake)
                failing = True
            else:
                failing = False

    async def _look(self) -> None:
        if await self._database.changed() or not self._is_settled:
            await self.settle()
        if not self._is_scrubbed:  # somebody was reading; what was erased is still in the log
            self._is_scrubbed = await self._database.scrub()
        if self._clock() - self._tidied >= _TIDY_SECONDS:
            await self._tidy()

    async def _tidy(self) -> None:
        """Delete what is older than anybody needs it."""
        now, database = self._clock(), self._database
        self._tidied = now
        await database.incoming.forget_before(now - _EVENT_SECONDS)
        await database.knocks.forget_before(now - _KNOCK_SECONDS)
        if self._retention_days is not None:
            before = now - self._retention_days * _DAY
            deleted = await database.erasing.delete_before(before)
            if deleted:
                _log.info("%d exchanges are older than STORAGE_RETENTION_DAYS: deleted", deleted)
                await self.settle()
