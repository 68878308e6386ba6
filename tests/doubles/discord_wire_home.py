"""The bot at home on the tests' Discord, over real HTTP and a real gateway: all but the model."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot.delivery.replies import LiveReplies
from bot.message import Platform
from bot.phrases import Phrasebook
from bot.platforms.discord.account import Account
from bot.platforms.discord.service import Discord
from tests.doubles.clock import ManualClock
from tests.doubles.discord.api import DiscordApi
from tests.doubles.discord.client import pointed_at
from tests.doubles.discord.people import Person
from tests.doubles.discord.places import Channel
from tests.doubles.discord.screen import Shown
from tests.doubles.hurry import hurried
from tests.doubles.model import Gate, ScriptedModel
from tests.doubles.outside import run_sql
from tests.doubles.rooms import Rooms, open_rooms

PHRASES = Phrasebook.load()
NAMES = ("ostro", "오스트로")
SPEED = 100.0
"""So many seconds of the bot's and of the server's pace pass in one."""


def say(phrase: str, language: str = "en", **fields: object) -> str:
    """Return what the bot says itself."""
    return PHRASES.say(language, phrase, **fields)


class Home:
    """The bot of one database, which can be started again and again.

    Attributes:
        model: what answers.
        clock: unix seconds, also those of Discord; it stands still.
        notices: what whoever runs the bot was shown.
    """

    def __init__(self, api: DiscordApi, path: Path, clock: ManualClock) -> None:
        self.api = api
        self.path = path
        self.clock = clock
        self.model = ScriptedModel()
        self.notices: list[str] = []

    @asynccontextmanager
    async def open(
        self,
        *,
        speed: float = SPEED,
        threads: bool = False,
        **facts: Any,  # noqa: ANN401 # open_rooms says what each is
    ) -> AsyncIterator[Rooms]:
        """Let the bot run, put together and ended as ``ostro serve`` does it.

        Args:
            speed: so many seconds of the bot's pace pass in one.
            threads: whether a mention in a channel opens a thread.
            facts: further ones for ``open_rooms``.
        """
        async with open_rooms(
            self.path,
            self.model,
            clock=self.clock,
            answering=False,
            platform=Platform.DISCORD,
            **facts,
        ) as rooms:
            discord = self._discord(rooms, speed, threads=threads)
            with pointed_at(self.api):
                async with discord.connected(), rooms.queue.running(), discord.listening():
                    await self.api.until(lambda: self.api.gateway.connected and self.api.commands)
                    yield rooms

    def _discord(self, rooms: Rooms, speed: float, *, threads: bool) -> Discord:
        time = hurried(speed)
        discord = Discord(
            Account(self.api.token, 1.2, NAMES, threads, frozenset(), message_content=False),
            rooms.dialogue,
            LiveReplies(rooms.database.deliveries, rooms.dialogue.undeliverable, time),
            PHRASES,
            self.notices.append,
            time,
            self.clock,
        )
        discord.client._connection.guild_ready_timeout = 0.01  # the servers are told at once here
        return discord

    # What is waited for

    async def shows(self, channel: Channel, *texts: str) -> list[Shown]:
        """Wait until these are the bot's messages in a channel, and return them."""
        await self.api.until(lambda: [one.text for one in self.api.answers(channel)] == list(texts))
        return self.api.answers(channel)

    async def finds(self, channel: Channel, fits: Callable[[Shown], object]) -> Shown:
        """Wait until messages of the bot's in a channel are like this, and return the first."""
        found = await self.api.until(
            lambda: [one for one in self.api.answers(channel) if fits(one)]
        )
        return found[0]

    async def edited(self, channel: Channel, times: int) -> None:
        """Wait until the bot has edited so often in a channel."""
        await self.api.until(lambda: len(self.api.called("edit_message", channel)) >= times)

    async def connects(self, sessions: int) -> None:
        """Wait until there were so many sessions, and one of them has a connection."""
        gateway = self.api.gateway
        await self.api.until(lambda: len(gateway.sessions) == sessions and gateway.connected)

    async def reaches(self, gate: Gate) -> None:
        """Wait until the model stands at a gate."""
        async with asyncio.timeout(10):
            await gate.reached.wait()

    async def answered(self, person: Person, channel: Channel, question: str) -> Shown:
        """Mention the bot, and wait for the whole of the answer: the model's echo."""
        person.says(channel, f"@bot {question}")
        return await self.finds(
            channel, lambda one: question in one.text and say("button.retry") in one.labels
        )

    async def settled(self, *states: str) -> None:
        """Wait until the stored questions are in these states, oldest first."""
        await self.until(lambda: [state for _, state in self.states()] == list(states))

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait until something is true that is not Discord's."""
        async with asyncio.timeout(10):
            while not condition():  # noqa: ASYNC110 # what is waited for has no event
                await asyncio.sleep(0.005)

    # What is looked at

    @property
    def asked(self) -> list[str]:
        """The questions that the model was given so far."""
        return [one.question for one in self.model.conversations]

    def states(self) -> list[tuple[str, str]]:
        """Return questions and their states as they are stored, oldest first."""
        rows = run_sql(self.path, "SELECT question, state FROM exchanges ORDER BY id")
        return [(str(question), str(state)) for question, state in rows]
