import asyncio
import io
import os
import threading
import tracemalloc
from typing import BinaryIO

import pytest

from bot.platforms.terminal.lines import read_lines
from tests.doubles.loop import settled, until


class Dribble(io.RawIOBase):
    """A pipe that gives a few bytes at a time and counts them."""

    def __init__(self, content: bytes, step: int) -> None:
        super().__init__()
        self._content = io.BytesIO(content)
        self._step = step
        self.longest_request = 0

    def read(self, size: int = -1, /) -> bytes:
        self.longest_request = max(self.longest_request, size)
        return self._content.read(self._step)


def readers() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "lines"]


async def lines_of(file: BinaryIO | Dribble, limit: int = 100) -> list[bytes | None]:
    return [line async for line in read_lines(file, limit)]  # type: ignore[arg-type] # reads alike


async def test_lines_come_without_their_ends() -> None:
    assert await lines_of(io.BytesIO(b"a\n\nb c\r\n")) == [b"a", b"", b"b c\r"]


async def test_a_last_line_needs_no_end() -> None:
    assert await lines_of(io.BytesIO(b"a\nb")) == [b"a", b"b"]


async def test_nothing_has_no_lines() -> None:
    assert await lines_of(io.BytesIO(b"")) == []


@pytest.mark.parametrize("step", [1, 2, 3, 7, 1000])
async def test_lines_are_the_same_in_whatever_pieces_they_come(step: int) -> None:
    content = "안녕\n\nlong long long line\nexactly-10\n한국어".encode()
    expected = ["안녕".encode(), b"", None, b"exactly-10", "한국어".encode()]
    assert await lines_of(Dribble(content, step), limit=10) == expected


@pytest.mark.parametrize("step", [1, 5, 1000])
async def test_a_last_line_that_is_too_long_is_reported_once(step: int) -> None:
    assert await lines_of(Dribble(b"a\n" + 50 * b"x", step), limit=10) == [b"a", None]


async def test_a_file_is_asked_for_bounded_pieces() -> None:
    endless = Dribble(1000 * b"x", 10)
    await lines_of(endless)
    assert 0 < endless.longest_request <= 64 * 1024


async def test_what_has_arrived_is_read_before_the_pipe_ends() -> None:
    receiving, sending = os.pipe()
    with os.fdopen(receiving, "rb") as file, os.fdopen(sending, "wb", buffering=0) as pipe:
        lines = read_lines(file, 100)
        pipe.write(b"first\n")
        assert await anext(lines) == b"first"
        pipe.write(b"second\n")
        assert await anext(lines) == b"second"


async def test_waiting_for_a_line_blocks_nothing_and_can_be_given_up() -> None:
    receiving, sending = os.pipe()
    with os.fdopen(receiving, "rb", buffering=0) as file:
        waiting = asyncio.create_task(lines_of(file))
        await until(readers)
        (reader,) = readers()
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert reader.daemon
        complaints: list[object] = []
        asyncio.get_running_loop().set_exception_handler(
            lambda _loop, what: complaints.append(what)
        )
        os.close(sending)
        reader.join()
        await settled()
        assert complaints == []


def test_a_line_that_comes_after_the_end_disturbs_nothing() -> None:
    receiving, sending = os.pipe()

    async def give_up() -> threading.Thread:
        waiting = asyncio.create_task(lines_of(file))
        await until(readers)
        (reader,) = readers()
        waiting.cancel()
        return reader

    with os.fdopen(receiving, "rb", buffering=0) as file:
        reader = asyncio.run(give_up())
        os.close(sending)
        reader.join()  # an error in it would be a warning, and so a failure


async def test_a_line_without_end_takes_no_memory_without_end() -> None:
    endless = Dribble(bytes(20_000_000), 64 * 1024)
    tracemalloc.start()
    try:
        assert await lines_of(endless, limit=1000) == [None]
        _now, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 1_000_000


async def test_a_file_that_cannot_be_read_is_an_os_error() -> None:
    receiving, sending = os.pipe()
    os.close(receiving)
    with os.fdopen(sending, "wb", buffering=0) as writable, pytest.raises(OSError, match="not"):
        await lines_of(writable)
