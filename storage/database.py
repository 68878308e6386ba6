"""The database: what is opened, and what is in it."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Self

from storage.chats import Chats
from storage.connection import Connection
from storage.deliveries import Deliveries
from storage.exchanges import Exchanges
from storage.incoming import Incoming
from storage.people import People
from storage.schema import prepare

Clock = Callable[[], float]
"""Tells the time in unix seconds."""


class Database:
    """An open database.

    Attributes:
        chats: where people talk to the bot.
        deliveries: which messages show the answers, and whether those have arrived.
        exchanges: what was asked and answered; the pending ones are the queue.
        incoming: which events of the platforms were taken in.
        people: who talks to it.
    """

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self.chats = Chats(connection, clock)
        self.deliveries = Deliveries(connection, clock)
        self.exchanges = Exchanges(connection, clock)
        self.incoming = Incoming(connection, clock)
        self.people = People(connection)

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
