"""Bytes of a file to text: the encodings that people's text files have."""

import codecs
import unicodedata

_MARKED = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins as UTF-16's does, and so stands before it
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_UNMARKED = ("utf-8", "cp949")
"""CP949 is what Korean Windows writes, and holds all of EUC-KR."""

_WRITTEN = frozenset("\t\n\r\f\v\x1b")
"""Controls that stand in texts: blanks, line and page breaks, the colours of logs."""

_MOST_CONTROLS = 100
"""A text has at most one other control character among so many."""


def decoded(data: bytes) -> str | None:
    """Return the text of a file in form C, its lines ended as ours are; None: it is not text.

    UTF-8, UTF-16 and UTF-32 with a byte order mark; without one UTF-8, or else CP949.
    """
    text = _decoded(data)
    if text is None or not _is_text(text):
        return None
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", lines)


def _decoded(data: bytes) -> str | None:
    marked = [encoding for mark, encoding in _MARKED if data.startswith(mark)]
    for encoding in marked or _UNMARKED:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _is_text(text: str) -> bool:
    controls = sum(one < " " and one not in _WRITTEN for one in text)
    return "\0" not in text and controls * _MOST_CONTROLS <= len(text)
