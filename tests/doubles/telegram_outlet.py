"""An outlet of a chat at a strict Telegram."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from telegram import Bot

from bot.delivery.outlet import Outlet
from bot.delivery.pace import Pace, Time
from bot.phrases import Phrasebook
from bot.platforms.telegram.network import Network
from bot.platforms.telegram.outlet import TelegramOutlet
from bot.platforms.telegram.places import Place
from tests.doubles.telegram.api import TOKEN, BotApi
from tests.doubles.telegram.people import Person

PHRASES = Phrasebook.load()
NONCE = "17.1.0.0"
PACE = Pace(Time(time.monotonic, asyncio.sleep), preview_seconds=1)


def say(key: str, **fields: object) -> str:
    return PHRASES.say("en", key, **fields)


class Room:
    """A bot, somebody who talks to it, and the outlet of exchange 17."""

    def __init__(self, api: BotApi, bot: Bot) -> None:
        self.api = api
        self.bot = bot
        self.moves: list[tuple[int, int]] = []

    @classmethod
    @asynccontextmanager
    async def open(cls, api: BotApi) -> AsyncIterator["Room"]:
        """Let the bot write as fast as it likes until the end."""
        api.rates = False
        network = Network(TOKEN, api.url)
        try:
            yield cls(api, network.bot)
        finally:
            await network.close()

    def mina(self) -> Person:
        return self.api.person(7, "Mina", language_code="ko")

    def outlet(self, place: Place) -> Outlet:
        return TelegramOutlet(self.bot, place, PACE, say, 17, self._moved)

    async def _moved(self, old: int, new: int) -> None:
        self.moves.append((old, new))
