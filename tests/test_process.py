import asyncio
import errno
import getpass
import io
import os
import signal
import sys

import pytest

from bot.process import CleanEnd, notice, user_name


class Full(io.StringIO):
    """A file on a disk that is full."""

    def write(self, text: str, /) -> int:
        raise OSError(errno.ENOSPC, "No space left on device", text)


def unknown() -> str:
    raise KeyError("getpwuid(): uid not found: 54321")


def test_a_user_whom_the_system_does_not_know_has_a_name_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(getpass, "getuser", unknown)
    assert user_name() == "user"


def test_a_notice_that_nobody_can_read_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    notice("nobody hears this")
    monkeypatch.setattr(sys, "stderr", Full())
    notice("nor this")


async def test_only_the_first_signal_ends_the_task() -> None:
    end = CleanEnd()
    begun, put_away = asyncio.Event(), []

    async def work() -> None:
        end.listen()
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            os.kill(os.getpid(), signal.SIGTERM)  # a second one, while things are put away
            for _ in range(3):
                await asyncio.sleep(0)
            put_away.append("everything")

    task = asyncio.create_task(work())
    await begun.wait()
    os.kill(os.getpid(), signal.SIGHUP)
    with pytest.raises(asyncio.CancelledError):
        await task
    assert put_away == ["everything"]
    assert end.signal is signal.SIGHUP
    for number in (signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().remove_signal_handler(number)
