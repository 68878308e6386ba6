"""Telegram, put together: updates come in, answers go out, and it all ends in order."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace

from telegram import User
from telegram.error import InvalidToken, TelegramError

from bot.delivery.pace import Time
from bot.delivery.replies import LiveReplies
from bot.errors import OstroError
from bot.message import ChatKey, Platform
from bot.phrases import Phrasebook
from bot.platforms.dialogue import Dialogue
from bot.platforms.lanes import Lanes
from bot.platforms.lid import lid_opened
from bot.platforms.outbox import Letter, Outbox
from bot.platforms.telegram.intake import Intake
from bot.platforms.telegram.menu import set_menus
from bot.platforms.telegram.network import BASE_URL, Network, Timeouts, bad_token
from bot.platforms.telegram.paces import ChatPaces
from bot.platforms.telegram.places import Place
from bot.platforms.telegram.reception import Reception
from bot.platforms.telegram.speaking import Speaking
from storage.errors import StorageError

_log = logging.getLogger("ostro.telegram")

STORE_SECONDS = 2.0
"""At the end updates that came already are stored, within so long."""

END_SECONDS = 8.0
"""From the moment when nothing more is taken in until the connections are closed, at most: what is
on its way out is sent meanwhile."""

_LEAST_FLUSH_SECONDS = 1.0

CHECK_SECONDS = 5.0
"""So long is waited to hear whether Telegram knows a token."""

_MENU_PAUSES = (0.0, 5.0, 60.0, 600.0)
"""Before each try to set the menus, in seconds."""


@dataclass(frozen=True, slots=True)
class Account:
    """A bot's account, and how it is used.

    Attributes:
        token: from @BotFather.
        base_url: of the Bot API server.
        edit_seconds: least time between two edits of an answer, in private chats.
        names: what the bot is called, besides its user name.
    """

    token: str = field(repr=False)
    base_url: str | None
    edit_seconds: float
    names: tuple[str, ...]


async def check_token(account: Account, seconds: float = CHECK_SECONDS) -> None:
    """Ask Telegram once who the bot is; that it cannot be asked in time means nothing.

    Raises:
        PlatformError: Telegram does not know the token.
    """
    network = Network(account.token, account.base_url or BASE_URL)
    try:
        async with asyncio.timeout(seconds):
            await network.introduce()
    except InvalidToken:
        raise bad_token() from None
    except (TelegramError, TimeoutError) as error:
        _log.info("the token could not be checked yet: %s", type(error).__name__)
    finally:
        await network.close()


class Telegram:
    """The bot on Telegram.

    Leave ``listening`` first, then let generation end, then leave ``connected``: so everything
    that was said is stored, and what was generated is shown.

    Args:
        account: whose bot it is.
        dialogue: is told everything.
        replies: shows answers; made for this platform alone.
        phrases: the bot's own words.
        notice: shows a line to whoever runs the bot.
        time: the monotonic clock, and the way to wait.
        wall: unix seconds.
        timeouts: how long is waited for the network.
    """

    def __init__(
        self,
        account: Account,
        dialogue: Dialogue,
        replies: LiveReplies,
        phrases: Phrasebook,
        notice: Callable[[str], None],
        time: Time,
        wall: Callable[[], float],
        timeouts: Timeouts | None = None,
    ) -> None:
        self._dialogue = dialogue
        self._replies = replies
        self._phrases = phrases
        self._notice = notice
        self._time = time
        self._wall = wall
        self._network = Network(account.token, account.base_url or BASE_URL, timeouts)
        bot = self._network.bot
        paces = ChatPaces(time, account.edit_seconds)
        self._outbox = Outbox(time, self._left)
        self._speaking = Speaking(bot, paces, self._outbox, replies, dialogue, phrases, self._moved)
        reception = Reception(bot, dialogue, self._speaking, account.names)
        self._lanes = Lanes(reception.take, reception.pass_over, time)
        self._intake = Intake(self._network, self._lanes, time, self._met)
        self._tasks: list[asyncio.Task[None]] = []
        self._end = 0.0

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[None]:
        """Be able to send; leaving sends what is on its way, for some seconds."""
        try:
            yield
        finally:
            left = max(_LEAST_FLUSH_SECONDS, self._end - self._time.clock())
            try:
                await asyncio.gather(self._replies.flush(left), self._outbox.flush(left))
            finally:
                await self._network.close()

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Show what an earlier run left, and take updates in; leaving stores those that came.

        Raises:
            StorageError: what was left cannot be read.
        """
        await self._take_up()
        self._fetching = self._start(self._intake.run())
        self._start(self._watch_the_lid())
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
        """Wait until nothing can be fetched any more; return once ``listening`` is left.

        Raises:
            PlatformError: Telegram does not know the token.
        """
        await asyncio.wait([self._fetching])
        if not self._fetching.cancelled():
            self._fetching.result()

    def _start(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.append(task)
        task.add_done_callback(_seen)
        return task

    async def _take_up(self) -> None:
        for left in await self._dialogue.unfinished(Platform.TELEGRAM):
            if left.outlet is None:
                _log.error("it is not known where exchange %d was asked", left.stream.exchange_id)
                continue
            place = _where(left.outlet, left.chat)
            self._speaking.give(place, await self._speaking.voice(left.chat), left.stream)

    def _met(self, me: User) -> None:
        self._notice(f"Telegram: @{me.username} is listening")
        self._start(self._set_menus())

    async def _set_menus(self) -> None:
        for seconds in _MENU_PAUSES:
            await self._time.sleep(seconds)
            try:
                await set_menus(self._network.bot, self._phrases)
            except TelegramError as error:
                _log.info("the menus are not set yet: %s", error.message)
            else:
                return
        _log.warning("the menus of commands could not be set; they stay as they are")

    async def _watch_the_lid(self) -> None:
        while True:
            seconds = await lid_opened(self._wall, self._time)
            _log.info("the machine slept for %.0f s: connections are made anew", seconds)
            await self._network.redo()

    async def _left(self, letter: Letter) -> None:
        with _noted_later():
            await self._dialogue.left(letter.chat)

    async def _moved(self, old: int, new: int) -> None:
        self._speaking.move(old, new)
        with _noted_later():
            await self._dialogue.moved(Place(old).key(), Place(new).key())


def _seen(task: asyncio.Task[None]) -> None:
    """Log what ended a task that was to go on; what a person can be told, the app tells."""
    error = None if task.cancelled() else task.exception()
    if error is not None and not isinstance(error, OstroError):
        _log.error("a part of Telegram ended", exc_info=error)


def _where(outlet: Mapping[str, object], chat: ChatKey) -> Place:
    """Return where an answer goes; the chat may have got another id since it was asked for."""
    place, chat_id = Place.from_json(outlet), int(chat.native_id.partition("/")[0])
    return place if place.chat_id == chat_id else replace(place, chat_id=chat_id, reply_to=None)


@contextmanager
def _noted_later() -> Iterator[None]:
    """Go on where something cannot be stored: Telegram says it once more, as an update or error."""
    try:
        yield
    except StorageError as error:
        _log.warning("it could not be noted that a chat is gone or moved: %s", error)
