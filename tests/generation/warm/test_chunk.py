from bot.generation.warm.chunk import Chunk, key_of
from tests.doubles.warm import era


def test_the_same_tokens_after_the_same_tokens_have_one_key() -> None:
    assert key_of("model", 0, (1, 2)) == key_of("model", 0, (1, 2))


def test_whatever_differs_has_another_key() -> None:
    keys = {
        key_of("model", 0, (1, 2)),
        key_of("other", 0, (1, 2)),
        key_of("model", 1, (1, 2)),
        key_of("model", 0, (1, 2, 3)),
        key_of("model", 0, (12,)),
        key_of("model", 0, (2, 1)),
    }

    assert len(keys) == 6
    assert all(len(key) == 32 and set(key) <= set("0123456789abcdef") for key in keys)


def test_a_chunk_ends_where_its_tokens_do() -> None:
    assert Chunk("k", "p", 256, (7, 8, 9), era(1), 10).end == 259
