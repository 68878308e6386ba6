"""The whole Discord room, between a strict Discord and a scripted dialogue."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from bot.delivery.pace import Time
from bot.delivery.replies import LiveReplies
from bot.message import ChatKey, Incoming, Platform
from bot.phrases import Phrasebook
from bot.platforms.discord.account import Account
from bot.platforms.discord.service import Discord
from tests.doubles.discord.api import TOKEN, DiscordApi
from tests.doubles.discord.places import Channel
from tests.doubles.discord.screen import Shown
from tests.doubles.hurry import hurried
from tests.doubles.ledger import MemoryLedger
from tests.doubles.telegram_dialogue import ScriptedDialogue

PHRASES = Phrasebook.load()
STRANGER = 666


def key(native_id: str) -> ChatKey:
    return ChatKey(Platform.DISCORD, native_id)


def said(language: str, phrase: str, **fields: object) -> str:
    return PHRASES.say(language, phrase, **fields)


class DiscordBot:
    """The whole room between a strict Discord and a scripted dialogue.

    Attributes:
        slept: seconds that the wall clock is ahead because the machine slept.
    """

    def __init__(self, api: DiscordApi) -> None:
        self.api = api
        self.dialogue = ScriptedDialogue(Platform.DISCORD)
        self.dialogue.strangers.add(str(STRANGER))
        self.ledger = MemoryLedger()
        self.notices: list[str] = []
        self.slept = 0.0
        self._began = hurried().clock()
        self._began_at = time.time()

    def account(
        self,
        token: str = TOKEN,
        *,
        threads: bool = False,
        always: frozenset[int] = frozenset(),
        content: bool = False,
    ) -> Account:
        return Account(token, 1.2, ("ostro",), threads, always, content)

    def discord(self, account: Account, time: Time) -> Discord:
        """Return the bot; servers are waited for as short as can be."""
        discord = Discord(
            account,
            self.dialogue,
            LiveReplies(self.ledger, self.dialogue.undeliverable, time),
            PHRASES,
            self.notices.append,
            time,
            self._wall,
        )
        discord.client._connection.guild_ready_timeout = 0.01
        return discord

    def _wall(self) -> float:
        """Return the time of a wall clock that is as hurried as all else."""
        return self._began_at + hurried().clock() - self._began + self.slept

    @asynccontextmanager
    async def listening(
        self, account: Account | None = None, time: Time | None = None, *, waits: bool = True
    ) -> AsyncIterator[Discord]:
        """Let it listen; ``waits``: until it is told what happens."""
        discord = self.discord(account or self.account(), time or hurried())
        async with discord.connected(), discord.listening():
            if waits:
                await self.until(discord.client.is_ready)
            yield discord

    async def until(self, condition: Callable[[], object]) -> None:
        async with asyncio.timeout(10):
            while not condition():  # noqa: ASYNC110 # what is waited for has no event
                await asyncio.sleep(0.005)

    async def until_thread(self, message: int) -> Channel:
        """Wait until a thread was opened from a message, and return it."""
        thread = await self.api.until(lambda: self.api.thread(message))
        assert thread is not None
        return thread

    async def until_answers(self, channel: Channel, *texts: str) -> list[Shown]:
        def answers() -> list[str]:
            return [one.text for one in self.api.answers(channel)]

        await self.api.until(lambda: answers() == list(texts))
        return self.api.answers(channel)

    @property
    def taken(self) -> list[Incoming]:
        return [one for one in self.dialogue.stored if isinstance(one, Incoming)]
