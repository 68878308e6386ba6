"""The database: what is opened, and what is in it."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Self

from storage.arrivals import Arrivals
from storage.chats import Chats
from storage.claims import Claims
from storage.connection import Connection
from storage.deliveries import Deliveries
from storage.erasing import Erasing
from storage.exchanges import Exchanges
from storage.incoming import Incoming
from storage.knocks import Knocks
from storage.overview import Overview
from storage.people import People
from storage.places import Places
from storage.schema import prepare
from storage.scrubbing import scrub
from storage.signals import Signals

Clock = Callable[[], float]
"""Tells the time in unix seconds."""


class Database:
    """An open database.

    Attributes:
        path: the file.
        arrivals: what is known of messages that arrive.
        chats: where people talk to the bot.
        claims: the one-time code that makes somebody owner.
        deliveries: which messages show the answers, and whether those have arrived.
        erasing: deletes all of one person, or all that is old.
        exchanges: what was asked and answered; the pending ones are the queue.
        incoming: which events of the platforms were taken in.
        knocks: who asks to be let in.
        overview: what there is of everything.
        people: who talks to it, and what they were granted.
        places: which places are let in, or kept out.
        signals: what every process that has it open is to notice.
    """

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self.path = connection.path
        self._connection = connection
        self._version: int | None = None
        self.arrivals = Arrivals(connection)
        self.chats = Chats(connection, clock)
        self.claims = Claims(connection, clock)
        self.deliveries = Deliveries(connection, clock)
        self.erasing = Erasing(connection, clock)
        self.exchanges = Exchanges(connection, clock)
        self.incoming = Incoming(connection, clock)
        self.knocks = Knocks(connection, clock)
        self.overview = Overview(connection)
        self.people = People(connection)
        self.places = Places(connection)
        self.signals = Signals(connection)

    @classmethod
    @asynccontextmanager
    async def open(cls, path: Path, clock: Clock = time.time) -> AsyncIterator[Self]:
        """Hold the database at ``path`` open; it is made, or brought up to date, as needed.

        The file, its side files and copies have mode 0600. When the context is left, no thread
        is.

        Raises:
            NewerDatabaseError: a newer version wrote it; it was left untouched.
            StorageError: it cannot be opened; the message says what to do.
        """
        await asyncio.to_thread(prepare, path)
        async with Connection.open(path) as connection:
            yield cls(connection, clock)

    async def changed(self) -> bool:
        """Say whether another connection has changed anything since this was last asked.

        What goes through this one does not count. The first time it is False.
        """
        before, self._version = self._version, await self._connection.data_version()
        return before is not None and before != self._version

    async def scrub(self) -> bool:
        """Leave nothing in the files of what was erased; it takes a second for some 100 MB.

        False where it cannot be done to the end now, as while others use the database: it is to
        be tried again.
        """
        return await scrub(self._connection)
