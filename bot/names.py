"""What people and files call themselves, made safe to stand beside what they say."""

import unicodedata
from collections.abc import Iterator

MAX_NAME = 32
"""Longest name of a person, in characters (code points)."""

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
_FLAGS = "🇦🇧🇨🇩🇪🇫🇬🇭🇮🇯🇰🇱🇲🇳🇴🇵🇶🇷🇸🇹🇺🇻🇼🇽🇾🇿"
"""Two of these letters are one flag."""

_VIRAMA = 9
"""The combining class of the mark that joins two consonants of Indian scripts."""


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


def cut_whole(text: str, limit: int) -> str:
    """Return at most ``limit`` code points of a text, never a part of what is seen as one."""
    end = min(limit, len(text))
    while 0 < end < len(text) and _one(text, end):
        end -= 1
    return text[:end]


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


def _one(text: str, end: int) -> bool:
    """Say whether what stands before and after ``end`` is seen as one character.

    A short form of Unicode's rules for such clusters (UAX 29), without its tables.
    """
    before, after = text[end - 1], text[end]
    if before in _FLAGS and after in _FLAGS:
        return (end - len(text[:end].rstrip(_FLAGS))) % 2 == 1
    return (
        unicodedata.category(after).startswith("M")
        or _JOINER in (before, after)
        or after in _SKINS
        or "\u1160" <= after <= "\u11ff"  # vowels and finals of a Hangul syllable
        or "\ud7b0" <= after <= "\ud7ff"
        or "\U000e0020" <= after <= "\U000e007f"  # what makes the flag of Scotland
        or (unicodedata.combining(before) == _VIRAMA and after.isalpha())
    )
