"""What can be seen on simcord's Discord, and waiting for it."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

import discord
import simcord

T = TypeVar("T")

LOOK_SECONDS = 0.005
PATIENCE_SECONDS = 10.0


def labels(message: discord.Message) -> list[str]:
    """Return what can be pressed below a message."""
    return [
        item.label or ""
        for row in message.components
        if isinstance(row, discord.ActionRow)
        for item in row.children
        if isinstance(item, discord.Button)
    ]


class Screen:
    """Looks at what the bot shows.

    Attributes:
        env: Discord.
    """

    def __init__(self, env: simcord.Env) -> None:
        self.env = env

    @property
    def id(self) -> int:
        """The bot, as Discord knows it."""
        return self.env.backend.bot_user.id

    @property
    def name(self) -> str:
        """The mention of the bot."""
        return f"<@{self.id}>"

    # What is waited for

    async def until(self, condition: Callable[[], T]) -> T:
        """Wait until a condition is true, and return its value."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while not (value := condition()):  # noqa: ASYNC110 # rows and whispers tell nobody
                    await asyncio.sleep(LOOK_SECONDS)
        except TimeoutError:
            raise AssertionError(f"it did not come to that:\n{self.env.transcript()}") from None
        return value

    async def shows(self, channel: simcord.ChannelHandle, *texts: str) -> list[discord.Message]:
        """Wait until these are the bot's messages in a channel, and return them."""
        await self.until(lambda: self.texts(channel) == list(texts))
        return self.messages(channel)

    async def finds(
        self, channel: simcord.ChannelHandle, fits: Callable[[discord.Message], object]
    ) -> discord.Message:
        """Wait until messages of the bot's in a channel are like this, and return the first."""
        return (await self.until(lambda: [one for one in self.messages(channel) if fits(one)]))[0]

    async def whispers(self, result: simcord.InteractionResult, text: str) -> None:
        """Wait until the only thing that was said to who did something is this."""
        await self.until(lambda: self.whispered(result) == [text])

    async def says(self, result: simcord.InteractionResult, text: str) -> simcord.ResponseMessage:
        """Wait until something that everyone sees was answered to a command, and return it."""
        found = await self.until(lambda: [one for one in _responses(result) if one.content == text])
        assert not found[0].ephemeral
        return found[0]

    # What is looked at

    def messages(self, channel: simcord.ChannelHandle) -> list[discord.Message]:
        """Return what everyone sees of the bot in a channel, without what only says "thinking"."""
        return [
            one
            for one in channel.history()
            if one.author.id == self.id and not one.is_system() and not one.flags.loading
        ]

    def texts(self, channel: simcord.ChannelHandle) -> list[str]:
        """Return the bot's texts in a channel."""
        return [one.content for one in self.messages(channel)]

    def whispered(self, result: simcord.InteractionResult) -> list[str]:
        """Return what only the person sees who did something."""
        return [one.content for one in _responses(result) if one.ephemeral]

    async def forges(
        self, person: simcord.MemberActor, message: discord.Message, data: str
    ) -> simcord.InteractionResult:
        """Let somebody press below a message what never stood there."""
        stored = self.env.backend.get_message(message.channel.id, message.id)
        held = stored.components
        button = {"type": 2, "style": 2, "label": "?", "custom_id": data}
        stored.components = [{"type": 1, "components": [button]}]
        try:
            return await person.click(message, custom_id=data)
        finally:
            stored.components = held

    def requests(
        self, method: str, channel: simcord.ChannelHandle, what: str = ""
    ) -> list[simcord.HttpLogEntry]:
        """Return what the bot asked of Discord about a channel; ``what``: in its path."""
        path = f"/channels/{channel.id}/{what}"
        return [one for one in self.env.http_requests if one.method == method and path in one.path]

    def pinged(self, message: discord.Message) -> list[int]:
        """Return whose phones ring because of a message, beyond that it is there."""
        return self.env.backend.get_message(message.channel.id, message.id).ping_user_ids


def _responses(result: simcord.InteractionResult) -> list[simcord.ResponseMessage]:
    first = result.response
    said = [one for one in (first, *result.followups) if one is not None]
    return [one for one in said if not one.flags.loading]
