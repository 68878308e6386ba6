"""Discord, put together: what happens comes in, answers go out, and it all ends in order."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from functools import partial

from bot.delivery.pace import Time
from bot.delivery.replies import LiveReplies
from bot.errors import OstroError
from bot.message import Platform
from bot.phrases import Phrasebook
from bot.platforms.dialogue import Dialogue
from bot.platforms.discord.account import Account, check_token
from bot.platforms.discord.catching_up import CatchingUp
from bot.platforms.discord.client import OstroClient
from bot.platforms.discord.commands import Commands
from bot.platforms.discord.gateway import Gateway
from bot.platforms.discord.happenings import Happening, Happenings
from bot.platforms.discord.permissions import Complaints
from bot.platforms.discord.places import Place
from bot.platforms.discord.presses import Presses
from bot.platforms.discord.reading import Ears
from bot.platforms.discord.reception import Reception
from bot.platforms.discord.slash import command_tree
from bot.platforms.discord.speaking import Speaking
from bot.platforms.discord.telling_commands import tell_commands
from bot.platforms.discord.told import Told
from bot.platforms.lanes import Lanes
from bot.platforms.lid import lid_opened
from bot.platforms.outbox import Letter, Outbox
from bot.platforms.paces import Paces
from storage.errors import StorageError

__all__ = ["Account", "Discord", "check_token"]

STORE_SECONDS = 2.0
"""At the end what came already is stored, within so long."""

END_SECONDS = 8.0
"""From the moment when nothing more is taken in until the connections are closed, at most: what is
on its way out is sent meanwhile."""

_LEAST_FLUSH_SECONDS = 1.0
_CLOSE_SECONDS = 1.0

_log = logging.getLogger("ostro.discord")


class Discord:
    """The bot on Discord.

    Leave ``listening`` first, then let generation end, then leave ``connected``: so everything
    that was said is stored, and what was generated is shown.

    Attributes:
        client: is told what happens, by whatever connection it has.

    Args:
        account: whose bot it is.
        dialogue: is told everything.
        replies: shows answers; made for this platform alone.
        phrases: the bot's own words.
        notice: shows a line to whoever runs the bot.
        time: the monotonic clock, and the way to wait.
        wall: unix seconds.
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
    ) -> None:
        self.client = OstroClient(message_content=account.message_content)
        self._account = account
        self._dialogue = dialogue
        self._replies = replies
        self._notice = notice
        self._time = time
        self._wall = wall
        self._outbox = Outbox(time, self._left)
        self._speaking = Speaking(
            self.client,
            Paces(time),
            self._outbox,
            replies,
            dialogue,
            phrases,
            account.edit_seconds,
            wall,
        )
        self._lanes: Lanes[Happening] = Lanes(_take, self._pass_over, time)
        self._happenings = Happenings(self._lanes)
        reception = Reception(
            dialogue, self._speaking, self._happenings, Complaints(notice), self._ears, time
        )
        self._catching_up = CatchingUp(
            self.client, dialogue, reception, self._happenings, time, wall
        )
        presses = Presses(dialogue, self._speaking, self._happenings)
        commands = Commands(dialogue, self._speaking, self._happenings)
        self._tree = command_tree(self.client, commands.take, dialogue.personas, phrases)
        self.client.listener = Told(reception, self._catching_up, presses, self._entered, self._met)
        self._gateway = Gateway(self.client, account.token, time)
        self._tasks: list[asyncio.Task[None]] = []
        self._unshown: list[Callable[[], None]] = []
        self._is_met = False
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
                await self._close()

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Show what an earlier run left, and take in what happens; leaving stores what came.

        Raises:
            StorageError: what was left cannot be read.
        """
        async with self.attending():
            self._reaching = self._start(self._gateway.run())
            self._start(self._watch_the_lid())
            try:
                yield
            finally:
                self._gateway.end()

    @asynccontextmanager
    async def attending(self) -> AsyncIterator[None]:
        """Do all that ``listening`` does but connect the client: something else does.

        Raises:
            StorageError: what was left cannot be read.
        """
        await self._take_up()
        try:
            yield
        finally:
            self._end = self._time.clock() + END_SECONDS
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, self._catching_up.end(), return_exceptions=True)
            self._happenings.end()
            try:
                await self._lanes.settle(STORE_SECONDS)
            finally:
                await self._lanes.close()

    async def failed(self) -> None:
        """Wait until nothing is told any more; return once ``listening`` is left.

        Raises:
            PlatformError: Discord refuses the token, or what is asked for with it.
        """
        await asyncio.wait([self._reaching])
        if not self._reaching.cancelled():
            self._reaching.result()

    async def _close(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(_CLOSE_SECONDS):
                await self.client.close()

    def _start(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.append(task)
        task.add_done_callback(_seen)
        return task

    def _ears(self) -> Ears:
        account, me = self._account, self.client.user
        if me is None:  # it tells who we are before it tells of messages
            raise RuntimeError("Discord has not told who the bot is")
        return Ears(
            me,
            account.names,
            account.always_channels,
            account.message_content,
            account.threads,
        )

    async def _take_up(self) -> None:
        """Learn what an earlier run left; nothing can be sent before the client is logged in."""
        for left in await self._dialogue.unfinished(Platform.DISCORD):
            if left.outlet is None:
                _log.error("it is not known where exchange %d was asked", left.stream.exchange_id)
                continue
            place, say = Place.from_json(left.outlet), await self._speaking.voice(left.chat)
            self._unshown.append(partial(self._speaking.give, place, say, left.stream))

    def _entered(self) -> None:
        """Show what an earlier run left."""
        unshown, self._unshown = self._unshown, []
        for show in unshown:
            show()

    def _met(self) -> None:
        if not self._is_met and self.client.user is not None:
            self._is_met = True
            self._notice(f"Discord: {self.client.user.name} is listening")
            self._start(tell_commands(self._tree, self._time))

    async def _watch_the_lid(self) -> None:
        while True:
            seconds = await lid_opened(self._wall, self._time)
            _log.info("the machine slept for %.0f s: connections are made anew", seconds)
            await self._gateway.redo()

    async def _pass_over(self, happening: Happening) -> None:
        await self._dialogue.pass_over(happening.chat, happening.event_id)

    async def _left(self, letter: Letter) -> None:
        try:
            await self._dialogue.left(letter.chat)
        except StorageError as error:  # Discord says it once more, as an event or an error
            _log.warning("it could not be noted that a chat is gone: %s", error)


async def _take(happening: Happening) -> None:
    await happening.take()


def _seen(task: asyncio.Task[None]) -> None:
    """Log what ended a task that was to go on; what a person can be told, the app tells."""
    error = None if task.cancelled() else task.exception()
    if error is not None and not isinstance(error, OstroError):
        _log.error("a part of Discord ended", exc_info=error)
