"""Tell whether a file of weights is what it should be."""

import struct
from pathlib import Path

from bot.catalogue.entries import Entry, entries, known_file
from bot.catalogue.shelf import sha256_of
from bot.errors import WeightsError

_MAGIC = b"GGUF"
_VERSIONS = (2, 3)  # what llama.cpp reads
_HEAD = struct.Struct("<4sI")


def verify(path: Path) -> str:
    """Check a file against the catalogue and say what it is, in one line.

    Raises:
        WeightsError: it cannot be read, is no GGUF file, or is not what its name promises.
    """
    try:
        version = _gguf_version(path)
        size = path.stat().st_size
        named = known_file(path.name)
        if named is not None:
            _check_size(path, size, named)
        sha256 = sha256_of(path)
    except OSError as error:
        raise WeightsError(f"{path} cannot be read: {error.strerror}") from error
    for entry in entries():
        if entry.sha256 == sha256:
            return f"{path.name} is {entry.title} ({entry.name}): size and SHA-256 are right"
    if named is not None and named.sha256 is not None:
        raise WeightsError(f"{path.name} is damaged, or not {named.title}: its SHA-256 is {sha256}")
    return (
        f"{path.name} is a GGUF file, version {version}, unknown to the catalogue; SHA-256 {sha256}"
    )


def _gguf_version(path: Path) -> int:
    with path.open("rb") as file:
        head = file.read(_HEAD.size)
    if len(head) < _HEAD.size or not head.startswith(_MAGIC):
        raise WeightsError(f"{path.name} is not a GGUF file")
    version: int = _HEAD.unpack(head)[1]
    if version not in _VERSIONS:
        raise WeightsError(
            f"{path.name} is a GGUF file of version {version}, which is not readable"
        )
    return version


def _check_size(path: Path, size: int, entry: Entry) -> None:
    """A wrong size is told at once, before a minute of hashing."""
    if entry.sha256 is not None and size != entry.size:
        raise WeightsError(
            f"{path.name} is not whole, or not {entry.title}: "
            f"it has {size:,} bytes of {entry.size:,}"
        )
