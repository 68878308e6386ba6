"""A platform without a network, and what is sent there."""

import asyncio
from collections.abc import Mapping
from typing import Any

from bot.delivery.outlet import Outlet, Say
from bot.delivery.pace import Pace, Time
from bot.delivery.replies import LiveReplies
from bot.delivery.stream import AnswerStream
from bot.message import Author, ChatKey, Incoming, Platform
from bot.phrases import Phrasebook
from bot.platforms.attending import Attending
from bot.platforms.dialogue import Dialogue
from bot.platforms.outbox import Letter, Outbox
from bot.platforms.speaking import Speaker
from bot.reply import Reply
from tests.doubles.ledger import MemoryLedger
from tests.doubles.telegram_dialogue import ScriptedDialogue
from tests.doubles.time import ManualTime

CHAT = ChatKey(Platform.TELEGRAM, "7")


class Mail:
    """A letter that arrives when it may."""

    chat = CHAT

    def __init__(self, time: Time) -> None:
        self.pace = Pace(time, preview_seconds=1)
        self.may_arrive = asyncio.Event()
        self.trouble: Exception | None = None

    async def send(self) -> None:
        if self.trouble is not None:
            raise self.trouble
        await self.may_arrive.wait()

    async def otherwise(self, _error: Exception) -> Letter | None:
        return None


class Voice(Speaker[int]):
    """Notes what is given to people."""

    def __init__(self, outbox: Outbox, replies: LiveReplies, dialogue: Dialogue) -> None:
        super().__init__(outbox, replies, dialogue, Phrasebook.load())
        self.given: list[tuple[int, str, str]] = []

    def give(self, place: int, say: Say, answer: Reply | AnswerStream) -> None:
        assert isinstance(answer, AnswerStream)
        self.given.append((place, say("stop.done"), answer.latest.text))

    def reply(self, place: int, reply: Reply) -> None:
        raise AssertionError((place, reply))

    def whisper(self, person: str, reply: Reply) -> None:
        raise AssertionError((person, reply))

    def _outlet(self, place: int, say: Say, exchange_id: int) -> Outlet:
        raise AssertionError((place, say, exchange_id))


class Post(Attending[Incoming, int]):
    """A platform without a network.

    Attributes:
        reached: what ends its being told what happens.
        log: what it was asked to do with its connections.
        closing: it is closed once this is set.
    """

    _speaking: Voice

    def __init__(self) -> None:
        self.manual = ManualTime()
        self.slept = 0.0
        self.dialogue = ScriptedDialogue()
        self.reached: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.log: list[str] = []
        self.closing = asyncio.Event()
        self.closing.set()
        time = self.manual.time
        replies = LiveReplies(MemoryLedger(), self.dialogue.undeliverable, time)
        super().__init__(Platform.TELEGRAM, self.dialogue, replies, time, self._now)
        self._speaking = Voice(self._outbox, replies, self.dialogue)

    def _now(self) -> float:
        return self.manual.now + self.slept

    @property
    def given(self) -> list[tuple[int, str, str]]:
        return self._speaking.given

    def send(self, letter: Letter) -> None:
        self._outbox.put([letter])

    def says(self, text: str) -> None:
        """Let somebody say something."""
        incoming = Incoming(CHAT, Author("7", "Mina"), text, event_id=text)
        self._lanes.add(incoming, len(self.log), {CHAT})

    def can_send(self) -> None:
        self._show_left()

    async def _reach(self) -> None:
        await self.reached

    async def _redo(self) -> None:
        self.log.append("anew")

    async def _close(self) -> None:
        await self.closing.wait()
        self.log.append("closed")

    async def _take(self, event: Incoming) -> None:
        await self.dialogue.take(event)

    async def _pass_over(self, event: Incoming) -> None:
        await self.dialogue.pass_over(event.chat, event.text)

    def _where(self, outlet: Mapping[str, Any], chat: ChatKey) -> int:
        assert chat == CHAT
        return int(outlet["place"])
