"""An outlet in a channel of a server, at a Discord."""

from collections.abc import AsyncIterator

import pytest

from bot.delivery.outlet import Outlet
from bot.platforms.discord.places import Place
from tests.doubles.discord.api import DiscordApi
from tests.doubles.discord_outlet import Room


@pytest.fixture
async def room(api: DiscordApi) -> AsyncIterator[Room]:
    async with Room.open(api) as room:
        yield room


@pytest.fixture
def place(room: Room) -> Place:
    return room.asks()


@pytest.fixture
def outlet(room: Room, place: Place) -> Outlet:
    return room.outlet(place)
