"""Slash commands as Discord lists them, in a server with people who use them."""

from typing import Any

import discord
import simcord

from bot.phrases import Phrasebook
from bot.platforms.discord.slash import command_tree

PHRASES = Phrasebook.load()
PERSONAS = ("coder", "korean", "Storyteller", "off")


class Asked(discord.Client):
    """A client that notes the commands it is given."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents(guilds=True), max_messages=None)
        self.asked: list[tuple[str, bool]] = []
        self.personas: tuple[str, ...] = PERSONAS
        self.trouble: Exception | None = None
        self.answers_first = False
        self.tree = command_tree(self, self.ask, lambda _: self.personas, PHRASES)

    async def setup_hook(self) -> None:
        await self.tree.tell()

    async def ask(self, interaction: discord.Interaction, text: str, hidden: bool) -> None:  # noqa: FBT001 # as the tree gives it
        self.asked.append((text, hidden))
        if self.answers_first or self.trouble is None:
            await interaction.response.send_message("Yes.", ephemeral=hidden)
        if self.trouble is not None:
            raise self.trouble


class Hall:
    """A server in which the commands can be used."""

    def __init__(self, env: simcord.Env, client: Asked) -> None:
        self.env = env
        self.client = client
        guild = env.create_guild()
        self.channel = guild.create_text_channel("general")
        keeper = guild.create_role("keeper", permissions=discord.Permissions(manage_messages=True))
        self.keeper = guild.add_member(env.create_user("keeper"), roles=[keeper])
        self.mina = guild.add_member(env.create_user("mina"))
        running = guild.create_role("warden", permissions=discord.Permissions(manage_guild=True))
        self.warden = guild.add_member(env.create_user("warden"), roles=[running])

    @property
    def told(self) -> dict[str, dict[str, Any]]:
        """The commands that Discord was told of, by their names."""
        (request,) = [one for one in self.env.http_requests if one.path.endswith("/commands")]
        assert isinstance(request.json, list)
        return {command["name"]: command for command in request.json}

    @property
    def plain(self) -> dict[str, dict[str, Any]]:
        """Those for everyone."""
        return {name: command for name, command in self.told.items() if name != "admin"}

    @property
    def admin(self) -> dict[str, dict[str, Any]]:
        """What belongs to /admin, by its names."""
        return {one["name"]: one for one in self.told["admin"]["options"]}

    def option(self, command: str, name: str) -> dict[str, Any]:
        (option,) = [one for one in self.told[command]["options"] if one["name"] == name]
        return dict(option)

    async def offered(self, typed: str, command: str = "persona") -> list[str]:
        choices = await self.warden.autocomplete(self.channel, command, "name", typed)
        assert [one["name"] for one in choices] == [one["value"] for one in choices]
        return [one["value"] for one in choices]
