"""The bot at home on simcord's Discord: all of it is real but the model and what is behind HTTP."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import discord
import simcord

from bot.delivery.pace import Time
from bot.delivery.replies import LiveReplies
from bot.message import Platform
from bot.phrases import Phrasebook
from bot.platforms.discord.account import Account
from bot.platforms.discord.service import Discord
from tests.doubles.clock import ManualClock
from tests.doubles.discord_screen import PATIENCE_SECONDS, Screen, labels
from tests.doubles.hurry import hurried
from tests.doubles.model import Gate, ScriptedModel
from tests.doubles.outside import run_sql
from tests.doubles.rooms import Rooms, open_rooms

PHRASES = Phrasebook.load()
NAMES = ("ostro", "오스트로")
SPEED = 100.0
"""So many seconds of the bot's pace pass in one."""


def say(phrase: str, language: str = "en", **fields: object) -> str:
    """Return what the bot says itself."""
    return PHRASES.say(language, phrase, **fields)


REFUSALS = {say(f"access.{one}") for one in ("closed", "closed_here", "silent")}


class Home(Screen):
    """The bot of one database, which can be started again and again.

    Discord's clock stands still until ``passes``. While the bot is away, Discord goes on.

    Attributes:
        model: what answers.
        notices: what whoever runs the bot was shown.
        owner: whose app it is, by the id; simcord says that it is its own.
    """

    def __init__(self, env: simcord.Env, path: Path) -> None:
        super().__init__(env)
        self.path = path
        self.model = ScriptedModel()
        self.notices: list[str] = []
        self.owner = 1
        self._clock = ManualClock(env.now().timestamp())
        self._languages: dict[int, str] = {}
        env.backend.subscribers.insert(0, self._mend)

    @classmethod
    @asynccontextmanager
    async def on(cls, path: Path) -> AsyncIterator["Home"]:
        """Let there be a Discord, and a database for the bot."""
        # simcord.run would have to be left in the context where it was entered; fixtures are not.
        env = simcord.Env(_nobody())
        # The bot's tasks wait for each other and for the database's thread; simcord would take that
        # for a bot that hangs. So it is not to wait for them, nor to own their timers.
        env._bot_scope = env.time_context  # type: ignore[method-assign] # the only seam there is
        await env.start()
        try:
            yield cls(env, path)
        finally:
            await env.shutdown()
        env.raise_errors()

    @asynccontextmanager
    async def open(
        self,
        *,
        threads: bool = False,
        always: Collection[int] = (),
        content: bool = False,
        answering: bool = True,
        speed: float = SPEED,
        **facts: Any,  # noqa: ANN401 # open_rooms says what each is
    ) -> AsyncIterator[Rooms]:
        """Let the bot run, put together and ended as ``ostro serve`` does it.

        Args:
            threads: whether a mention in a channel opens a thread.
            always: channels in which no mention is needed.
            content: whether it may read what is not said to it.
            answering: whether the queue runs.
            speed: so many seconds of the bot's pace pass in one.
            facts: further ones for ``open_rooms``.
        """
        account = Account("token", 1.2, NAMES, threads, frozenset(always), content)
        async with open_rooms(
            self.path,
            self.model,
            clock=self._clock,
            answering=False,
            platform=Platform.DISCORD,
            **facts,
        ) as rooms:
            bot = self._bot(account, rooms, hurried(speed))
            try:
                async with bot.connected(), contextlib.AsyncExitStack() as stack:
                    if answering:
                        await stack.enter_async_context(rooms.queue.running())
                    await stack.enter_async_context(bot.attending())
                    await self._connect(bot)
                    yield rooms
            finally:
                await self.env.restart_bot(_nobody())

    async def _connect(self, bot: Discord) -> None:
        """Let simcord do what the bot's own gateway does elsewhere."""
        bot.client.tree = bot._tree  # type: ignore[attr-defined] # where simcord looks for it
        tell = bot.client.application_info

        async def owned() -> discord.AppInfo:
            application = await tell()
            application.owner.id = self.owner
            return application

        bot.client.application_info = owned  # type: ignore[method-assign] # the only seam
        await self.env.restart_bot(bot.client)
        await self.until(lambda: self.env.backend.commands.get(None))

    def _bot(self, account: Account, rooms: Rooms, time: Time) -> Discord:
        replies = LiveReplies(rooms.database.deliveries, rooms.dialogue.undeliverable, time)
        return Discord(
            account, rooms.dialogue, replies, PHRASES, self.notices.append, time, self._clock
        )

    # What happens on Discord

    async def passes(self, seconds: float) -> None:
        """Let time pass, also on the wall where the bot is."""
        await self.env.advance_time(seconds)
        self._clock.now += seconds

    def speaks(self, person: simcord.MemberActor, language: str) -> None:
        """Let the Discord of a person be in a language: it says so with interactions only."""
        self._languages[person.id] = language

    def _mend(self, event: str, payload: Mapping[str, Any]) -> None:
        """Tell what Discord tells and simcord does not."""
        if event == "INTERACTION_CREATE" and isinstance(payload, dict):
            person = payload["member"]["user"] if "member" in payload else payload["user"]
            payload["locale"] = self._languages.get(int(person["id"]), "en-US")
        if event == "THREAD_CREATE":
            thread_id, parent_id = int(payload["id"]), int(payload["parent_id"])
            begins_with = self.env.backend.messages[parent_id].get(thread_id)
            if begins_with is not None:
                begins_with.flags |= discord.MessageFlags(has_thread=True).value

    # What is waited for

    async def answered(
        self, person: simcord.MemberActor, channel: simcord.ChannelHandle, question: str
    ) -> discord.Message:
        """Mention the bot, and wait for the whole of the answer: the model's echo."""
        await person.send(channel, f"{self.name} {question}")
        return await self.finds(
            channel, lambda one: question in one.content and say("button.retry") in labels(one)
        )

    async def refuses(self, result: simcord.InteractionResult) -> None:
        """Wait until somebody is told alone that they are not answered, for the first time or not.

        Once a day they are told more.
        """
        await self.until(lambda: len(self.whispered(result)) == 1)
        assert self.whispered(result)[0] in REFUSALS

    async def reaches(self, gate: Gate) -> None:
        """Wait until the model stands at a gate."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            await gate.reached.wait()

    async def settled(self, *states: str) -> None:
        """Wait until the stored questions are in these states."""
        await self.until(lambda: [state for _, state in self.states()] == list(states))

    # What is looked at

    @property
    def asked(self) -> list[str]:
        """The questions that the model was given so far."""
        return [one.question for one in self.model.conversations]

    def states(self) -> list[tuple[str, str]]:
        """Return questions and their states as they are stored, oldest first."""
        rows = run_sql(self.path, "SELECT question, state FROM exchanges ORDER BY id")
        return [(str(question), str(state)) for question, state in rows]


def _nobody() -> discord.Client:
    """Return a bot that hears nothing: who is there while the bot is away."""
    return discord.Client(intents=discord.Intents(guilds=True))
