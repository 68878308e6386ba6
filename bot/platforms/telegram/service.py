"""Telegram, put together: updates come in, answers go out, and it all ends in order."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from telegram import Update, User

from bot.delivery.pace import Time
from bot.delivery.replies import LiveReplies
from bot.message import ChatKey, Platform
from bot.phrases import Phrasebook
from bot.platforms.attending import Attending, noted_later
from bot.platforms.dialogue import Dialogue
from bot.platforms.telegram.account import Account
from bot.platforms.telegram.envoy import TelegramEnvoy
from bot.platforms.telegram.intake import Intake
from bot.platforms.telegram.menu import set_menus
from bot.platforms.telegram.network import BASE_URL, Network
from bot.platforms.telegram.paces import ChatPaces
from bot.platforms.telegram.places import Place
from bot.platforms.telegram.reception import Reception
from bot.platforms.telegram.rights import Rights
from bot.platforms.telegram.speaking import Speaking
from bot.platforms.telling_commands import tell_commands


class Telegram(Attending[Update, Place]):
    """The bot on Telegram.

    Args:
        account: whose bot it is.
        dialogue: is told everything.
        replies: shows answers; made for this platform alone.
        phrases: the bot's own words.
        notice: shows a line to whoever runs the bot.
        time: the monotonic clock, and the way to wait.
        wall: unix seconds.
        met: is told the bot's user name, once, as soon as Telegram has told it.
    """

    _speaking: Speaking

    def __init__(
        self,
        account: Account,
        dialogue: Dialogue,
        replies: LiveReplies,
        phrases: Phrasebook,
        notice: Callable[[str], None],
        time: Time,
        wall: Callable[[], float],
        met: Callable[[str], None],
    ) -> None:
        super().__init__(Platform.TELEGRAM, dialogue, replies, time, wall)
        self._phrases = phrases
        self._notice = notice
        self._tell_name = met
        base_url = account.base_url or BASE_URL
        self._network = Network(account.token, base_url, account.timeouts)
        bot = self._network.bot
        paces = ChatPaces(time, account.edit_seconds)
        self._speaking = Speaking(bot, paces, self._outbox, replies, dialogue, phrases, self._moved)
        rights = Rights(bot, time)
        self._reception = Reception(bot, dialogue, self._speaking, rights, account.names)
        self._envoy = TelegramEnvoy(bot, self._speaking, phrases, time, self._start)
        self._intake = Intake(self._network, self._lanes, time, self._met)

    async def _reach(self) -> None:
        await self._intake.run()

    async def _redo(self) -> None:
        await self._network.redo()

    async def _close(self) -> None:
        await self._network.close()

    async def _take(self, event: Update) -> None:
        await self._reception.take(event)
        chat = event.effective_chat
        if chat is not None:  # a private one has the number of its person
            self._envoy.heard_from(str(chat.id))

    async def _pass_over(self, event: Update) -> None:
        await self._reception.pass_over(event)

    def _where(self, outlet: Mapping[str, object], chat: ChatKey) -> Place:
        """Return where an answer goes; the chat may have got another id since it was asked for."""
        place, chat_id = Place.from_json(outlet), int(chat.native_id.partition("/")[0])
        return place if place.chat_id == chat_id else replace(place, chat_id=chat_id, reply_to=None)

    def _met(self, me: User) -> None:
        self._notice(f"Telegram: @{me.username} is listening")
        self._dialogue.attach(self._envoy)
        self._show_left()
        self._start(tell_commands(Platform.TELEGRAM, self._set_menus, self._time))
        self._tell_name(me.username or "")

    async def _set_menus(self) -> None:
        await set_menus(self._network.bot, self._phrases)

    async def _moved(self, old: int, new: int) -> None:
        self._speaking.move(old, new)
        with noted_later():
            await self._dialogue.moved(Place(old).key(), Place(new).key())
