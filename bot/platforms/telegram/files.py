"""Fetching what people send."""

import asyncio
import logging
from pathlib import Path

from telegram import Bot
from telegram.error import TelegramError

from bot.platforms.files import LARGEST_FILE

FETCH_SECONDS = 10.0
"""A file takes so long at most: the messages of its chat wait for it."""

_log = logging.getLogger("ostro.telegram")

_TRIES = 2


async def fetched(bot: Bot, file_id: str, seconds: float = FETCH_SECONDS) -> bytes | None:
    """Return what is in a file, the first megabyte at least; None: it could not be had in time."""
    try:
        async with asyncio.timeout(seconds):
            for _ in range(_TRIES):
                content = await _tried(bot, file_id)
                if content is not None:
                    return content
    except TimeoutError:
        _log.warning("a file was not fetched within %s s", seconds)
    return None


async def _tried(bot: Bot, file_id: str) -> bytes | None:
    try:
        file = await bot.get_file(file_id)
        here = Path(file.file_path or "")
        if here.is_absolute():  # a server in local mode; the library would block the loop
            return await asyncio.to_thread(_beginning, here)
        return bytes(await file.download_as_bytearray())
    except TelegramError as error:
        _log.warning("a file was not fetched: %s", error.message)
    except OSError as error:
        _log.warning("a file of the Bot API server cannot be read here: %s", error.strerror)
    return None


def _beginning(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LARGEST_FILE)
