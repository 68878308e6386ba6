"""The lines that a person typed, for the arrow keys."""

import contextlib
import os
from pathlib import Path

from prompt_toolkit.history import FileHistory

from bot.platforms.terminal.clean import well_formed


class PrivateHistory(FileHistory):
    """Typed lines in a file that only its owner can read.

    A history is a comfort: where it cannot be read or written, the conversation goes on
    without it.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
            path.chmod(0o600)

    def load_history_strings(self) -> list[str]:
        """Return the lines of earlier runs, newest first; none where they cannot be read."""
        try:
            return list(super().load_history_strings())
        except OSError:
            return []

    def store_string(self, string: str) -> None:
        """Keep a line for the next run, where that is possible."""
        with contextlib.suppress(OSError):
            super().store_string(well_formed(string))

    def forget(self) -> None:
        """Drop all lines, those of earlier runs too."""
        self._loaded_strings.clear()
        with contextlib.suppress(OSError):
            os.truncate(self.filename, 0)
