"""The bot on a platform, from its start to its end: nothing is lost, and the end comes soon."""

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from functools import partial
from typing import Generic, TypeVar

from bot.delivery.pace import Time
from bot.delivery.replies import LiveReplies
from bot.errors import OstroError
from bot.message import ChatKey, Platform
from bot.platforms.dialogue import Dialogue
from bot.platforms.lanes import Lanes
from bot.platforms.lid import lid_opened
from bot.platforms.outbox import Letter, Outbox
from bot.platforms.speaking import Speaker
from storage.errors import StorageError

STORE_SECONDS = 2.0
"""At the end what came already is stored, within so long."""

END_SECONDS = 8.0
"""From the moment when nothing more is taken in until the connections are closed, at most: what is
on its way out is sent meanwhile. Only where generation took nearly all of it to end, it is given
``LEAST_FLUSH_SECONDS`` all the same."""

LEAST_FLUSH_SECONDS = 1.0

CLOSE_SECONDS = 1.0
"""So long the connections may take to close; what holds them up then is left behind."""

_log = logging.getLogger("ostro.platforms")

_Event = TypeVar("_Event")
_Place = TypeVar("_Place")


class Attending(ABC, Generic[_Event, _Place]):
    """The bot on one platform.

    Leave ``listening`` first, then let generation end, then leave ``connected``: so everything
    that was said is stored, and what was generated is shown.

    Who inherits sets ``_speaking``, and calls ``_show_left`` as soon as something can be sent.

    Args:
        platform: which one.
        dialogue: is told everything.
        replies: shows answers; made for this platform alone.
        time: the monotonic clock, and the way to wait.
        wall: unix seconds.
    """

    _speaking: Speaker[_Place]

    def __init__(
        self,
        platform: Platform,
        dialogue: Dialogue,
        replies: LiveReplies,
        time: Time,
        wall: Callable[[], float],
    ) -> None:
        self._platform = platform
        self._dialogue = dialogue
        self._replies = replies
        self._time = time
        self._wall = wall
        self._outbox = Outbox(time, self._left)
        self._lanes: Lanes[_Event] = Lanes(self._take, self._pass_over, time)
        self._tasks: list[asyncio.Task[None]] = []
        self._unshown: list[Callable[[], None]] = []
        self._end = 0.0

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[None]:
        """Be able to send; leaving sends what is on its way, for some seconds."""
        try:
            yield
        finally:
            left = max(LEAST_FLUSH_SECONDS, self._end - CLOSE_SECONDS - self._time.clock())
            try:
                await asyncio.gather(self._replies.flush(left), self._outbox.flush(left))
            finally:
                with suppress(TimeoutError):
                    async with asyncio.timeout(CLOSE_SECONDS):
                        await self._close()

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Show what an earlier run left, and take in what happens; leaving stores what came.

        Raises:
            StorageError: what was left cannot be read.
        """
        async with self.attending():
            self._reaching = self._start(self._reach())
            self._start(self._watch_the_lid())
            yield

    @asynccontextmanager
    async def attending(self) -> AsyncIterator[None]:
        """Do all that ``listening`` does but reach the platform: something else does.

        Raises:
            StorageError: what was left cannot be read.
        """
        await self._read_left()
        try:
            yield
        finally:
            self._end = self._time.clock() + END_SECONDS
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            try:
                await self._lanes.settle(STORE_SECONDS)
            finally:
                await self._lanes.close()

    async def failed(self) -> None:
        """Wait until nothing is told any more; return once ``listening`` is left.

        Raises:
            PlatformError: the platform refuses the token, or what is asked for with it.
        """
        await asyncio.wait([self._reaching])
        if not self._reaching.cancelled():
            self._reaching.result()

    # What each platform does in its own way

    @abstractmethod
    async def _reach(self) -> None:
        """Have the lanes told what happens, until cancelled; PlatformError: it is refused."""

    @abstractmethod
    async def _redo(self) -> None:
        """Make all connections anew."""

    @abstractmethod
    async def _close(self) -> None:
        """Close all connections."""

    @abstractmethod
    async def _take(self, event: _Event) -> None:
        """Take in what happened; safe to do again. StorageError: it is not stored."""

    @abstractmethod
    async def _pass_over(self, event: _Event) -> None:
        """Note that something was passed over."""

    @abstractmethod
    def _where(self, outlet: Mapping[str, object], chat: ChatKey) -> _Place:
        """Return where an answer goes: as it was when it was asked for, in a chat as it is now."""

    # What all do the same way

    def _start(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        """Do something until the end, beside all else."""
        task = asyncio.create_task(work)
        self._tasks.append(task)
        task.add_done_callback(self._seen)
        return task

    def _seen(self, task: asyncio.Task[None]) -> None:
        """Log what ended a task that was to go on; what a person can be told, the app tells."""
        error = None if task.cancelled() else task.exception()
        if error is not None and not isinstance(error, OstroError):
            _log.error("a part of %s ended", self._platform.capitalize(), exc_info=error)

    async def _read_left(self) -> None:
        """Learn what an earlier run left; it is not shown before something can be sent."""
        for left in await self._dialogue.unfinished(self._platform):
            if left.outlet is None:
                _log.error("it is not known where exchange %d was asked", left.stream.exchange_id)
                continue
            place, say = self._where(left.outlet, left.chat), await self._speaking.voice(left.chat)
            self._unshown.append(partial(self._speaking.give, place, say, left.stream))

    def _show_left(self) -> None:
        """Show what an earlier run left; there is nothing left after that."""
        unshown, self._unshown = self._unshown, []
        for show in unshown:
            show()

    async def _watch_the_lid(self) -> None:
        while True:
            seconds = await lid_opened(self._wall, self._time)
            _log.info("the machine slept for %.0f s: connections are made anew", seconds)
            await self._redo()

    async def _left(self, letter: Letter) -> None:
        with noted_later():
            await self._dialogue.left(letter.chat)


@contextmanager
def noted_later() -> Iterator[None]:
    """Go on where something cannot be stored: it is said once more, as an event or an error."""
    try:
        yield
    except StorageError as error:
        _log.warning("it could not be noted that a chat is gone or moved: %s", error)
