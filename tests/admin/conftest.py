from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.doubles.office import Office, open_office


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    """Telegram's person 9 and Discord's person 8 are owners by the settings."""
    async with open_office(tmp_path / "ostro.db", "telegram:9", "discord:8") as opened:
        yield opened
