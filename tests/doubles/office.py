"""The room of the admins over a real database, without the rest of the bot."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.access import Access
from bot.admin.chat import AdminCommands
from bot.admin.deeds import Deeds
from bot.asker import Asker
from bot.casting import Casting, Role
from bot.errors import TooLongError
from bot.message import Author, Platform
from bot.personas import BUILTIN, Personas
from bot.phrases import Phrasebook
from bot.reply import Reply
from bot.voice import Voice
from storage.database import Database
from storage.records import Chat, Exchange, Person, PersonRole
from tests.doubles.clock import ManualClock
from tests.doubles.stored import ask


@dataclass(slots=True)
class Office:
    """What admins look at, and with what.

    Attributes:
        path: the database's.
        settled: how often all that runs was let know; here that is ``access`` alone.
        too_long: personas that the model's window has no room for.
    """

    path: Path
    database: Database
    access: Access
    clock: ManualClock
    deeds: Deeds = field(init=False)
    commands: AdminCommands = field(init=False)
    settled: int = 0
    too_long: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        personas = Personas.load(BUILTIN, None)
        self.deeds = Deeds(
            self.database, self.access, personas, self._settle, self.clock, self._too_long
        )
        voice = Voice(Phrasebook.load(), Casting(personas, None, None, "en"))
        self.commands = AdminCommands(self.deeds, voice)

    async def _settle(self) -> None:
        self.settled += 1
        people, places = self.database.people, self.database.places
        self.access.know(await people.with_roles(), await places.rules())

    async def _too_long(self, role: Role) -> TooLongError | None:
        return TooLongError(500, 400, persona=True) if role.name in self.too_long else None

    async def chat(
        self, native_id: str = "1", kind: str = "private", title: str = "", on: str = "telegram"
    ) -> Chat:
        """Take a chat in."""
        return await self.database.chats.open(on, native_id, kind, title)

    async def person(
        self, native_id: str, role: PersonRole | None = None, name: str = "", on: str = "telegram"
    ) -> Person:
        """Take a person in."""
        return await self.database.people.set_role(on, native_id, role, name)

    async def role(self, native_id: str, on: str = "telegram") -> PersonRole | None:
        """Return somebody's stored role; nobody is asked for who is not stored."""
        person = await self.database.people.find(on, native_id)
        assert person is not None
        return person.role

    async def ask(self, chat: Chat, person: Person | None = None, name: str = "Mina") -> Exchange:
        """Let somebody ask something."""
        if person is None:
            return await ask(self.database.exchanges, chat.id)
        added = await self.database.exchanges.add(chat.id, person.id, name, "Why?")
        assert added is not None
        return added

    async def waiting(self) -> list[int]:
        """Return the numbers of the questions that wait or are answered."""
        return [one.id for one in await self.database.overview.queue()]

    async def type(
        self,
        argument: str,
        role: PersonRole | None = PersonRole.OWNER,
        me: str = "1",
        language: str = "en",
    ) -> Reply:
        """Give ``/admin`` and what follows in one's private chat."""
        chat = await self.database.chats.set_language((await self.chat(me)).id, language)
        asker = Asker(Platform.TELEGRAM, Author(me, "Mina"), manages=True, role=role)
        return await self.commands.run(asker, chat, argument)

    def stored(self) -> dict[str, list[Any]]:
        """Return all rows of all tables, as another program sees them."""
        with closing(sqlite3.connect(self.path)) as connection:
            tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            names = [name for (name,) in tables if not name.startswith("sqlite_")]
            return {
                name: connection.execute(f"SELECT * FROM {name}").fetchall()  # noqa: S608 # ours
                for name in names
            }


@asynccontextmanager
async def open_office(path: Path, *owners: str) -> AsyncIterator[Office]:
    """Open the room over the database at ``path``; ``owners`` are so by the settings."""
    clock = ManualClock()
    async with Database.open(path, clock) as database:
        yield Office(path, database, Access(owners, open_to_all=False), clock)
