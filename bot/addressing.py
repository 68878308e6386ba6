"""Whether a message calls the bot by its name."""

import re
import unicodedata
from collections.abc import Sequence

_PUNCTUATION = ",.!?:;~…‥⋯、。，．！？：；～〜｡､"
_END = rf"(?=\s|$|[{_PUNCTUATION}])(?!\.[A-Za-z0-9_])"
"""A full stop before a letter is a part of something else: ``ostro.py``."""

_CALLED = r"(?:야|아|님|씨)?"


def addressed(text: str, names: Sequence[str]) -> str | None:
    """Return what follows the bot's name at the very start of a text.

    Case counts nothing, and a Korean vocative may follow (오스트로야); a name inside a longer word
    is none. Blanks and punctuation after it go, line breaks inside the rest stay. Where several
    names stand there, the longest counts.

    Returns:
        The rest, empty when nothing else was said; None when the bot was not called.
    """
    known = sorted({unicodedata.normalize("NFC", name) for name in names if name}, key=len)
    if not known:
        return None
    either = "|".join(map(re.escape, reversed(known)))
    call = re.compile(rf"\s*(?:{either}){_CALLED}{_END}", re.IGNORECASE)
    plain = unicodedata.normalize("NFC", text)
    found = call.match(plain)
    return None if found is None else _rest(plain[found.end() :])


def _rest(text: str) -> str:
    """Cut what separates a name from what is said; ``~/bin`` and ``.env`` are no separators."""
    said = text.lstrip(_PUNCTUATION)
    said = re.sub(rf"^(?:[^\S\n]+[{_PUNCTUATION}]+(?=\s|$))+", "", said)
    return re.sub(r"^(?:[^\S\n]*\n)+|^[^\S\n]+", "", said) if said.strip() else ""
