"""What these tests share: a server on simcord's Discord, the bot in it, and people."""

import gc
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import discord
import pytest
from simcord import ChannelHandle, GuildHandle, MemberActor

from tests.doubles.discord_home import Home


@pytest.fixture(scope="module", autouse=True)
def collected() -> Iterator[None]:
    yield
    gc.collect()  # what was not closed is found here


@pytest.fixture
async def home(path: Path) -> AsyncIterator[Home]:
    async with Home.on(path) as home:
        yield home


@pytest.fixture
def guild(home: Home) -> GuildHandle:
    return home.env.create_guild("Friends")


@pytest.fixture
def channel(guild: GuildHandle) -> ChannelHandle:
    return guild.create_text_channel("general")


@pytest.fixture
def mina(home: Home, guild: GuildHandle) -> MemberActor:
    return guild.add_member(home.env.create_user("mina", global_name="Mina"))


@pytest.fixture
def bob(home: Home, guild: GuildHandle) -> MemberActor:
    return guild.add_member(home.env.create_user("bob", global_name="Bob"))


@pytest.fixture
def warden(home: Home, guild: GuildHandle) -> MemberActor:
    """Somebody who may put the server in order."""
    role = guild.create_role("Wardens", permissions=discord.Permissions(manage_messages=True))
    user = home.env.create_user("warden", global_name="Warden")
    return guild.add_member(user, roles=[role])
