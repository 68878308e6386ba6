"""The file of one chunk: what stands in front of the data, and whether it is whole.

    magic, version, length of the header     fixed, little endian
    header                                   JSON: where the chunk belongs, and the data's SHA-256
    ids                                      32 bits each, little endian
    SHA-256 of all before
    data

So everything but the data can be checked without reading the data, and nothing unchecked is used.
"""

import hashlib
import struct
from dataclasses import dataclass
from typing import BinaryIO, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.generation.warm.chunk import Chunk, key_of
from storage.records import Era

_MAGIC = b"OSTROKV\n"
_VERSION = 1
_FIXED = struct.Struct("<8sII")
_LONGEST_HEADER = 4096  # bytes; a damaged length must not make us read more
_ID_SIZE = 4
_DIGEST_SIZE = 32
_NO_DIGEST = "0" * _DIGEST_SIZE * 2


class DamagedError(Exception):
    """A file is not what it should be, or was written by another version."""


class _Header(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    fingerprint: str
    whole: bool
    parent: str
    start: int
    count: int
    era: tuple[int, int, int]
    length: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Maker:
    """Whose states these are: those of another maker are of no use.

    Attributes:
        fingerprint: of all that the bytes of a state depend on.
        whole: whether each chunk is a whole state, instead of a piece of a chain.
    """

    fingerprint: str
    whole: bool

    def chunk(
        self, parent: str, start: int, ids: tuple[int, ...], era: Era, data_size: int
    ) -> Chunk:
        """Return the chunk of a state that is about to be written."""
        key = key_of(parent or self.fingerprint, start, ids)
        chunk = Chunk(key, parent, start, ids, era, size=0)
        front = _front(self, chunk, data_size, _NO_DIGEST)
        return Chunk(key, parent, start, ids, era, len(front) + data_size)

    def front(self, chunk: Chunk, data: bytes) -> bytes:
        """Return what stands before the data in a chunk's file."""
        return _front(self, chunk, len(data), hashlib.sha256(data).hexdigest())


@dataclass(frozen=True, slots=True)
class Front:
    """What stands before the data in a file, read and checked.

    Attributes:
        maker: whose state it is.
        chunk: what the file holds.
        sha256: of the data, in lower-case hex.
    """

    maker: Maker
    chunk: Chunk
    sha256: str

    @classmethod
    def read(cls, file: BinaryIO, size: int) -> Self:
        """Read up to where the data begin.

        Args:
            file: at its beginning.
            size: bytes of the whole file.

        Raises:
            DamagedError: it is not whole, not one of ours, or not of this version.
        """
        fixed = _exactly(file, _FIXED.size)
        magic, version, header_size = _FIXED.unpack(fixed)
        if (magic, version) != (_MAGIC, _VERSION) or header_size > _LONGEST_HEADER:
            raise DamagedError
        raw = _exactly(file, header_size)
        header = _header(raw)
        # A file of this size cannot hold more: a wrong count must not make us read all of it.
        if not 0 < header.count <= size // _ID_SIZE:
            raise DamagedError
        packed = _exactly(file, header.count * _ID_SIZE)
        before = fixed + raw + packed
        if _exactly(file, _DIGEST_SIZE) != hashlib.sha256(before).digest():
            raise DamagedError
        if len(before) + _DIGEST_SIZE + header.length != size:
            raise DamagedError
        return cls(*_of(header, struct.unpack(f"<{header.count}i", packed), size), header.sha256)

    def check(self, data: bytes) -> None:
        """Raise DamagedError where the data are not what was written."""
        if hashlib.sha256(data).hexdigest() != self.sha256:
            raise DamagedError


def _of(header: _Header, ids: tuple[int, ...], size: int) -> tuple[Maker, Chunk]:
    key = key_of(header.parent or header.fingerprint, header.start, ids)
    chunk = Chunk(key, header.parent, header.start, ids, Era(*header.era), size)
    return Maker(header.fingerprint, header.whole), chunk


def _front(maker: Maker, chunk: Chunk, data_size: int, data_sha256: str) -> bytes:
    header = _Header(
        fingerprint=maker.fingerprint,
        whole=maker.whole,
        parent=chunk.parent,
        start=chunk.start,
        count=len(chunk.ids),
        era=chunk.era,
        length=data_size,
        sha256=data_sha256,
    )
    raw = header.model_dump_json().encode()
    packed = struct.pack(f"<{len(chunk.ids)}i", *chunk.ids)
    before = _FIXED.pack(_MAGIC, _VERSION, len(raw)) + raw + packed
    return before + hashlib.sha256(before).digest()


def _header(raw: bytes) -> _Header:
    try:
        return _Header.model_validate_json(raw)
    except ValidationError as error:
        raise DamagedError from error


def _exactly(file: BinaryIO, size: int) -> bytes:
    read = file.read(size)
    if len(read) != size:
        raise DamagedError
    return read
