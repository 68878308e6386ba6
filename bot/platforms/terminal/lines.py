"""Lines of a pipe or file, without blocking the event loop and within bounded memory."""

import asyncio
import contextlib
import select
import threading
from collections.abc import AsyncIterator
from typing import BinaryIO

_CHUNK = 64 * 1024


async def read_lines(file: BinaryIO, limit: int) -> AsyncIterator[bytes | None]:
    """Yield each line without its end; None stands for one that is longer than ``limit`` bytes.

    Nothing must have been read through a buffered ``file`` before: the file below its buffer is
    read.

    Raises:
        OSError: the file cannot be read.
    """
    raw = getattr(file, "raw", file)
    held, too_long = b"", False
    while chunk := await _read(raw):
        *ended, held = (held + chunk).split(b"\n")
        for line in ended:
            yield None if too_long or len(line) > limit else line
            too_long = False
        if len(held) > limit:
            held, too_long = b"", True
    if held or too_long:
        yield None if too_long else held


async def _read(raw: BinaryIO) -> bytes:
    """Read once, in a thread that nobody waits for at exit, should nothing ever come.

    The loop's own threads would be waited for; and a thread that dies inside a buffered file
    takes the file's lock with it, which is why it is the raw one that is read.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[bytes] = loop.create_future()

    def settle(chunk: bytes, error: OSError | None) -> None:
        if done.cancelled():
            return
        if error is None:
            done.set_result(chunk)
        else:
            done.set_exception(error)

    def read() -> None:
        chunk, error = b"", None
        try:
            while (read_now := raw.read(_CHUNK)) is None:  # nothing yet, in a pipe that says so
                select.select([raw], [], [])
            chunk = read_now
        except OSError as failure:
            error = failure
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody listens any more
            loop.call_soon_threadsafe(settle, chunk, error)

    threading.Thread(target=read, name="lines", daemon=True).start()
    return await done
