"""The intake between a strict Telegram and a list in which it stores."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from telegram import Update, User

from bot.platforms.lanes import Lanes
from bot.platforms.telegram.intake import Intake
from bot.platforms.telegram.network import Network, Timeouts
from tests.doubles.hurry import hurried
from tests.doubles.telegram.api import TOKEN, BotApi

QUICK = Timeouts(poll=1, grace=0.2, connect=0.5, read=0.2, write=0.5, pool=0.5)


class Desk:
    """Stores the texts that come in, in a list."""

    def __init__(self, api: BotApi) -> None:
        self.api = api
        self.stored: list[str] = []
        self.passed_over: list[int] = []
        self.held: dict[str, asyncio.Event] = {}
        self.troubles: dict[str, list[Exception]] = {}
        self.met: list[str | None] = []

    async def take(self, update: Update) -> None:
        text = (update.message and update.message.text) or ""
        if text in self.held:
            await self.held[text].wait()
        if self.troubles.get(text):
            raise self.troubles[text].pop(0)
        self.stored.append(text)

    async def pass_over(self, update: Update) -> None:
        self.passed_over.append(update.update_id)

    def meet(self, me: User) -> None:
        self.met.append(me.username)

    def hold(self, text: str) -> asyncio.Event:
        self.held[text] = asyncio.Event()
        return self.held[text]

    @asynccontextmanager
    async def open(self, token: str = TOKEN) -> AsyncIterator["asyncio.Task[None]"]:
        """Take in what comes; the end breaks it off wherever it is."""
        network, time = Network(token, self.api.url, QUICK), hurried()
        lanes: Lanes[Update] = Lanes(self.take, self.pass_over, time)
        running = asyncio.create_task(Intake(network, lanes, time, self.meet).run())
        try:
            yield running
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            await lanes.close()
            await network.close()

    async def until_stored(self, *texts: str) -> None:
        async with asyncio.timeout(10):
            while len(self.stored) < len(texts):  # noqa: ASYNC110 # what is waited for has no event
                await asyncio.sleep(0.005)
        assert self.stored == list(texts)

    async def until_confirmed(self) -> None:
        await self.api.until(lambda: not self.api.unconfirmed)


async def until_polling(api: BotApi, more: int = 1) -> None:
    before = len(api.called("getUpdates"))
    await api.until(lambda: len(api.called("getUpdates")) >= before + more)
