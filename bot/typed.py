"""The lines that people typed into conversations in the terminal, one file a conversation."""

import os
import re
from contextlib import suppress
from pathlib import Path

from storage.errors import explained


def typed_lines(store: Path, chat: str) -> Path:
    """Return where the lines typed into a conversation are kept, beside the database."""
    return store.with_name(f"{store.name}.{chat}.history")


def forget_typed(store: Path, chat: str) -> None:
    """Empty them, if there are any.

    Raises:
        StorageError: they cannot be written.
    """
    _empty(typed_lines(store, chat))


def forget_all_typed(store: Path) -> None:
    """Empty those of all conversations, also of those of which nothing else is stored.

    Raises:
        StorageError: some cannot be written; others may be empty by then.
    """
    named = re.compile(rf"{re.escape(store.name)}\.[\w-]+\.history")
    with explained(store.parent):
        found = [path for path in store.parent.iterdir() if named.fullmatch(path.name)]
    for path in found:
        _empty(path)


def _empty(path: Path) -> None:
    with explained(path), suppress(FileNotFoundError):
        os.truncate(path, 0)
