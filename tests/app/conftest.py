"""What tests of the whole program share: each platform with somebody who writes to the bot."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Tiny
from tests.doubles.both_served import BothServed
from tests.doubles.discord.api import DiscordApi
from tests.doubles.discord.people import Person as DiscordPerson
from tests.doubles.discord.places import Channel
from tests.doubles.discord.server import serving_in_thread as discord_in_thread
from tests.doubles.discord_served import DiscordServed
from tests.doubles.served import Served
from tests.doubles.telegram.api import BotApi
from tests.doubles.telegram.chats import Chat
from tests.doubles.telegram.people import Person
from tests.doubles.telegram.server import serving_in_thread


@pytest.fixture
def api() -> Iterator[BotApi]:
    with serving_in_thread(BotApi()) as api:
        yield api


@pytest.fixture
def served(api: BotApi, tmp_path: Path, tiny: Tiny) -> Served:
    return Served(api, tmp_path, tiny("v3"))


@pytest.fixture
def mina(api: BotApi) -> Person:
    return api.person(7, "Mina")


@pytest.fixture
def chat(api: BotApi, mina: Person) -> Chat:
    return api.private(mina)


@pytest.fixture
def discord_api() -> Iterator[DiscordApi]:
    with discord_in_thread(DiscordApi(slack=1.0)) as api:
        yield api


@pytest.fixture
def discord_served(discord_api: DiscordApi, tmp_path: Path, tiny: Tiny) -> DiscordServed:
    return DiscordServed(discord_api, tmp_path, tiny("v3"))


@pytest.fixture
def both(served: Served, discord_served: DiscordServed) -> BothServed:
    return BothServed(served, discord_served)


@pytest.fixture
def ada(discord_api: DiscordApi) -> DiscordPerson:
    return discord_api.person(8, "Ada")


@pytest.fixture
def channel(discord_api: DiscordApi, ada: DiscordPerson) -> Channel:
    guild = discord_api.guild(100)
    discord_api.joins(guild, ada)
    return discord_api.channel(guild, 200)


@pytest.fixture
def direct(discord_api: DiscordApi, ada: DiscordPerson) -> Channel:
    return discord_api.direct(ada, 300)
