"""The bot's own words on their way out: in order, and none waits for another chat's."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Protocol

from bot.delivery.backoff import pause
from bot.delivery.outlet import (
    DeliveryError,
    FloodError,
    PlaceClosedError,
    PlaceGoneError,
    UnreachableError,
)
from bot.delivery.pace import Pace, Time
from bot.message import ChatKey

_log = logging.getLogger("ostro.platforms")

_TRIES = 20
"""A letter that fails so often, which takes some minutes, is given up."""


class Letter(Protocol):
    """One message of the bot's own, as a platform sends it."""

    @property
    def chat(self) -> ChatKey:
        """Whose it is: the letters of one chat go one after the other."""
        ...

    @property
    def pace(self) -> Pace:
        """How often the place that it goes to may be written to."""
        ...

    async def send(self) -> None:
        """Send it.

        Raises:
            DeliveryError: it was not sent, or it is not known.
        """
        ...

    async def otherwise(self, error: DeliveryError) -> "Letter | None":
        """Return what to send instead, after an error that says how; None: the error stands.

        Waiting and trying once more is not asked here.
        """
        ...


class Outbox:
    """Sends letters as well as it can; what is left when the bot ends is lost.

    Args:
        time: to wait between tries.
        gone: told of a letter to a place where nobody is any more.
    """

    def __init__(self, time: Time, gone: Callable[[Letter], Awaitable[None]]) -> None:
        self._time = time
        self._gone = gone
        self._waiting: dict[ChatKey, deque[Letter]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def put(self, letters: Sequence[Letter]) -> None:
        """Send letters of one chat as soon as those before them there are sent."""
        if not letters:
            return
        chat = letters[0].chat
        if chat in self._waiting:
            self._waiting[chat].extend(letters)
        else:
            self._waiting[chat] = deque(letters)
            self.run(self._empty(chat))

    def run(self, work: Coroutine[None, None, None]) -> None:
        """Do something beside all letters, once; what fails in it is its own to tell."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def flush(self, seconds: float) -> None:
        """Wait until all is sent, at most so long, and give the rest up."""
        try:
            await self._time.wait(seconds, over=lambda: not self._tasks)
        finally:
            left = list(self._tasks)
            for task in left:
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)

    async def _empty(self, chat: ChatKey) -> None:
        waiting = self._waiting[chat]
        try:
            while waiting:
                await self._send_or_give_up(waiting)
        finally:
            del self._waiting[chat]

    async def _send_or_give_up(self, waiting: deque[Letter]) -> None:
        letter = waiting[0]
        try:
            await self._send(letter)
        except PlaceGoneError as error:
            _log.info("replies are given up: %s", error)
            waiting.clear()
            if not isinstance(error, PlaceClosedError):
                await self._gone(letter)
            return
        except DeliveryError as error:
            _log.warning("a reply is given up: %s", error)
        except Exception:  # noqa: BLE001 # those behind it are still to be sent
            _log.exception("a reply is given up")
        waiting.popleft()

    async def _send(self, letter: Letter) -> None:
        for failures in range(1, _TRIES):
            try:
                return await _in_turn(letter)
            except DeliveryError as error:
                letter = await self._learn(error, letter, failures)
        return await _in_turn(letter)

    async def _learn(self, error: DeliveryError, letter: Letter, failures: int) -> Letter:
        """Do what an error asks for and return what to try next; raise it where nothing helps."""
        match error:
            case FloodError():
                letter.pace.hold(error.seconds)
            case UnreachableError():
                await self._time.sleep(pause(failures))
            case _:
                instead = await letter.otherwise(error)
                if instead is None:
                    raise error
                return instead
        return letter


async def _in_turn(letter: Letter) -> None:
    await letter.pace.turn()
    await letter.send()
