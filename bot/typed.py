"""The lines that people typed into conversations in the terminal, one file a conversation."""

import os
import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from bot.message import Platform
from storage.errors import StorageError, explained
from storage.records import Forgotten


def typed_lines(store: Path, chat: str) -> Path:
    """Return where the lines typed into a conversation are kept, beside the database."""
    return store.with_name(f"{store.name}.{chat}.history")


def forget_typed(store: Path, chats: Iterable[str]) -> None:
    """Empty those of some conversations, where there are any.

    Raises:
        StorageError: some cannot be written; the others are empty.
    """
    _empty(typed_lines(store, chat) for chat in chats)


def forget_typed_by(store: Path, platform: str, forgotten: Forgotten) -> None:
    """Empty those of the conversations that went with a person of a platform.

    Raises:
        StorageError: as ``forget_typed``.
    """
    if platform == Platform.TERMINAL:
        forget_typed(store, forgotten.gone)


def forget_all_typed(store: Path) -> None:
    """Empty those of all conversations, also of those of which nothing else is stored.

    Raises:
        StorageError: as ``forget_typed``.
    """
    named = re.compile(rf"{re.escape(store.name)}\.[\w-]+\.history")
    with explained(store.parent):
        found = [path for path in store.parent.iterdir() if named.fullmatch(path.name)]
    _empty(found)


def _empty(paths: Iterable[Path]) -> None:
    """Empty files, all that can be; what is wrong with the first of the others is told then."""
    errors = []
    for path in paths:
        try:
            with explained(path), suppress(FileNotFoundError):
                os.truncate(path, 0)
        except StorageError as error:
            errors.append(error)
    if errors:
        raise errors[0]
