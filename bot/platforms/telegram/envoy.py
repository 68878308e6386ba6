"""How people are reached in private, and who of them is told of the commands of admins."""

import asyncio
import logging
from collections.abc import Callable, Collection, Coroutine
from functools import partial

from telegram import Bot

from bot.delivery.outlet import PlaceGoneError
from bot.delivery.pace import Time
from bot.message import Platform
from bot.phrases import Phrasebook
from bot.platforms.telegram.menu import drop_admin_menu, set_admin_menu
from bot.platforms.telegram.speaking import Speaking
from bot.platforms.telling_commands import tell_commands
from bot.reply import Reply

_log = logging.getLogger("ostro.telegram")


class TelegramEnvoy:
    """Reaches people who have written to the bot; Telegram lets nobody else be written to.

    Args:
        bot: to tell menus with.
        speaking: sends what is written.
        phrases: the bot's own words.
        time: to wait with.
        start: does something beside all else.
    """

    platform = Platform.TELEGRAM

    def __init__(
        self,
        bot: Bot,
        speaking: Speaking,
        phrases: Phrasebook,
        time: Time,
        start: Callable[[Coroutine[None, None, None]], object],
    ) -> None:
        self._bot = bot
        self._speaking = speaking
        self._phrases = phrases
        self._time = time
        self._start = start
        self._admins: frozenset[str] = frozenset()
        self._unreached: set[str] = set()
        self._one_by_one = asyncio.Lock()

    def write(self, person: str, reply: Reply) -> None:
        """Send somebody the bot's own words in private, if they have written to it before."""
        self._speaking.whisper(person, reply)

    def admins_are(self, people: Collection[str]) -> None:
        """Have /admin offered in the private chats of these, and of nobody else any more.

        Those of an earlier run are not known: whoever was no admin by its end, but was one once,
        keeps a menu with a command that does nothing for them.
        """
        changed = self._admins ^ frozenset(people)
        self._admins = frozenset(people)
        for person in sorted(changed):
            self._tell(person)

    def heard_from(self, person: str) -> None:
        """Learn that somebody has written: they can be reached from now on."""
        if person in self._unreached:
            self._unreached.discard(person)
            self._tell(person)

    def _tell(self, person: str) -> None:
        tell = partial(self._tell_menu, person)
        self._start(tell_commands(Platform.TELEGRAM, tell, self._time))

    async def _tell_menu(self, person: str) -> None:
        """Tell what holds by now: of two who tell the same person's, the last one is right."""
        async with self._one_by_one:
            menu = set_admin_menu if person in self._admins else drop_admin_menu
            try:
                await menu(self._bot, self._phrases, person)
            except PlaceGoneError:  # it does not help to repeat that
                self._unreached.add(person)
                _log.info("an admin has never written to the bot, and is not offered /admin yet")
