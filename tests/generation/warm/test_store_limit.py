import os
from pathlib import Path

from tests.doubles.warm import (
    PLENTY,
    era,
    files,
    held_up,
    keep,
    keep_one_by_one,
    restored,
    settle,
    talk,
    warm,
)

CHATS = (1, 2, 3)


def said(chat: int, length: int = 256) -> tuple[int, ...]:
    return talk(length, seed=chat)


def kept(path: Path, length: int = 256) -> int:
    """Keep one chain for each chat; return the bytes of all."""
    with warm(path) as store:
        for chat in CHATS:
            keep(store, era(chat), said(chat, length))
    return size(path)


def size(path: Path) -> int:
    return sum((path / name).stat().st_size for name in files(path))


def last_used(path: Path, seconds: float) -> None:
    os.utime(path, (seconds, seconds))


def age(path: Path, order: tuple[int, ...]) -> None:
    """Let the chunks of some chats have been used in this order, a long time ago."""
    with warm(path) as store:
        for seconds, chat in enumerate(order, 1_000_000):
            for chunk in store.match(said(chat, 768)).chunks:
                last_used(path / f"{chunk.key}.warm", seconds)


def warm_chats(path: Path, limit: int = PLENTY) -> set[int]:
    with warm(path, limit) as store:
        return {chat for chat in CHATS if store.match(said(chat)).tokens}


def test_what_was_not_used_for_longest_goes_first(tmp_path: Path) -> None:
    with warm(tmp_path, limit=kept(tmp_path)) as store:
        assert restored(store, said(1)) == 256
        keep(store, era(4), said(4))

        assert [store.match(said(chat)).tokens for chat in (1, 2, 3, 4)] == [256, 0, 256, 256]
        assert len(files(tmp_path)) == 3


def test_the_order_of_use_outlives_a_restart(tmp_path: Path) -> None:
    total = kept(tmp_path)
    age(tmp_path, order=(2, 3, 1))

    assert warm_chats(tmp_path, limit=total - 1) == {1, 3}
    assert warm_chats(tmp_path, limit=total // 2) == {1}


def test_a_use_outlives_a_restart(tmp_path: Path) -> None:
    total = kept(tmp_path)
    age(tmp_path, order=(2, 3, 1))
    with warm(tmp_path) as store:
        assert restored(store, said(2)) == 256

    assert warm_chats(tmp_path, limit=total - 1) == {1, 2}


def test_opening_deletes_the_files_beyond_the_limit(tmp_path: Path) -> None:
    total = kept(tmp_path, length=768)
    with warm(tmp_path, limit=total // 2):
        assert 0 < size(tmp_path) <= total // 2
    with warm(tmp_path, limit=0):
        assert files(tmp_path) == set()


def test_a_chunk_goes_only_after_all_that_stands_on_it(tmp_path: Path) -> None:
    total = kept(tmp_path, length=768)
    with warm(tmp_path) as store:
        chunks = {chat: store.match(said(chat, 768)).chunks for chat in CHATS}
    for chat in CHATS:  # the beginnings were used last before their ends
        for seconds, chunk in enumerate(chunks[chat], 1_000_000 * chat):
            last_used(tmp_path / f"{chunk.key}.warm", seconds)

    with warm(tmp_path, limit=total - chunks[1][2].size - 1) as store:
        assert restored(store, said(1, 768)) == 256
        assert restored(store, said(2, 768)) == 768
        assert restored(store, said(3, 768)) == 768


def test_the_newest_chain_loses_its_end_and_never_its_middle(tmp_path: Path) -> None:
    total = kept(tmp_path, length=768)
    with warm(tmp_path, limit=total // 4) as store:
        keep(store, era(4), said(4, 768))

        assert restored(store, said(4, 768)) == 512
        assert size(tmp_path) <= total // 4


def test_what_is_being_fetched_is_not_pushed_out_by_what_waits(tmp_path: Path) -> None:
    total = kept(tmp_path)
    age(tmp_path, order=(1, 2, 3))
    with warm(tmp_path, limit=total) as store:
        [chunk] = store.match(said(1)).chunks
        with held_up(store):
            store.keep(era(4), said(4), 0, repr(said(4)).encode())
            wanted = store.fetch(chunk)

        assert wanted.result(timeout=30) is not None
        settle(store)
        assert [store.match(said(chat)).tokens for chat in (1, 2, 3, 4)] == [256, 0, 256, 256]


def test_a_chain_beyond_the_limit_comes_to_an_end(tmp_path: Path) -> None:
    limit = kept(tmp_path, length=768) // 4
    with warm(tmp_path, limit=limit) as store:
        assert keep_one_by_one(store, era(4), said(4, 2000)) == 3  # the last one in vain
        assert restored(store, said(4, 2000)) == 512
        assert keep_one_by_one(store, era(4), said(4, 2100)) == 0

        assert keep_one_by_one(store, era(5), said(5, 768)) == 2
        assert restored(store, said(5, 768)) == 512


def test_a_state_beyond_the_limit_is_tried_once(tmp_path: Path) -> None:
    with warm(tmp_path, limit=2000, whole=True) as store:
        assert keep_one_by_one(store, era(1), said(1, 600)) == 1
        assert store.missing(said(2, 700)) == []
        assert keep_one_by_one(store, era(2), said(2, 100)) == 1
        assert restored(store, said(2, 100)) == 100


def test_chats_that_together_are_beyond_the_limit_come_to_an_end(tmp_path: Path) -> None:
    limit = kept(tmp_path, length=768) // 2
    with warm(tmp_path, limit=limit) as store:
        for chat in CHATS:
            assert keep_one_by_one(store, era(chat), said(chat, 768)) <= 3
            assert restored(store, said(chat, 768)) == 768
        assert size(tmp_path) <= limit
