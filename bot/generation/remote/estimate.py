"""How many tokens a text may be where nobody counts it. Pure.

A bound for what people write, not for every text: a server that cuts too long prompts without a
word must not be given one, and an estimate far too high wastes its window. The weights were found
with the vocabularies of Mistral's models: the first ones make many tokens of what is not English,
and single bytes of letters they do not have; the newest need half of that. A key that is all
letters can be more, and so can a line of rare hangul: that is learned from answers (sizes.py).
"""

import re
from collections import Counter
from unicodedata import category

# In parts of a token. English comes to nearly twice what it is, Korean to 1.3 up to 2.5 times.
_TOKEN = 20
_LOWER, _UPPER = 7, 17  # behind a word's first letter, which makes a token
_TWO_BYTES = 25  # letters of Greek, Cyrillic, Hebrew, Arabic; é and ß
_THREE_BYTES = 32  # of scripts that vocabularies know: many of their letters are one token

_WORD = re.compile(r"[A-Za-z]+")
_BLANK_BEFORE_WORD = re.compile(r" [A-Za-z]")  # it is a part of the word's first token
# Devanagari to Thai, Georgian, Vietnamese and old Greek letters, kana, Chinese characters, hangul.
_KNOWN = re.compile(
    "[\u0900-\u0e7f\u10a0-\u10ff\u1e00-\u1fff\u3041-\u30ff\u4e00-\u9fff\uac00-\ud7a3]"
)


def estimate(text: str) -> int:
    """Return more tokens than vocabularies make of a text that somebody wrote."""
    parts = sum(_weight(letter) * times for letter, times in Counter(text).items())
    words = _WORD.findall(text)
    parts += sum(_TOKEN - _weight(word[0]) for word in words)
    parts -= _TOKEN * len(_BLANK_BEFORE_WORD.findall(text))
    return -(-parts // _TOKEN)


def _weight(letter: str) -> int:
    """Return the parts of a token that a letter is, as long as no word begins with it."""
    if letter.isascii():  # digits and signs are tokens of their own
        return _TOKEN if not letter.isalpha() else _LOWER if letter.islower() else _UPPER
    length = len(letter.encode(errors="replace"))
    if length == len("é".encode()) and category(letter)[0] in "LM":
        return _TWO_BYTES
    return _THREE_BYTES if _KNOWN.match(letter) else _TOKEN * length  # a token for each byte
