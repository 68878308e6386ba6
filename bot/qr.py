"""Links as QR codes, drawn with the characters of a terminal."""

import io
import shutil
from typing import TextIO

import segno

_WHITE_ON_BLACK = "\x1b[38;5;231;48;5;16m"  # of the fixed colours: a theme does not change them
_AS_BEFORE = "\x1b[0m"
_DRAWN_WITH = "█▀▄"


def drawn(link: str) -> str:
    """Return a link as lines that a phone's camera reads, on dark terminals and light ones.

    A line shows two rows of modules; around them is the margin that readers need.
    """
    picture = io.StringIO()
    segno.make(link, micro=False).terminal(picture, compact=True)
    return "\n".join(
        f"{_WHITE_ON_BLACK}{line}{_AS_BEFORE}" for line in picture.getvalue().splitlines()
    )


def drawn_on(out: TextIO, link: str) -> str:
    """Return it as it can be shown there; nothing for what is no terminal, or lacks the room."""
    if not out.isatty() or not _can_show(out):
        return ""
    picture = drawn(link)
    columns, rows = shutil.get_terminal_size()
    lines = picture.splitlines()
    wide = len(lines[0]) - len(_WHITE_ON_BLACK) - len(_AS_BEFORE)
    return picture if wide <= columns and len(lines) <= rows else ""


def _can_show(out: TextIO) -> bool:
    try:
        _DRAWN_WITH.encode(out.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True
