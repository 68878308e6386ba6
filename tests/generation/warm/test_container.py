import hashlib
import io
import json
import struct

import pytest

from bot.generation.warm.chunk import key_of
from bot.generation.warm.container import DamagedError, Front, Maker
from storage.records import Era

MAKER = Maker("f1nger", whole=False)
IDS = (1, 31_999, 2**31 - 1, 5)
DATA = bytes(range(40))
CHUNK = MAKER.chunk("a" * 32, 256, IDS, Era(7, 2, 1), len(DATA))
FILE = MAKER.front(CHUNK, DATA) + DATA


def read(file: bytes) -> tuple[Front, bytes]:
    """Read a file as the store does: first what stands before the data, then the data."""
    stream = io.BytesIO(file)
    front = Front.read(stream, len(file))
    data = stream.read()
    front.check(data)
    return front, data


def test_what_was_written_is_read() -> None:
    front, data = read(FILE)

    assert data == DATA
    assert front.maker == MAKER
    assert front.chunk == CHUNK
    assert front.chunk.key == key_of("a" * 32, 256, IDS)
    assert (front.chunk.start, front.chunk.end, front.chunk.era) == (256, 260, Era(7, 2, 1))


def test_the_size_is_that_of_the_file_before_there_is_one() -> None:
    assert CHUNK.size == len(FILE)


def test_the_first_chunk_is_called_by_its_maker() -> None:
    one, other = (Maker(name, whole=False).chunk("", 0, IDS, Era(1, 0, 0), 5) for name in "ab")

    assert one.key == key_of("a", 0, IDS)
    assert other.key == key_of("b", 0, IDS)


def test_what_stands_before_the_data_is_read_without_the_data() -> None:
    stream = io.BytesIO(FILE)
    Front.read(stream, len(FILE))

    assert stream.read() == DATA


def test_a_state_may_be_empty() -> None:
    chunk = MAKER.chunk("", 0, IDS, Era(1, 0, 0), 0)

    assert read(MAKER.front(chunk, b""))[1] == b""


def test_a_file_that_was_cut_anywhere_is_damaged() -> None:
    for length in range(len(FILE)):
        with pytest.raises(DamagedError):
            Front.read(io.BytesIO(FILE[:length]), length)


def test_a_file_that_goes_on_after_its_end_is_damaged() -> None:
    with pytest.raises(DamagedError):
        Front.read(io.BytesIO(FILE + b"x"), len(FILE) + 1)


def test_one_flipped_bit_anywhere_is_noticed() -> None:
    for place in range(len(FILE)):
        for bit in range(8):
            with pytest.raises(DamagedError):
                read(flipped(place, 1 << bit))


def test_all_but_the_data_is_checked_without_the_data() -> None:
    for place in range(len(FILE) - len(DATA)):
        with pytest.raises(DamagedError):
            Front.read(io.BytesIO(flipped(place, 0xFF)), len(FILE))


def flipped(place: int, bits: int) -> bytes:
    file = bytearray(FILE)
    file[place] ^= bits
    return bytes(file)


def test_a_damaged_length_makes_nobody_read_a_whole_file() -> None:
    fixed = struct.pack("<8sII", b"OSTROKV\n", 1, 2**32 - 1)
    stream = io.BytesIO(fixed + bytes(100_000))

    with pytest.raises(DamagedError):
        Front.read(stream, 2**40)
    assert stream.tell() == len(fixed)


SENSE = {
    "fingerprint": "f",
    "whole": False,
    "parent": "",
    "start": 0,
    "count": 1,
    "era": [1, 0, 0],
    "length": 0,
    "sha256": hashlib.sha256(b"").hexdigest(),
}


def sealed(header: bytes, version: int = 1, tokens: int = 1) -> bytes:
    """Return a file whose first digest is right, whatever its header says."""
    before = struct.pack("<8sII", b"OSTROKV\n", version, len(header)) + header + bytes(4 * tokens)
    return before + hashlib.sha256(before).digest()


def test_a_header_that_makes_sense_is_read() -> None:
    front, data = read(sealed(json.dumps(SENSE).encode()))

    assert (front.chunk.ids, data) == ((0,), b"")


def test_a_chunk_of_nothing_is_damaged() -> None:
    with pytest.raises(DamagedError):
        read(sealed(json.dumps(SENSE | {"count": 0}).encode(), tokens=0))


def test_another_version_is_damaged() -> None:
    with pytest.raises(DamagedError):
        read(sealed(json.dumps(SENSE).encode(), version=2))


@pytest.mark.parametrize("header", [b"", b"{}", b'"text"', b"\xff\xfe", b"[" * 4000, b" " * 5000])
def test_a_header_that_is_none_is_damaged(header: bytes) -> None:
    with pytest.raises(DamagedError):
        read(sealed(header))


@pytest.mark.parametrize(
    "nonsense",
    [
        *({"count": count} for count in (-1, 0, 2, 10**20, True, "1", None)),
        *({"era": value} for value in ([1, 0], [1, 0, 0, 0], ["1", 0, 0], 7)),
        *({"length": length} for length in (-1, 1, 10**20)),
        *({"start": "0"}, {"parent": None}, {"whole": 0}, {"fingerprint": 1}, {"more": 1}),
    ],
    ids=str,
)
def test_a_header_that_says_nonsense_is_damaged(nonsense: dict[str, object]) -> None:
    with pytest.raises(DamagedError):
        read(sealed(json.dumps(SENSE | nonsense).encode()))
