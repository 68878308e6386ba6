"""All of the bot but its platforms and its real model, put together as the app does it."""

import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from bot.access import Access
from bot.app.parts import House, receive
from bot.casting import Casting
from bot.catch_up import CatchUp
from bot.claims import Claims
from bot.delivery.stream import AnswerStream, Snapshot
from bot.dialogue import Dialogue
from bot.generation.queue import GenerationQueue
from bot.housekeeping import Housekeeping
from bot.limits import Limits
from bot.message import Author, ChatKey, Incoming, Platform
from bot.personas import BUILTIN, Personas
from bot.phrases import Phrasebook
from bot.reply import Reply
from bot.voice import Voice
from storage.database import Database
from storage.records import Chat, Exchange
from tests.doubles.clock import ManualClock
from tests.doubles.model import ScriptedModel

MINA = Author("7", "Mina")
NOON = 1_700_049_600.0
"""2023-11-15 12:00 UTC, a Wednesday."""


@dataclass(frozen=True, slots=True)
class Rooms:
    """The rooms, and what people do in them; ``place`` is a chat's name."""

    database: Database
    model: ScriptedModel
    queue: GenerationQueue
    dialogue: Dialogue
    clock: ManualClock
    housekeeping: Housekeeping
    claims: Claims

    async def send(
        self, text: str, place: str = "home", event: str | None = None
    ) -> Reply | AnswerStream:
        """Say something."""
        return await self.dialogue.take(said(text, place, event_id=event))

    async def ask(self, text: str, place: str = "home") -> AnswerStream:
        """Say something that is answered by the model."""
        stream = await self.send(text, place)
        assert isinstance(stream, AnswerStream)
        return stream

    async def answer(self, text: str, place: str = "home") -> Snapshot:
        """Say something and wait for the model's whole answer."""
        return await ended(await self.ask(text, place))

    async def command(self, text: str, place: str = "home") -> str:
        """Give a command and return the bot's own words."""
        reply = await self.send(text, place)
        assert isinstance(reply, Reply)
        return reply.text

    async def chat(self, place: str = "home") -> Chat:
        """Return what is stored of a chat."""
        return await self.database.chats.open(Platform.TERMINAL, place, "private", "")

    async def stored(self, place: str = "home") -> list[Exchange]:
        """Return all that is stored of what was said in a chat."""
        return await self.database.exchanges.all((await self.chat(place)).id)

    async def newest(self, place: str = "home") -> Exchange:
        """Return the last that was said in a chat."""
        return (await self.stored(place))[-1]


@asynccontextmanager
async def open_rooms(  # noqa: PLR0913 # a test names the few that it is about
    path: Path,
    model: ScriptedModel | None = None,
    *,
    persona: str | None = "coder",
    language: str | None = None,
    seed: int | None = None,
    clock: ManualClock | None = None,
    answering: bool = True,
    platform: Platform = Platform.TERMINAL,
    access: Access | None = None,
    catch_up_seconds: float = math.inf,
    limits: Limits | None = None,
    retention_days: int | None = None,
) -> AsyncIterator[Rooms]:
    """Open the rooms over the database at ``path``; leaving them is a clean stop.

    Args:
        path: the database.
        model: what answers; None: it echoes.
        persona: of chats that chose none; the coder has neither a date nor examples.
        language: of chats that chose none; None: their people's, or English.
        seed: of the draw.
        clock: the only one; None: it stands still at NOON.
        answering: whether the queue runs.
        platform: whose chats are answered.
        access: who is answered; None: everyone.
        catch_up_seconds: questions that are older have waited too long.
        limits: how much people may ask; None: as much as they like.
        retention_days: exchanges that are older are deleted when the housekeeping runs.
    """
    model, clock = model or ScriptedModel(), clock or ManualClock(NOON)
    phrases = Phrasebook.load()
    voice = Voice(phrases, Casting(Personas.load(BUILTIN, None), persona, language, "en"))
    async with Database.open(path, clock) as database:
        house = House(
            partial(database.exchanges.pending, [platform]),
            access or Access((), open_to_all=True),
            CatchUp(catch_up_seconds, catch_up_seconds, clock),
            seed,
            limits,
            retention_days,
            clock,
        )
        parts = receive(database, model, voice, house)
        dialogue, queue, keeper = parts.dialogue, parts.queue, parts.housekeeping
        rooms = Rooms(database, model, queue, dialogue, clock, keeper, parts.claims)
        await keeper.settle()
        if answering:
            async with queue.running():
                yield rooms
        else:
            yield rooms


def said(
    text: str,
    place: str = "home",
    author: Author = MINA,
    **facts: Any,  # noqa: ANN401 # Incoming says what each is
) -> Incoming:
    """Return what somebody said, with such further facts as Incoming has."""
    return Incoming(key(place), author, text, **facts)


def key(place: str) -> ChatKey:
    """Return the key of a chat."""
    return ChatKey(Platform.TERMINAL, place)


async def ended(stream: AnswerStream) -> Snapshot:
    """Wait for the end of an answer."""
    async for _ in stream.snapshots():
        pass
    return stream.latest
