"""Slash commands and presses, between simcord's Discord and a scripted dialogue."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

import discord
import simcord

from bot.delivery.replies import LiveReplies
from bot.message import Incoming, Platform
from bot.phrases import Phrasebook
from bot.platforms.discord.commands import Commands
from bot.platforms.discord.happenings import Happening, Happenings
from bot.platforms.discord.keyboard import Pressable
from bot.platforms.discord.paces import ChannelPaces
from bot.platforms.discord.permissions import Complaints
from bot.platforms.discord.presses import Presses
from bot.platforms.discord.slash import command_tree
from bot.platforms.discord.speaking import Speaking
from bot.platforms.lanes import Lanes
from bot.platforms.outbox import Letter, Outbox
from bot.platforms.pressing import ButtonPressed, Chosen
from bot.reply import Choice, Reply
from tests.doubles.hurry import hurried
from tests.doubles.ledger import MemoryLedger
from tests.doubles.telegram_dialogue import ScriptedDialogue

T = TypeVar("T")

PHRASES = Phrasebook.load()

MENU = Reply("Sure?", choices=(Choice("Yes", "/clear yes"), Choice("No", "/clear no")))
LIST = Reply("Who?", choices=(Choice("Coder", "/persona coder"),))


class DeskClient(discord.Client):
    """A client that takes in commands and presses, and nothing else."""

    def __init__(self) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True),
            max_messages=None,
            allowed_mentions=discord.AllowedMentions.none(),
        )
        self.presses: Presses
        self.tree: discord.app_commands.CommandTree[discord.Client]

    async def setup_hook(self) -> None:
        self.add_dynamic_items(Pressable)
        await self.tree.sync()

    async def pressed(
        self, interaction: discord.Interaction, pressed: ButtonPressed | Chosen
    ) -> None:
        await self.presses.take(interaction, pressed)


class Desk:
    """Where commands and presses are taken in, in a server with a channel and people.

    Attributes:
        env: Discord.
        dialogue: is told what was asked.
        left: letters to places where nobody was.
        notices: what whoever runs the bot is told.
        channel: of the server.
        mina: somebody in it.
        keeper: somebody who manages messages there.
    """

    def __init__(self, env: simcord.Env) -> None:
        self.env = env
        self.client = DeskClient()
        self.dialogue = ScriptedDialogue(Platform.DISCORD)
        self.left: list[Letter] = []
        self.notices: list[str] = []
        time = hurried()
        self._replies = LiveReplies(MemoryLedger(), self.dialogue.undeliverable, time)
        self._outbox = Outbox(time, self._gone)
        self._lanes: Lanes[Happening] = Lanes(_take, self._pass_over, time)
        self.happenings = Happenings(self._lanes)
        self._open(
            Speaking(
                self.client,
                ChannelPaces(time, 1.2),
                self._outbox,
                self._replies,
                self.dialogue,
                PHRASES,
                Complaints(self.notices.append, PHRASES),
                lambda: env.now().timestamp(),
            )
        )
        guild = env.create_guild("Friends")
        self.channel = guild.create_text_channel("general")
        self.mina = guild.add_member(env.create_user("mina", global_name="Mina"))
        keeping = guild.create_role(
            "keepers", permissions=discord.Permissions(manage_messages=True)
        )
        self.keeper = guild.add_member(env.create_user("keeper"), roles=[keeping])

    def _open(self, speaking: Speaking) -> None:
        commands = Commands(self.dialogue, speaking, self.happenings)
        self.client.presses = Presses(self.dialogue, speaking, self.happenings)
        self.client.tree = command_tree(self.client, commands.take, commands.offered, PHRASES)

    @classmethod
    @asynccontextmanager
    async def at(cls, env: simcord.Env) -> AsyncIterator["Desk"]:
        """Let the bot take in what happens."""
        # its tasks wait for each other, which simcord would take for a bot that hangs
        env._bot_scope = env.time_context  # type: ignore[method-assign] # the only seam there is
        desk = cls(env)
        await env.restart_bot(desk.client)
        try:
            yield desk
        finally:
            await desk._lanes.close()
            await asyncio.gather(desk._replies.flush(1), desk._outbox.flush(1))

    async def _gone(self, letter: Letter) -> None:
        self.left.append(letter)

    async def _pass_over(self, happening: Happening) -> None:
        if happening.event_id is not None:
            await self.dialogue.pass_over(happening.chat, happening.event_id)

    # What is waited for

    async def until(self, condition: Callable[[], T]) -> T:
        """Wait until a condition is true, and return its value."""
        try:
            async with asyncio.timeout(10):
                while not (value := condition()):  # noqa: ASYNC110 # what is waited for has no event
                    await asyncio.sleep(0.005)
        except TimeoutError:
            raise AssertionError(f"it did not come to that:\n{self.env.transcript()}") from None
        return value

    async def shows(self, *texts: str) -> list[discord.Message]:
        """Wait until these are the bot's messages in the channel, and return them."""
        await self.until(lambda: [one.content for one in self.messages()] == list(texts))
        return self.messages()

    async def says(
        self, result: simcord.InteractionResult, *texts: str
    ) -> list[simcord.ResponseMessage]:
        """Wait until these answer an interaction, and return them."""
        await self.until(lambda: [one.content for one in responses(result)] == list(texts))
        return responses(result)

    async def follows(
        self, result: simcord.InteractionResult, *texts: str
    ) -> list[simcord.ResponseMessage]:
        """Wait until these are said besides the message that was pressed, and return them."""
        await self.until(lambda: [one.content for one in result.followups] == list(texts))
        return result.followups

    # What is looked at

    def messages(self) -> list[discord.Message]:
        """Return what everyone sees of the bot in the channel, but signs."""
        return [
            one
            for one in self.channel.history()
            if one.author.id == self.env.backend.bot_user.id and not one.flags.loading
        ]

    @property
    def address(self) -> str:
        """What the chat is called that the channel is."""
        assert self.channel.guild is not None
        return f"{self.channel.guild.id}/{self.channel.id}"

    @property
    def taken(self) -> list[Incoming]:
        """What the dialogue was told in words."""
        return [one for one in self.dialogue.stored if isinstance(one, Incoming)]


def responses(result: simcord.InteractionResult) -> list[simcord.ResponseMessage]:
    """Return what answers an interaction, but its sign."""
    said = [one for one in (result.response, *result.followups) if one is not None]
    return [one for one in said if not one.flags.loading]


async def a_menu(desk: Desk) -> discord.Message:
    """Return a message with choices, that everyone sees."""
    desk.dialogue.answers["/clear"] = MENU
    (shown,) = await desk.says(await desk.keeper.slash(desk.channel, "clear"), "Sure?")
    return shown.message


async def a_list(desk: Desk) -> simcord.ResponseMessage:
    """Return a message with choices, that only Mina sees."""
    desk.dialogue.answers["/persona"] = LIST
    (shown,) = await desk.says(await desk.mina.slash(desk.channel, "persona"), "Who?")
    return shown


def labels(message: discord.Message) -> list[str | None]:
    """Return what can be pressed below a message."""
    return [
        item.label
        for row in message.components
        if isinstance(row, discord.ActionRow)
        for item in row.children
        if isinstance(item, discord.Button)
    ]


async def _take(happening: Happening) -> None:
    await happening.take()
