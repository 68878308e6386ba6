"""What these tests share: the shell beside a running bot, and looks at what it changes."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.database import Database
from tests.doubles.looks import Looks, kept
from tests.doubles.rooms import Rooms


@pytest.fixture
async def shell(rooms: Rooms, path: Path) -> AsyncIterator[Database]:
    """The same database, as another process has it open."""
    async with Database.open(path, rooms.clock) as database:
        yield database


@pytest.fixture
async def looks(rooms: Rooms, shell: Database) -> AsyncIterator[Looks]:  # noqa: ARG001 # opened before, closed after
    """The housekeeping of the rooms."""
    async with kept(rooms) as looks:
        yield looks
