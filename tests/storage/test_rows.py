from storage.rows import pack_ids


def test_ids_are_packed_as_little_endian_int32() -> None:
    assert pack_ids([1, 151_643, -1]) == bytes.fromhex("01000000 5b500200 ffffffff")


def test_no_ids_are_no_bytes() -> None:
    assert pack_ids([]) == b""
    assert pack_ids(None) is None
