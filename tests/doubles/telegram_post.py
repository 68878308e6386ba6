"""What the bot says itself, between a strict Telegram and nobody who would be told."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.delivery.replies import LiveReplies
from bot.message import ChatKey
from bot.phrases import Phrasebook
from bot.platforms.outbox import Letter, Outbox
from bot.platforms.telegram.network import Network, Timeouts
from bot.platforms.telegram.paces import ChatPaces
from bot.platforms.telegram.places import Place
from bot.platforms.telegram.speaking import Speaking
from bot.reply import Reply
from tests.doubles.hurry import hurried
from tests.doubles.ledger import MemoryLedger
from tests.doubles.telegram.api import TOKEN, BotApi
from tests.doubles.telegram.chats import Chat
from tests.doubles.telegram_dialogue import ScriptedDialogue

PRIVATE = Place(7)
QUICK = Timeouts(poll=1, grace=0.2, connect=0.5, read=0.2, write=0.5, pool=0.5)


class Post:
    """An outbox that is spoken into, and what is told of chats."""

    def __init__(self, api: BotApi, network: Network) -> None:
        time, dialogue = hurried(), ScriptedDialogue()
        self.api = api
        self.gone: list[ChatKey] = []
        self.moves: list[tuple[int, int]] = []
        self.outbox = Outbox(time, self.leave)
        self.speaking = Speaking(
            network.bot,
            ChatPaces(time, 1.5),
            self.outbox,
            LiveReplies(MemoryLedger(), dialogue.undeliverable, time),
            dialogue,
            Phrasebook.load(),
            self.move,
        )

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

    async def leave(self, letter: Letter) -> None:
        self.gone.append(letter.chat)

    async def move(self, old: int, new: int) -> None:
        self.moves.append((old, new))

    def say(self, place: Place, *texts: str) -> None:
        for text in texts:
            self.speaking.reply(place, Reply(text))

    async def done(self) -> None:
        await self.outbox.flush(1000)
        assert self.outbox._waiting == {}

    def texts(self, chat: Chat) -> list[str]:
        return [shown.text for shown in self.api.answers(chat)]
