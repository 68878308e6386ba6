import asyncio

import pytest

from bot.delivery.outlet import DeliveryError
from bot.message import Platform
from bot.platforms.telling_commands import tell_commands
from tests.doubles.time import ManualTime


class Listener:
    """Is told the commands, and hears them only after some failures."""

    def __init__(self, failures: int) -> None:
        self.failures = failures
        self.told_at: list[float] = []
        self.manual = ManualTime(0)

    async def told(self) -> None:
        self.told_at.append(self.manual.now)
        if len(self.told_at) <= self.failures:
            raise DeliveryError("no")

    async def tell(self) -> None:
        """Let an hour pass."""
        telling = asyncio.create_task(tell_commands(Platform.DISCORD, self.told, self.manual.time))
        await self.manual.advance(3600)
        await telling


async def test_commands_are_told_once() -> None:
    listener = Listener(failures=0)
    await listener.tell()

    assert listener.told_at == [0]


async def test_what_fails_is_told_again_later(caplog: pytest.LogCaptureFixture) -> None:
    listener = Listener(failures=2)
    await listener.tell()

    assert listener.told_at == [0, 5, 65]
    assert caplog.messages == []


async def test_what_always_fails_is_said_in_one_line(caplog: pytest.LogCaptureFixture) -> None:
    listener = Listener(failures=100)
    await listener.tell()

    assert listener.told_at == [0, 5, 65, 665]
    assert caplog.messages == ["Discord could not be told the commands; they stay as they are"]
