"""Several platforms in one process."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest

from bot.app.together import SetUp, all_failed, together, usable
from bot.delivery.replies import LiveReplies
from bot.dialogue import Dialogue
from bot.errors import PlatformError
from bot.message import Platform
from storage.errors import StorageError

WRONG_TOKEN = PlatformError("Discord does not know the token")
GOES_ON = "Discord does not know the token; the other platform goes on\n"


class Part:
    """A platform whose end comes when the test says so."""

    def __init__(self) -> None:
        self.end: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.log: list[str] = []
        self.left = asyncio.Event()
        self.may_leave = asyncio.Event()
        self.fault: Exception | None = None

    def connected(self) -> AbstractAsyncContextManager[None]:
        return self.listening()

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        if self.fault is not None:
            raise self.fault
        self.log.append("entered")
        try:
            yield
        finally:
            self.log.append("leaving")
            await self.may_leave.wait()
            self.log.append("left")
            self.left.set()

    async def failed(self) -> None:
        await asyncio.shield(self.end)


async def turns() -> None:
    """Let all that can go on do so."""
    for _ in range(10):
        await asyncio.sleep(0)


def set_up(platform: Platform, answer: Exception | str | None = None) -> SetUp:
    async def check() -> str | None:
        if isinstance(answer, Exception):
            raise answer
        return answer

    def build(_dialogue: Dialogue, _replies: LiveReplies, _met: Callable[[str], None]) -> Part:
        raise AssertionError

    return SetUp(platform, check, build)


def nobody(_platform: Platform, _native_id: str) -> None:
    raise AssertionError


async def test_a_platform_that_cannot_be_used_is_told_of_and_the_other_is_served(
    capsys: pytest.CaptureFixture[str],
) -> None:
    fine = set_up(Platform.TELEGRAM)

    assert await usable([fine, set_up(Platform.DISCORD, WRONG_TOKEN)], nobody) == [fine]
    assert capsys.readouterr().err == GOES_ON


async def test_where_no_platform_can_be_used_all_reasons_are_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    other = PlatformError("Telegram does not know the token")

    with pytest.raises(PlatformError, match="Discord does not"):
        await usable(
            [set_up(Platform.TELEGRAM, other), set_up(Platform.DISCORD, WRONG_TOKEN)], nobody
        )
    assert capsys.readouterr().err == "Telegram does not know the token\n"


async def test_a_fault_in_a_check_is_not_taken_for_a_platform_that_cannot_be_used() -> None:
    with pytest.raises(ZeroDivisionError):
        await usable(
            [set_up(Platform.TELEGRAM), set_up(Platform.DISCORD, ZeroDivisionError())], nobody
        )


async def test_the_owners_that_platforms_know_are_told() -> None:
    owners: list[tuple[Platform, str]] = []
    both = [set_up(Platform.TELEGRAM), set_up(Platform.DISCORD, "456")]

    assert await usable(both, lambda *owner: owners.append(owner)) == both
    assert owners == [(Platform.DISCORD, "456")]


async def test_all_are_left_at_the_same_time() -> None:
    slow, quick = Part(), Part()
    quick.may_leave.set()

    async def served() -> None:
        async with together([slow.listening(), quick.listening()]):
            assert (slow.log, quick.log) == (["entered"], ["entered"])

    end = asyncio.create_task(served())
    await quick.left.wait()
    assert slow.log == ["entered", "leaving"]
    slow.may_leave.set()
    await end
    assert slow.log[-1] == "left"


async def test_where_one_cannot_be_entered_those_before_are_left() -> None:
    first, second = Part(), Part()
    first.may_leave.set()
    second.fault = StorageError("no")

    with pytest.raises(StorageError):
        async with together([first.listening(), second.listening()]):
            raise AssertionError
    assert first.log == ["entered", "leaving", "left"]


async def test_an_error_while_leaving_is_raised_once_all_are_left() -> None:
    first, second = Part(), Part()
    first.may_leave.set()

    @asynccontextmanager
    async def failing() -> AsyncIterator[None]:
        yield
        second.log.append("failed")
        raise StorageError("no")

    with pytest.raises(StorageError):
        async with together([failing(), first.listening()]):
            pass
    assert (second.log, first.log[-1]) == (["failed"], "left")


async def test_a_platform_that_fails_is_told_of_and_the_other_goes_on(
    capsys: pytest.CaptureFixture[str],
) -> None:
    discord, telegram = Part(), Part()
    going_on = asyncio.create_task(all_failed([discord, telegram]))
    discord.end.set_exception(WRONG_TOKEN)
    await turns()

    assert (capsys.readouterr().err, going_on.done()) == (GOES_ON, False)
    telegram.end.set_exception(PlatformError("the last one"))
    with pytest.raises(PlatformError, match="the last one"):
        await going_on


async def test_where_both_fail_at_once_one_is_told_of_and_the_other_raised(
    capsys: pytest.CaptureFixture[str],
) -> None:
    first, second = Part(), Part()
    first.end.set_exception(PlatformError("one of them"))
    second.end.set_exception(PlatformError("one of them"))

    with pytest.raises(PlatformError, match="one of them"):
        await all_failed([first, second])
    assert capsys.readouterr().err == "one of them\n"


async def test_a_fault_in_one_platform_is_logged_and_the_other_goes_on(
    caplog: pytest.LogCaptureFixture,
) -> None:
    faulty, fine = Part(), Part()
    going_on = asyncio.create_task(all_failed([faulty, fine]))
    faulty.end.set_exception(ZeroDivisionError())
    await turns()

    assert [one.levelno for one in caplog.records] == [logging.ERROR]
    assert not going_on.done()
    fine.end.set_result(None)
    await going_on


async def test_a_store_that_fails_ends_all() -> None:
    failing, fine = Part(), Part()
    failing.end.set_exception(StorageError("the disk is full"))

    with pytest.raises(StorageError):
        await all_failed([failing, fine])
