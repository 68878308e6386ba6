"""What comes with a message besides its words, and fetching what can be read of it."""

import asyncio
import logging
from collections.abc import Iterator
from pathlib import PurePath
from typing import TypeAlias

import discord

from bot.attachments import Remark, is_text_file
from bot.delivery.outlet import DeliveryError
from bot.platforms.discord.errors import translated
from bot.platforms.files import LARGEST_FILE, file_name, too_large

FETCH_SECONDS = 10.0
"""A file takes so long at most: the messages of its chat wait for it."""

_log = logging.getLogger("ostro.discord")

_TRIES = 2

_Sent: TypeAlias = discord.Message | discord.MessageSnapshot


def readable_files(message: discord.Message) -> tuple[discord.Attachment, ...]:
    """Return the text files of a message, and of those that it passes on, that are fetched."""
    return tuple(file for file in _text_files(message) if not _is_too_large(file))


def remarks_on(message: discord.Message, *, heard: bool) -> Iterator[Remark]:
    """Yield what a person is told of what cannot be read.

    Args:
        message: theirs.
        heard: something else in it is answered.
    """
    yield from (too_large(name_of(file)) for file in _text_files(message) if _is_too_large(file))
    if _brings_more(message):
        yield Remark("media.caption" if heard else "media.nothing", {})


def name_of(file: discord.Attachment) -> str:
    """Return what a file is called: as its owner calls it, where Discord tells that besides."""
    ending = PurePath(f"_{file.filename}").suffix
    title = (file.title or "").removesuffix(ending)
    return file_name(f"{title}{ending}" if title else file.filename)


async def fetched(file: discord.Attachment, seconds: float = FETCH_SECONDS) -> bytes | None:
    """Return what is in a file, the first megabyte at most; None: it could not be had in time."""
    try:
        async with asyncio.timeout(seconds):
            for _ in range(_TRIES):
                content = await _tried(file)
                if content is not None:
                    return content[:LARGEST_FILE]
    except TimeoutError:
        _log.warning("a file was not fetched within %s s", seconds)
    return None


async def _tried(file: discord.Attachment) -> bytes | None:
    try:
        async with translated():
            return await file.read()
    except DeliveryError as error:
        _log.warning("a file was not fetched: %s", error)
        return None


def _text_files(message: discord.Message) -> list[discord.Attachment]:
    return [file for file in _attachments(message) if _is_text(file)]


def _brings_more(message: discord.Message) -> bool:
    """Say whether there is something to see or hear; the preview of a link in a text is not."""
    parts: list[_Sent] = [message, *message.message_snapshots]
    for part in parts:
        if part.stickers or not all(map(_is_text, part.attachments)):
            return True
        if part.embeds and not part.content:
            return True
    return message.poll is not None


def _attachments(message: discord.Message) -> list[discord.Attachment]:
    passed_on = [file for each in message.message_snapshots for file in each.attachments]
    return [*message.attachments, *passed_on]


def _is_text(file: discord.Attachment) -> bool:
    return is_text_file(file.filename, file.content_type)


def _is_too_large(file: discord.Attachment) -> bool:
    return file.size > LARGEST_FILE
