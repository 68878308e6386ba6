"""Housekeeping that looks when a test wants it to, and answers that last until they are ended."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.delivery.stream import AnswerStream
from bot.message import Author
from tests.doubles.loop import until
from tests.doubles.model import Gate
from tests.doubles.rooms import MINA, Rooms, said


class Looks:
    """Sleep that lasts until the test lets the housekeeping look once."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self._asleep = asyncio.Event()
        self.waking = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        self.seconds.append(seconds)
        self._asleep.set()
        await self.waking.wait()
        self.waking.clear()

    async def look(self) -> None:
        """Let it look, and wait until it has."""
        await self._asleep.wait()
        self._asleep.clear()
        self.waking.set()
        await self._asleep.wait()


@asynccontextmanager
async def kept(rooms: Rooms) -> AsyncIterator[Looks]:
    """Let the housekeeping run, one look after the other."""
    looks = Looks()
    rooms.housekeeping._sleep = looks.sleep
    async with rooms.housekeeping.running():
        yield looks


async def under_way(rooms: Rooms, text: str, author: Author = MINA) -> AnswerStream:
    """Ask something whose answer stops after ``Bec``, until it is told to end."""
    rooms.model.will("Bec", Gate(), "ause.")
    stream = await rooms.dialogue.take(said(text, author=author, kind="group"))
    assert isinstance(stream, AnswerStream)
    await until(lambda: stream.latest.text)
    return stream
