"""What was said while Discord did not tell it: before this session began."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeAlias, TypeVar

import discord

from bot.delivery.backoff import pause
from bot.delivery.outlet import DeliveryError
from bot.delivery.pace import Time
from bot.message import ChatKey, Platform
from bot.platforms.dialogue import Dialogue
from bot.platforms.discord.happenings import Happening, Happenings
from bot.platforms.discord.history import History
from bot.platforms.discord.places import parent_of
from bot.platforms.discord.reception import Reception
from storage.errors import StorageError

LONGEST_AWAY_SECONDS = 24 * 60 * 60.0
"""What is older is not looked at."""

WAIT_SECONDS = 5.0
"""So long new messages of a chat wait for the older ones to be there."""

_AT_ONCE = 8
"""So many channels are asked for theirs at the same time."""

_log = logging.getLogger("ostro.discord")

_T = TypeVar("_T")
_Messages: TypeAlias = Sequence[discord.Message]


@dataclass(frozen=True, slots=True)
class _Missed:
    """What was missed in a chat.

    Attributes:
        chat: where.
        looking: looks for it.
        behind: the chats of this session that are not caught up with.
    """

    chat: ChatKey
    looking: asyncio.Task[_Messages]
    behind: set[ChatKey]


class CatchingUp:
    """Asks for the messages that came between two sessions, and has them taken in.

    The older messages of a chat go before those that Discord tells now. Where it takes too long
    to have them, those that are told now do not wait any longer.

    Args:
        client: to ask with.
        dialogue: knows the chats, and the newest message that was handled in each.
        reception: takes messages in.
        happenings: where each chat's messages wait for each other.
        time: to wait with.
        wall: unix seconds.
    """

    def __init__(
        self,
        client: discord.Client,
        dialogue: Dialogue,
        reception: Reception,
        happenings: Happenings,
        time: Time,
        wall: Callable[[], float],
    ) -> None:
        self._history = History(client, time)
        self._dialogue = dialogue
        self._reception = reception
        self._happenings = happenings
        self._time = time
        self._wall = wall
        self._ready = asyncio.Event()
        self._asking = asyncio.Semaphore(_AT_ONCE)
        self._tasks: set[asyncio.Task[Any]] = set()

    def begun(self) -> None:
        """Go through all chats anew; until they are known, what Discord tells waits."""
        self._ready.clear()
        self._reception.behind = None
        for task in self._tasks:
            task.cancel()
        self._happenings.hold()
        self._start(self._begin())

    def ready(self) -> None:
        """Learn that the library knows the servers."""
        self._ready.set()

    async def end(self) -> None:
        """Look for no more messages: they are there at the next start, too."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _start(self, work: Coroutine[None, None, _T]) -> asyncio.Task[_T]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(_seen)
        return task

    async def _begin(self) -> None:
        """Put the catching up of each chat before all that is told there from now on.

        Where that fails, what is told is taken in all the same. No chat that is not caught up
        with counts as seen, so that the next session looks for the same messages.
        """
        try:
            await self._put_first()
        except Exception:  # noqa: BLE001 # what is told from now on is to be answered
            _log.exception("what was missed is not known")
        self._happenings.release()

    async def _put_first(self) -> None:
        chats = await self._chats()
        behind = self._reception.behind = set(chats)
        for chat in sorted(chats, key=chats.__getitem__, reverse=True):
            looking = self._start(self._missed(chat, chats[chat]))
            take = partial(self._catch_up, _Missed(chat, looking, behind))
            self._happenings.first(Happening(chat, None, take))

    async def _chats(self) -> Mapping[ChatKey, int]:
        """Return the chats, each with the message after which something may have been missed.

        The newest that was handled may have been edited meanwhile. A thread may have been opened
        from a channel in which nothing was ever answered.
        """
        seen = await self._last_seen()
        parents = {parent for parent in map(parent_of, seen) if parent is not None}
        since = datetime.fromtimestamp(self._wall() - LONGEST_AWAY_SECONDS, UTC)
        oldest = discord.utils.time_snowflake(since)
        return {chat: max(oldest, int(seen.get(chat) or 0) - 1) for chat in {*seen, *parents}}

    async def _last_seen(self) -> Mapping[ChatKey, str | None]:
        failures = 0
        while True:
            try:
                return await self._dialogue.last_seen(Platform.DISCORD)
            except StorageError as error:
                self._happenings.release()  # they wait for the store anyway
                _log.info("the chats are not known yet: %s", error)
                failures += 1
                await self._time.sleep(pause(failures))

    async def _catch_up(self, missed: _Missed) -> None:
        limit = asyncio.ensure_future(self._time.sleep(WAIT_SECONDS))
        try:
            await asyncio.wait((missed.looking, limit), return_when=asyncio.FIRST_COMPLETED)
        finally:
            limit.cancel()
        if missed.looking.done():
            await self._take(missed)
        else:
            self._start(self._catch_up_late(missed))

    async def _catch_up_late(self, missed: _Missed) -> None:
        await asyncio.wait((missed.looking,))
        self._happenings.add(Happening(missed.chat, None, partial(self._take, missed)))

    async def _take(self, missed: _Missed) -> None:
        """Take in what was missed in a chat.

        Raises:
            StorageError: it is not stored.
        """
        if missed.looking.cancelled():  # there is a newer session, which looks for them again
            return
        messages = missed.looking.result()  # it never fails
        taken = [message.id for message in messages if await self._take_one(message)]
        missed.behind.discard(missed.chat)
        if taken and len(taken) == len(messages):
            await self._dialogue.saw(missed.chat, str(taken[-1]))

    async def _take_one(self, message: discord.Message) -> bool:
        """Take a message in; False: that failed, and the next session looks for it again."""
        try:
            await self._reception.take_late(message)
        except StorageError:
            raise
        except Exception:  # noqa: BLE001 # the others are to be answered
            _log.exception("message %d could not be taken in", message.id)
            return False
        return True

    async def _missed(self, chat: ChatKey, after: int) -> _Messages:
        """Return the messages of a chat after one, oldest first; none where it cannot be read."""
        await self._ready.wait()
        async with self._asking:
            try:
                return await self._history.after(chat, after)
            except DeliveryError as error:
                _log.info("%s is not caught up with: %s", chat, error)
            except Exception:  # noqa: BLE001 # its new messages are to be answered
                _log.exception("%s is not caught up with", chat)
            return ()


def _seen(task: asyncio.Task[Any]) -> None:
    """Log what ended a task that should not fail."""
    error = None if task.cancelled() else task.exception()
    if error is not None:
        _log.error("a part of catching up ended", exc_info=error)
