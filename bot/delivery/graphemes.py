"""Where one visible character ends and the next begins."""

import unicodedata
from itertools import takewhile

_JOINER = "\N{ZERO WIDTH JOINER}"
_FORMAT_EXTENDERS = {_JOINER, "\N{ZERO WIDTH NON-JOINER}", "\uff9e", "\uff9f"}
"""What belongs to the character before it without being a mark; U+FF9E and U+FF9F are the voiced
sound marks of halfwidth Katakana."""

_VIRAMA = 9
"""The combining class of the mark that joins two consonants of Indic scripts."""


def is_boundary(text: str, index: int) -> bool:
    """Whether cutting at ``index`` keeps every visible character of the text whole.

    Kept whole are: a letter with its combining marks; emoji with skin tones, variation selectors,
    tags and joiners; flags; Hangul syllables made of jamo; conjuncts of Indic scripts; the two
    characters that end a line on Windows; and surrogate pairs, should a text hold such. Not known
    are letters that go before others (Unicode's rule GB9b): these may be cut off from them. What
    follows a joiner never is. Looks at no text behind ``text[index]``.
    """
    if not 0 < index < len(text):
        return True
    before, after = text[index - 1], text[index]
    if before + after == "\r\n" or before == _JOINER or _extends(after):
        return False
    if _is_flag_half(after):
        halves = sum(1 for _ in takewhile(_is_flag_half, reversed(text[:index])))
        return halves % 2 == 0
    if "\ud800" <= before <= "\udbff" and "\udc00" <= after <= "\udfff":
        return False
    if unicodedata.combining(before) == _VIRAMA and after.isalpha():
        return False
    return not _same_syllable(before, after)


def boundary_before(text: str, position: int) -> int:
    """Return the last place between two visible characters up to a position."""
    while not is_boundary(text, position):
        position -= 1
    return position


def _extends(character: str) -> bool:
    if character.isascii():
        return False
    return (
        unicodedata.category(character) in {"Mn", "Mc", "Me"}
        or character in _FORMAT_EXTENDERS
        or "\U0001f3fb" <= character <= "\U0001f3ff"  # skin tones
        or "\U000e0020" <= character <= "\U000e007f"  # tags, as in the flag of Wales
    )


def _is_flag_half(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _same_syllable(before: str, after: str) -> bool:
    """Whether two Hangul characters are parts of one syllable."""
    first, second = _jamo(before), _jamo(after)
    return second in {
        "L": {"L", "V", "LV", "LVT"},
        "V": {"V", "T"},
        "LV": {"V", "T"},
        "T": {"T"},
        "LVT": {"T"},
    }.get(first, set())


def _jamo(character: str) -> str:
    """Which parts of a syllable a character holds: leading, vowel, trailing; "" if not Hangul."""
    if "\u1100" <= character <= "\u115f" or "\ua960" <= character <= "\ua97c":
        return "L"
    if "\u1160" <= character <= "\u11a7" or "\ud7b0" <= character <= "\ud7c6":
        return "V"
    if "\u11a8" <= character <= "\u11ff" or "\ud7cb" <= character <= "\ud7fb":
        return "T"
    if "가" <= character <= "힣":
        has_trailing = (ord(character) - ord("가")) % 28
        return "LVT" if has_trailing else "LV"
    return ""
