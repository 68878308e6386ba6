"""An outbox between a strict Telegram and nobody who would be told."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.platforms.telegram.network import Network, Timeouts
from bot.platforms.telegram.outbox import Outbox
from bot.platforms.telegram.paces import Paces
from bot.platforms.telegram.places import Place
from bot.reply import Reply
from tests.doubles.hurry import hurried
from tests.doubles.telegram.api import TOKEN, BotApi
from tests.doubles.telegram.chats import Chat

PRIVATE = Place(7)
QUICK = Timeouts(poll=1, grace=0.2, connect=0.5, read=0.2, write=0.5, pool=0.5)


class Post:
    """An outbox, and what it tells of chats."""

    def __init__(self, api: BotApi, network: Network) -> None:
        time = hurried()
        self.api = api
        self.gone: list[Place] = []
        self.moves: list[tuple[int, int]] = []
        self.outbox = Outbox(network.bot, Paces(time, 1.5), time, self.leave, self.move)

    @classmethod
    @asynccontextmanager
    async def open(cls, api: BotApi) -> AsyncIterator["Post"]:
        """Send until the end, which gives up what is left."""
        network = Network(TOKEN, api.url, QUICK)
        post = cls(api, network)
        try:
            yield post
        finally:
            await post.outbox.flush(0)
            await network.close()

    async def leave(self, place: Place) -> None:
        self.gone.append(place)

    async def move(self, old: int, new: int) -> None:
        self.moves.append((old, new))

    def say(self, place: Place, *texts: str) -> None:
        for text in texts:
            self.outbox.put(place, Reply(text))

    async def done(self) -> None:
        await self.outbox.flush(1000)
        assert self.outbox._waiting == {}

    def texts(self, chat: Chat) -> list[str]:
        return [shown.text for shown in self.api.answers(chat)]
