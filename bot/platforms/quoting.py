"""The words of somebody that a message answers to."""

import unicodedata

from bot.names import clean_name, cut_whole
from storage.records import Quote

_LONGEST = 2000
"""Characters of a quote: enough to know what is meant, and no way to fill the window."""


def quote(text: str, author: str | None, name: str) -> Quote | None:
    """Return words as a quote, cut where they are many; None: there are none.

    Args:
        text: the words.
        author: what the platform calls who said them; None where it does not tell.
        name: what they call themselves.
    """
    if not text.strip():
        return None
    words = unicodedata.normalize("NFC", text)
    if len(words) > _LONGEST:
        words = f"{cut_whole(words, _LONGEST - 1)}…"
    return Quote(words, author, clean_name(name))
