"""A document of the bot as a file of the person."""

import os
from pathlib import Path
from typing import TextIO

from bot.platforms.terminal.clean import well_formed
from bot.reply import Document


def save(document: Document, folder: Path) -> Path:
    """Write a document into a folder, for its owner alone, and return where it is.

    A file that is there is never overwritten: the new one gets -2, -3 ... behind its name.

    Raises:
        OSError: it cannot be written; nothing is left of it then.
    """
    file, path = _new_file(folder / Path(document.name).name)
    try:
        with file:
            file.write(well_formed(document.text))
    except OSError:
        path.unlink(missing_ok=True)
        raise
    return path


def _new_file(wanted: Path) -> tuple[TextIO, Path]:
    path, number = wanted, 1
    while True:
        try:
            return _open_for_owner(path), path
        except FileExistsError:
            number += 1
            path = wanted.with_stem(f"{wanted.stem}-{number}")


def _open_for_owner(path: Path) -> TextIO:
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    return os.fdopen(descriptor, "w", encoding="utf-8", newline="\n")
