"""What is written to a terminal, a pipe or a file."""

import shutil
from typing import TextIO

from prompt_toolkit.utils import get_cwidth

from bot.platforms.terminal.clean import one_line, printable, well_formed

_ERASE_LINE = "\r\x1b[K"


class Screen:
    """Clean text, line by line or piece by piece, and one passing line that can be taken back.

    Everything is flushed at once. A passing line is shown on a terminal only; whatever is
    written next takes its place.
    """

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._terminal = out.isatty()
        self._line_open = False
        self._passing = ""

    def write(self, text: str) -> None:
        """Write a piece of text."""
        clean = printable(text)
        if clean:
            self.erase_passing()
            self._put(well_formed(clean, self._out.encoding or "utf-8"))
            self._line_open = not clean.endswith("\n")

    def line(self, text: str) -> None:
        """Write whole lines, beginning with a new one."""
        self.end_line()
        self.write(f"{text}\n")

    def end_line(self) -> None:
        """End the line that was begun, if one was."""
        if self._line_open:
            self.write("\n")

    def passing(self, text: str) -> None:
        """Show a line that will be taken back; not in the middle of a line of text."""
        shown = _fitting(one_line(printable(text)))
        if self._terminal and not self._line_open and shown != self._passing:
            self._put(_ERASE_LINE + well_formed(shown, self._out.encoding or "utf-8"))
            self._passing = shown

    def erase_passing(self) -> None:
        """Take the passing line back."""
        if self._passing:
            self._put(_ERASE_LINE)
            self._passing = ""

    def _put(self, text: str) -> None:
        self._out.write(text)
        self._out.flush()


def _fitting(text: str) -> str:
    """Cut a text to one line of the terminal: a wrapped one could not be erased."""
    columns = shutil.get_terminal_size().columns
    while get_cwidth(text) >= columns:
        text = text[:-1]
    return text
