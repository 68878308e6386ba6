"""What both platforms' stages have in common: what is prepared, looked at, and made good again."""

import asyncio
import re
import sqlite3
from abc import ABC, abstractmethod
from contextlib import closing
from pathlib import Path
from typing import Any

from bot.access import Access
from bot.message import Platform
from bot.platforms.attending import Attending
from storage.records import Chat, Exchange
from tests.access.cast import NUMBERS, ROLES, TARGET, WRONG, Deed, Heard
from tests.access.table import Row
from tests.doubles.model import ScriptedModel
from tests.doubles.rooms import Rooms
from tests.doubles.stored import give_answer

PENDING, ANSWERED, CUT, PUT_OFF = "pending", "answered", "cut", "put off"
_STATES = {"stop": PENDING, "retry": ANSWERED, "continue": CUT, "answer": PUT_OFF}


class Stage(ABC):
    """A platform with everybody of the table in its places, and a running bot.

    Attributes:
        rooms: of the bot.
        service: its part on the platform.
        access: who is answered.
    """

    platform: Platform
    rooms: Rooms
    service: Attending[Any, Any]

    def __init__(self, path: Path, model: ScriptedModel, *, open_to_all: bool) -> None:
        self.path = path
        self.model = model
        owners = NUMBERS["owner by settings"], NUMBERS["another owner"]
        settings = [f"{self.platform}:{owner}" for owner in owners]
        self.access = Access(settings, open_to_all=open_to_all)

    # What each platform does in its own way

    @abstractmethod
    def native(self, where: str) -> str:
        """Return what the platform calls a place; a private one: of the person who is acting."""

    @abstractmethod
    def said_before(self, row: Row) -> int:
        """Let the person have said something of which the bot is not told, and return its id."""

    @abstractmethod
    async def act(self, deed: Deed) -> Deed:
        """Do it, and return it with what was made on the way."""

    @abstractmethod
    def says_each(self, deed: Deed) -> bool:
        """Say whether somebody is told the line whatever others were told there today."""

    @abstractmethod
    def expected(self, row: Row) -> str:
        """Return what the table says, where the platform wants nothing else."""

    @abstractmethod
    def heard(self, deed: Deed) -> list[Heard]:
        """Return what came of it for the person."""

    @abstractmethod
    def busy(self) -> object:
        """Say whether anything is on its way on the platform."""

    @abstractmethod
    def fetched(self) -> int:
        """Return how many files were fetched."""

    @abstractmethod
    def target_place(self) -> str:
        """Return a place on which is decided, and where nobody is."""

    # What is the same for both

    async def idle(self) -> None:
        """Wait until nothing is on its way."""
        async with asyncio.timeout(20):
            while self._busy() or self.busy():  # noqa: ASYNC110 # what is waited for has no event
                await asyncio.sleep(0.0005)

    def _busy(self) -> object:
        service = self.service
        waits = service._replies._showing or service._outbox._tasks
        return waits or service._lanes.first_open is not None

    async def cast(self) -> None:
        """Give roles and rules, and have everybody seen who was."""
        database = self.rooms.database
        apart = database._connection.impatient
        await apart(lambda run: run.rows("PRAGMA synchronous = OFF"))  # no power fails here
        for who, role in ROLES.items():
            await database.people.set_role(self.platform, str(NUMBERS[who]), role, who)
        await database.people.open(self.platform, str(NUMBERS["seen in a group"]), "Seen", None)
        await database.people.open(self.platform, str(NUMBERS["somebody else"]), "Else", None)
        for where, allowed in (("allowed", True), ("blocked", False)):
            rule = self.rule(where)
            await database.places.set(self.platform, rule, allowed=allowed)
        await self.rooms.housekeeping.settle()

    def rule(self, where: str) -> str:
        """Return what the rule of a place is kept under."""
        return self.native(where).partition("/")[0]

    async def prepare(self, row: Row) -> Deed:
        """Put what a deed needs into the database, and return it."""
        what, exchange = row.what, None
        if what.startswith(("/clear", "[/clear", "/export")):
            await self._exchange(row, "somebody else", ANSWERED)
        if "of " in what:
            whose = row.who if what.endswith("one's own") else "somebody else"
            name = re.sub(r"[^a-z]", "", what.partition(" of ")[0])
            elsewhere = what.endswith("chat's")
            exchange = await self._exchange(row, whose, _STATES[name], elsewhere=elsewhere)
        message = 0
        if what == "an edit":
            message = self.said_before(row)
            await self._exchange(row, row.who, ANSWERED, message=message)
        await self._pausing(what)
        words = await self._words(what)
        if what.startswith("[") and exchange is not None:
            words = f"{words.partition(' of ')[0].strip('[]')}:{exchange.id}"
        return Deed(row, words.partition(" of ")[0].strip("[]"), message)

    async def _pausing(self, what: str) -> None:
        """Let nothing be answered that is to be stopped."""
        signals, paused = self.rooms.database.signals, "stop" in what
        if await signals.paused() is not paused:
            await signals.pause(paused)
            await self.rooms.housekeeping.settle()

    async def _words(self, what: str) -> str:
        other = str(NUMBERS["somebody else"])
        fill = {
            "~wrong": WRONG,
            "~other": other,
            "~person": f"{self.platform}:{TARGET}",
            "~place": f"{self.platform}:{self.target_place()}",
            "~owner": f"{self.platform}:{NUMBERS['another owner']}",
        }
        for name, value in fill.items():
            what = what.replace(name, value)
        if "~right" in what:
            what = what.replace("~right", await self.rooms.claims.issue())
        return what

    async def chat(self, row: Row, *, elsewhere: bool = False) -> Chat:
        """Return the chat in which something is done."""
        private = row.where in {"private", "open"}
        kind = "private" if private else "thread" if row.where.endswith("/") else "group"
        native = self.private(row.who) if private else self.native(row.where)
        if elsewhere:
            native, kind = self.private("somebody else"), "private"
        return await self.rooms.database.chats.open(self.platform, native, kind, "Friends")

    @abstractmethod
    def private(self, who: str) -> str:
        """Return what the platform calls the private chat of somebody."""

    async def _exchange(
        self,
        row: Row,
        whose: str,
        state: str,
        *,
        elsewhere: bool = False,
        message: int | None = None,
    ) -> Exchange:
        """Let somebody have asked something."""
        database = self.rooms.database
        chat = await self.chat(row, elsewhere=elsewhere)
        person = await database.people.open(self.platform, str(NUMBERS[whose]), whose, None)
        exchange = await database.exchanges.add(
            chat.id,
            person.id,
            whose,
            "Before?",
            message_id=None if message is None else str(message),
            asked_at=self.rooms.clock() if state == PENDING else None,
        )
        assert exchange is not None
        if state == PUT_OFF:
            assert await database.exchanges.put_off(exchange.id, exchange.revision)
        elif state != PENDING:
            ended = "cut" if state == CUT else "stop"
            assert await give_answer(database.exchanges, exchange, "Because", ended)
        if state != PENDING:
            await database.deliveries.delivered(exchange.id)
        return exchange

    async def restore(self, row: Row) -> None:
        """Make good what a deed has changed for others."""
        database = self.rooms.database
        if "~right" in row.what or "forget" in row.what:
            await self._forget(row.who)
            await self.cast()
        if "block ~" in row.what or "allow ~" in row.what or "role ~" in row.what:
            await database.people.set_role(self.platform, TARGET, None)
        for one in await self.rooms.database.exchanges.pending([self.platform]):
            await database.exchanges.withdraw(one.id, one.revision)
        for tries in (self.rooms.claims._wrong, self.rooms.claims._told):
            tries._times.clear()

    async def _forget(self, who: str) -> None:
        """Take back what somebody was made."""
        if who not in ROLES:
            people = self.rooms.database.people
            if await people.find(self.platform, str(NUMBERS[who])) is not None:
                await people.set_role(self.platform, str(NUMBERS[who]), None)

    async def nobody_has_knocked(self) -> None:
        """Let everybody be told the polite line again."""
        await self.rooms.database._connection.change("DELETE FROM knocks")

    def stored(self) -> dict[str, list[Any]]:
        """Return all rows of all tables but those of who asked to be let in."""
        with closing(sqlite3.connect(self.path)) as connection:
            tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            names = [name for (name,) in tables if name not in {"knocks", "tellings", "claims"}]
            return {name: list(connection.execute(f"SELECT * FROM {name}")) for name in names}  # noqa: S608 # our own names
