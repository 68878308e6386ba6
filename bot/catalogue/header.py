"""What stands at the beginning of a GGUF file: its metadata, of which llama.cpp tells no lists."""

import struct
from pathlib import Path
from typing import BinaryIO

_MAGIC = b"GGUF"
_HEAD = struct.Struct("<4xQQ")  # version, tensors, entries
_KIND = struct.Struct("<I")
_LENGTH = struct.Struct("<Q")
_LIST = struct.Struct("<IQ")
_TEXT_KIND, _LIST_KIND = 8, 9
_SIZES = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
"""Kind of a number -> its bytes."""
_WHOLE = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 10: "Q", 11: "q"}
"""Kind of a whole number -> its letter in formats."""


def whole_numbers(path: Path, key: str) -> tuple[int, ...]:
    """Return a list of whole numbers from the metadata of weights that llama.cpp can read.

    Returns:
        The numbers; none where there is no list of numbers with this key.
    """
    with path.open("rb") as file:
        if file.read(len(_MAGIC)) != _MAGIC:
            return ()
        _, entries = _HEAD.unpack(file.read(_HEAD.size))
        for _ in range(entries):
            found = _text(file) == key.encode()
            kind = _number(file, _KIND)
            if found:
                return _numbers(file) if kind == _LIST_KIND else ()
            _pass_over(file, kind)
    return ()


def _number(file: BinaryIO, form: struct.Struct) -> int:
    number: int = form.unpack(file.read(form.size))[0]
    return number


def _text(file: BinaryIO) -> bytes:
    return file.read(_number(file, _LENGTH))


def _numbers(file: BinaryIO) -> tuple[int, ...]:
    kind, count = _LIST.unpack(file.read(_LIST.size))
    if kind not in _WHOLE:
        return ()
    return struct.unpack(f"<{count}{_WHOLE[kind]}", file.read(count * _SIZES[kind]))


def _pass_over(file: BinaryIO, kind: int) -> None:
    if kind == _TEXT_KIND:
        _text(file)
    elif kind == _LIST_KIND:
        kind, count = _LIST.unpack(file.read(_LIST.size))
        if kind == _TEXT_KIND:
            for _ in range(count):
                _text(file)
        else:
            file.seek(count * _SIZES[kind], 1)
    else:
        file.seek(_SIZES[kind], 1)
