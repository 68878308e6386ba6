"""Housekeeping that looks when a test wants it to."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.doubles.rooms import Rooms


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
