"""The bot at home on the tests' Telegram: all of it is real but the model."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot.access import Access
from bot.delivery.replies import LiveReplies
from bot.message import Platform
from bot.phrases import Phrasebook
from bot.platforms.telegram.account import Account
from bot.platforms.telegram.network import Timeouts
from bot.platforms.telegram.service import Telegram
from tests.doubles.clock import ManualClock
from tests.doubles.hurry import hurried
from tests.doubles.model import Gate, ScriptedModel
from tests.doubles.outside import run_sql
from tests.doubles.rooms import Rooms, open_rooms
from tests.doubles.telegram.api import BotApi
from tests.doubles.telegram.chats import Chat
from tests.doubles.telegram.people import Person
from tests.doubles.telegram.screen import Shown

PHRASES = Phrasebook.load()
NAMES = ("ostro", "오스트로")
SPEED = 100.0
"""So many seconds of the bot's and of the server's pace pass in one."""
PATIENT = Timeouts(poll=1, grace=5, connect=2, read=5, write=5, pool=5)
"""For a busy machine: what really is answered must not count as lost."""


def say(phrase: str, language: str = "en", **fields: object) -> str:
    """Return what the bot says itself."""
    return PHRASES.say(language, phrase, **fields)


class Home:
    """The bot of one database, which can be started again and again.

    Attributes:
        model: what answers.
        clock: unix seconds, also those of Telegram; it stands still.
    """

    def __init__(self, api: BotApi, path: Path, clock: ManualClock) -> None:
        self.api = api
        self.path = path
        self.clock = clock
        self.model = ScriptedModel()

    @asynccontextmanager
    async def open(
        self,
        *,
        speed: float = SPEED,
        answering: bool = True,
        **facts: Any,  # noqa: ANN401 # open_rooms says what each is
    ) -> AsyncIterator[Rooms]:
        """Let the bot run, put together and ended as ``ostro serve`` does it."""
        async with open_rooms(
            self.path,
            self.model,
            clock=self.clock,
            answering=False,
            platform=Platform.TELEGRAM,
            **facts,
        ) as rooms:
            telegram = self._telegram(rooms, speed)
            async with telegram.connected():
                if answering:
                    async with rooms.queue.running(), telegram.listening():
                        yield rooms
                else:
                    async with telegram.listening():
                        yield rooms

    def _telegram(self, rooms: Rooms, speed: float) -> Telegram:
        time = hurried(speed)
        return Telegram(
            Account(self.api.token, self.api.url, 1.5, NAMES, PATIENT),
            rooms.dialogue,
            LiveReplies(rooms.database.deliveries, rooms.dialogue.undeliverable, time),
            PHRASES,
            lambda _line: None,
            time,
            lambda: time.clock() + self.clock(),
            lambda _name: None,
        )

    # What is waited for

    async def shows(self, chat: Chat, *texts: str, topic: int | None = None) -> list[Shown]:
        """Wait until these are the bot's messages in a chat, and return them."""
        await self.api.until(
            lambda: [one.text for one in self.api.answers(chat, topic)] == list(texts)
        )
        return self.api.answers(chat, topic)

    async def finds(self, chat: Chat, fits: Callable[[Shown], object]) -> Shown:
        """Wait until messages of the bot's in a chat are like this, and return the first."""
        found = await self.api.until(lambda: [one for one in self.api.answers(chat) if fits(one)])
        return found[0]

    async def edited(self, chat: Chat, times: int) -> None:
        """Wait until the bot has edited so often in a chat."""
        await self.api.until(lambda: len(self.api.called("editMessageText", chat)) >= times)

    async def reaches(self, gate: Gate) -> None:
        """Wait until the model stands at a gate."""
        async with asyncio.timeout(10):
            await gate.reached.wait()

    async def answered(self, person: Person, chat: Chat, question: str) -> Shown:
        """Ask, and wait for the whole of the answer: the model's echo."""
        person.says(chat, question)
        return await self.finds(
            chat, lambda one: f"re: {question}" in one.text and say("button.retry") in one.labels
        )

    async def toasts(self, *texts: str) -> None:
        """Wait until these are the answers to presses so far."""
        await self.api.until(lambda: [one.text for one in self.api.toasts] == list(texts))

    async def confirmed(self) -> None:
        """Wait until nothing waits at Telegram: all is stored."""
        await self.api.until(lambda: not self.api.unconfirmed)

    # What is looked at

    @property
    def asked(self) -> list[str]:
        """The questions that the model was given so far."""
        return [one.question for one in self.model.conversations]

    def states(self) -> list[tuple[str, str]]:
        """Return questions and their states as they are stored, oldest first."""
        rows = run_sql(self.path, "SELECT question, state FROM exchanges ORDER BY id")
        return [(str(question), str(state)) for question, state in rows]


def closed() -> Access:
    """Return that only Owner is answered, until they let others in."""
    return Access(["telegram:9", "discord:7"], open_to_all=False)


def asks(name: str, who: str) -> str:
    """Return how the owner is told that a person wants to be let in."""
    return say("access.request", name=name, who=f"telegram:{who}")


def asks_for_place(name: str, who: str) -> str:
    """Return the same for a group."""
    return say("access.request_place", name=name, who=f"telegram:{who}")
