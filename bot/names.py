"""What people and files call themselves, made safe to stand beside what they say."""

import re
import unicodedata
from collections.abc import Iterator

from bot.delivery.graphemes import boundary_before

MAX_NAME = 32
"""Longest name of a person, in characters (code points)."""

_MAX_SHOWN = 40
"""Longest name or title that admins are shown: one line of a phone."""

_COMMAND = re.compile(r"(?<!\w)/+(?=\w)")
"""The slash of what would be a command: Telegram makes a link of it that gives the command."""

_MARKS = 3
"""Most marks on one character: enough for vowelled Hebrew, too few to cover other lines."""

_OURS = frozenset(":[]>`")
"""What our own marks are made of; whatever is compatible with one counts as it."""

_COLONS = frozenset("ː˸։׃܃܄᛬᠃᠉⁚⁝∶⸬ꓽ꞉")
"""What looks like a colon and is not compatible with one."""

_EMPTY = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and symbols that show nothing; invisible names are made of them."""

_JOINER = "\u200d"
_SKINS = frozenset("🏻🏼🏽🏾🏿")


def clean_name(name: str) -> str:
    """Return a name as it may stand before a message: ``NAME: text``.

    One line in form C, at most 32 characters and never a part of one, without colons, square
    brackets, ``>``, backticks and all that is compatible with them, and without characters that
    control, format or turn text around. Nothing left: ``someone``.
    """
    return clean_line(name, MAX_NAME) or "someone"


def clean_line(text: str, limit: int) -> str:
    """Return any text as such a line of at most ``limit`` characters; it may be empty."""
    shown = "".join(map(_shown, text))
    line = unicodedata.normalize("NFC", "".join(_settled(shown)))
    return cut_whole(" ".join(line.split()), limit).rstrip()


def shown_name(text: str) -> str:
    """Return a name or title as admins are shown it, without a command to press; may be empty."""
    return _COMMAND.sub("", clean_line(text, _MAX_SHOWN))


def cut_whole(text: str, limit: int) -> str:
    """Return at most ``limit`` code points of a text, never a part of what is seen as one."""
    return text[: boundary_before(text, min(limit, len(text)))]


def _shown(one: str) -> str:
    """Return a character, a blank where it may not stand, nothing where it shows nothing."""
    category = unicodedata.category(one)
    if category in {"Cc", "Zs", "Zl", "Zp"} or one in _EMPTY or one in _COLONS:
        return " "
    if category.startswith("C"):
        return one if one == _JOINER else ""
    return " " if _OURS & set(unicodedata.normalize("NFKD", one)) else one


def _settled(line: str) -> Iterator[str]:
    """Yield what stays: of marks a few on each character, of joiners those between emoji."""
    room = 0
    for before, one, after in zip(f" {line}", line, f"{line[1:]} ", strict=False):
        if one == _JOINER:
            if _is_emoji(before) and _is_emoji(after):
                yield one
        elif not unicodedata.category(one).startswith("M"):
            room = 0 if one == " " else _MARKS
            yield one
        elif room:
            room -= 1
            yield one


def _is_emoji(one: str) -> bool:
    return unicodedata.category(one) == "So" or one in _SKINS or one == "\ufe0f"
