"""What these tests share: a closed bot, and what its people are sent."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.message import Platform
from tests.doubles.doorstep import Post, attached, closed
from tests.doubles.rooms import Rooms, open_rooms


@pytest.fixture
async def rooms(path: Path) -> AsyncIterator[Rooms]:
    """A closed bot that Ada owns, on Telegram."""
    async with open_rooms(path, access=closed("telegram:1"), platform=Platform.TELEGRAM) as opened:
        yield opened


@pytest.fixture
def post(rooms: Rooms) -> Post:
    """What people on Telegram are sent."""
    return attached(rooms, Platform.TELEGRAM)
