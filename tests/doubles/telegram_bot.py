"""The whole Telegram room, between a strict Telegram and a scripted dialogue."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from bot.delivery.pace import Time
from bot.delivery.replies import LiveReplies
from bot.message import ChatKey, Incoming, Platform
from bot.phrases import Phrasebook
from bot.platforms.telegram.account import Account
from bot.platforms.telegram.network import Timeouts
from bot.platforms.telegram.service import Telegram
from tests.doubles.clock import ManualClock
from tests.doubles.hurry import hurried
from tests.doubles.ledger import MemoryLedger
from tests.doubles.telegram.api import TOKEN, BotApi
from tests.doubles.telegram.chats import Chat
from tests.doubles.telegram.screen import Shown
from tests.doubles.telegram_dialogue import ScriptedDialogue

QUICK = Timeouts(poll=1, grace=0.3, connect=0.5, read=0.3, write=0.5, pool=0.5)
PHRASES = Phrasebook.load()
STRANGER = 666


def key(native_id: str) -> ChatKey:
    return ChatKey(Platform.TELEGRAM, native_id)


def said(language: str, phrase: str, **fields: object) -> str:
    return PHRASES.say(language, phrase, **fields)


class TelegramBot:
    """The whole room between a strict Telegram and a scripted dialogue."""

    def __init__(self, api: BotApi) -> None:
        self.api = api
        self.dialogue = ScriptedDialogue()
        self.dialogue.strangers.add(str(STRANGER))
        self.ledger = MemoryLedger()
        self.notices: list[str] = []
        self.names: list[str] = []
        self.wall = ManualClock()

    def account(self, token: str = TOKEN, timeouts: Timeouts = QUICK) -> Account:
        return Account(token, self.api.url, 1.5, ("ostro",), timeouts)

    def telegram(self, token: str, timeouts: Timeouts, time: Time) -> Telegram:
        return Telegram(
            self.account(token, timeouts),
            self.dialogue,
            LiveReplies(self.ledger, self.dialogue.undeliverable, time),
            PHRASES,
            self.notices.append,
            time,
            lambda: time.clock() + self.wall(),
            self.names.append,
        )

    @asynccontextmanager
    async def listening(
        self, token: str = TOKEN, timeouts: Timeouts = QUICK
    ) -> AsyncIterator[Telegram]:
        telegram = self.telegram(token, timeouts, hurried())
        async with telegram.connected(), telegram.listening():
            yield telegram

    async def until(self, condition: Callable[[], object]) -> None:
        async with asyncio.timeout(10):
            while not condition():  # noqa: ASYNC110 # what is waited for has no event
                await asyncio.sleep(0.005)

    async def until_answers(self, chat: Chat, *texts: str) -> list[Shown]:
        await self.api.until(lambda: [one.text for one in self.api.answers(chat)] == list(texts))
        return self.api.answers(chat)

    async def until_confirmed(self) -> None:
        await self.api.until(lambda: not self.api.unconfirmed)

    @property
    def taken(self) -> list[Incoming]:
        return [one for one in self.dialogue.stored if isinstance(one, Incoming)]
