"""Text files that people send with what they say."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.attachments import File, Remark
from bot.message import Incoming
from bot.names import clean_line
from bot.platforms.dialogue import Dialogue

LARGEST_FILE = 1_000_000
"""Bytes of a text file that is fetched: many times what a window holds."""

_NAMELESS = "file.txt"
_LONGEST_FILE_NAME = 64


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file that was asked for; ``data`` is None where it could not be had."""

    name: str
    data: bytes | None


def file_name(name: str | None) -> str:
    """Return what a file is called: one clean line, and never nothing."""
    return clean_line(name or "", _LONGEST_FILE_NAME) or _NAMELESS


def too_large(name: str) -> Remark:
    """Return what is said of a text file that is larger than what is fetched."""
    return Remark("media.file_large", {"name": name, "limit": LARGEST_FILE // 1_000_000})


async def completed(
    incoming: Incoming, files: Sequence[Fetched], dialogue: Dialogue
) -> tuple[Incoming | None, tuple[Remark, ...]]:
    """Return a message with what is in its files, and what is remarked on them.

    There is no message where nothing can be answered, or a file has to be sent once more.
    """
    failed = tuple(
        Remark("media.file_failed", {"name": file.name}) for file in files if file.data is None
    )
    if failed:
        return None, failed
    remarks: tuple[Remark, ...] = ()
    if files:
        read = [File(file.name, file.data) for file in files if file.data is not None]
        attached = await dialogue.attached(read)
        text = "\n\n".join(part for part in (incoming.text, attached.text) if part)
        incoming, remarks = replace(incoming, text=text), tuple(attached.remarks)
    if incoming.text.strip() or incoming.quote:
        return incoming, remarks
    return None, remarks
