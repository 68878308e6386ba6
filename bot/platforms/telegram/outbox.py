"""The bot's own words on their way out: in order, and none waits for another chat's."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace

from telegram import Bot
from telegram.constants import CallbackQueryLimit

from bot.delivery.backoff import pause
from bot.delivery.outlet import (
    DeliveryError,
    FloodError,
    MessageGoneError,
    PlaceGoneError,
    UnreachableError,
)
from bot.delivery.pace import Time
from bot.message import ChatKey
from bot.platforms.telegram.errors import (
    MigratedError,
    TopicClosedError,
    TopicGoneError,
    translated,
)
from bot.platforms.telegram.letters import Letter, letters
from bot.platforms.telegram.outlet import Moved
from bot.platforms.telegram.paces import Paces
from bot.platforms.telegram.places import Place
from bot.reply import Reply

_log = logging.getLogger("ostro.telegram")

_LONGEST_TOAST = CallbackQueryLimit.ANSWER_CALLBACK_QUERY_TEXT_LENGTH
_TRIES = 20
"""A message that fails so often, which takes some minutes, is given up."""


class Outbox:
    """Sends replies as well as it can; what is left when the bot ends is lost.

    Args:
        bot: sends them.
        paces: how often a chat may be written to.
        time: to wait between tries.
        gone: told of a place where nobody is any more.
        moved: told of a chat that has another id.
    """

    def __init__(
        self,
        bot: Bot,
        paces: Paces,
        time: Time,
        gone: Callable[[Place], Awaitable[None]],
        moved: Moved,
    ) -> None:
        self._bot = bot
        self._paces = paces
        self._time = time
        self._gone = gone
        self._moved = moved
        self._waiting: dict[ChatKey, deque[Letter]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def put(self, place: Place, reply: Reply, instead_of: int | None = None) -> None:
        """Send a reply as soon as those before it in this place are sent.

        Args:
            place: where.
            reply: what; it may say nothing.
            instead_of: the message that is to become the reply.
        """
        written = letters(place, reply, instead_of)
        key = place.key()
        if key in self._waiting:
            self._waiting[key].extend(written)
        elif written:
            self._waiting[key] = deque(written)
            self._start(self._empty(key))

    def toast(self, press_id: str, text: str = "") -> None:
        """Answer a press at once; once that fails the button has stopped to turn by itself."""
        cut = text.encode("utf-16-le")[: 2 * _LONGEST_TOAST].decode("utf-16-le", "ignore")
        self._start(self._toast(press_id, cut))

    async def flush(self, seconds: float) -> None:
        """Wait until all is sent, at most so long, and give the rest up."""
        try:
            await self._time.wait(seconds, over=lambda: not self._tasks)
        finally:
            left = list(self._tasks)
            for task in left:
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _toast(self, press_id: str, text: str) -> None:
        try:
            with translated():
                await self._bot.answer_callback_query(press_id, text)
        except DeliveryError as error:
            _log.info("a press was not answered: %s", error)

    async def _empty(self, key: ChatKey) -> None:
        waiting = self._waiting[key]
        try:
            while waiting:
                await self._send_or_give_up(waiting)
        finally:
            del self._waiting[key]

    async def _send_or_give_up(self, waiting: deque[Letter]) -> None:
        place = waiting[0].place
        try:
            await self._send_first(waiting)
        except PlaceGoneError as error:
            _log.info("replies are given up: %s", error)
            waiting.clear()
            if not isinstance(error, TopicClosedError):
                await self._gone(place)
            return
        except DeliveryError as error:
            _log.warning("a reply is given up: %s", error)
        except Exception:  # noqa: BLE001 # those behind it are still to be sent
            _log.exception("a reply is given up")
        waiting.popleft()

    async def _send_first(self, waiting: deque[Letter]) -> None:
        for failures in range(1, _TRIES):
            try:
                return await self._send(waiting[0])
            except DeliveryError as error:
                await self._learn(error, waiting, failures)
        return await self._send(waiting[0])

    async def _send(self, letter: Letter) -> None:
        await self._paces.of(letter.place).turn()
        await letter.send(self._bot)

    async def _learn(self, error: DeliveryError, waiting: deque[Letter], failures: int) -> None:
        """Do what an error asks for before another try; raise it where none would help."""
        place = waiting[0].place
        match error:
            case FloodError():
                self._paces.of(place).hold(error.seconds)
            case UnreachableError():
                await self._time.sleep(pause(failures))
            case TopicGoneError():
                _redirect(waiting, replace(place, topic=None))
            case MigratedError():
                await self._moved(place.chat_id, error.new_chat_id)
                _redirect(waiting, replace(place, chat_id=error.new_chat_id))
            case MessageGoneError() if waiting[0].instead_of is not None:
                waiting[0] = replace(waiting[0], instead_of=None)
            case _:
                raise error


def _redirect(waiting: deque[Letter], place: Place) -> None:
    """Send all that wait to another place; the messages that they meant are not there."""
    for index, letter in enumerate(waiting):
        waiting[index] = replace(letter, place=replace(place, reply_to=None), instead_of=None)
