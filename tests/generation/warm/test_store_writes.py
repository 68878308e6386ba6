"""What waits for the store's thread, and what its callers see meanwhile."""

from pathlib import Path
from threading import Thread

import pytest

from bot.generation.eras import Eras
from bot.generation.warm.chunk import PIECE
from bot.generation.warm.store import WarmStore
from tests.doubles.warm import MAKER, PLENTY, era, files, held_up, pieces, settle, talk, warm


def keep_all(store: WarmStore, chat: int, ids: tuple[int, ...]) -> None:
    """Keep all of ``ids`` and wait for nothing."""
    for start, end in store.missing(ids):
        store.keep(era(chat), ids[:end], start, repr(ids[start:end]).encode())


def test_what_is_not_written_yet_matches_and_is_fetched(tmp_path: Path) -> None:
    ids = talk(600)
    with warm(tmp_path) as store:
        with held_up(store):
            keep_all(store, 1, ids)
            assert files(tmp_path) == set()

            match = store.match(ids)
            assert match.tokens == 600
            assert store.missing(ids) == []
            fetched = [store.fetch(chunk) for chunk in match.chunks]
        states = [future.result(timeout=30) for future in fetched]

        assert states == [repr(chunk.ids).encode() for chunk in match.chunks]


def test_three_writes_wait_and_the_fourth_blocks(tmp_path: Path) -> None:
    ids = talk(4 * PIECE)
    with warm(tmp_path) as store:
        with held_up(store):
            keep_all(store, 1, ids[: 3 * PIECE])
            assert not store._room.acquire(blocking=False)
            fourth = Thread(target=keep_all, args=(store, 1, ids))
            fourth.start()
        fourth.join(timeout=30)
        settle(store)

        assert store.match(ids).tokens == 4 * PIECE
        assert [store._room.acquire(blocking=False) for _ in range(4)] == [True] * 3 + [False]
        for _ in range(3):
            store._room.release()


def test_closing_writes_what_waits(tmp_path: Path) -> None:
    ids = talk(600)
    store = WarmStore.open(tmp_path, PLENTY, MAKER, whole=False)
    with held_up(store):
        keep_all(store, 1, ids)
        closing = Thread(target=store.close)
        closing.start()
        with pytest.raises(Exception, match="another Ostro"):
            WarmStore.open(tmp_path, PLENTY, MAKER, whole=False)
    closing.join(timeout=30)

    assert len(files(tmp_path)) == pieces(600)
    with warm(tmp_path) as store:
        assert store.match(ids).tokens == 600


def test_what_is_over_before_it_was_written_is_never_written(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    ids = talk(600)
    with warm(tmp_path) as store:
        with held_up(store):
            keep_all(store, 1, ids)
            fetched = store.fetch(store.match(ids).chunks[0])
            store.retain(Eras([era(1, epoch=1)]))
            assert store.match(ids).tokens == 0
        assert fetched.result(timeout=30) is None
        assert files(tmp_path) == set()
    assert not caplog.records  # that there was nothing to delete is no trouble


def test_what_is_over_before_it_was_fetched_is_not_given_away(tmp_path: Path) -> None:
    ids = talk(256)
    with warm(tmp_path) as store:
        keep_all(store, 1, ids)
        settle(store)
        with held_up(store):
            fetched = store.fetch(store.match(ids).chunks[0])
            store.retain(Eras([era(1, epoch=1)]))

        assert fetched.result(timeout=30) is None


def test_what_is_said_again_after_it_was_over_is_kept(tmp_path: Path) -> None:
    ids = talk(256)
    with warm(tmp_path) as store:
        with held_up(store):
            store.keep(era(1), ids, 0, b"old")
            store.retain(Eras([era(1, epoch=1)]))
            store.keep(era(1, epoch=1), ids, 0, b"new")
        [chunk] = store.match(ids).chunks

        assert chunk.era == era(1, epoch=1)
        assert store.fetch(chunk).result(timeout=30) == b"new"
    with warm(tmp_path) as store:
        assert store.match(ids).chunks == (chunk,)


def test_what_others_came_to_stand_on_while_it_waited_stays(tmp_path: Path) -> None:
    persona, other = talk(256), talk(400, seed=1, after=talk(256))
    with warm(tmp_path) as store:
        keep_all(store, 1, persona)
        with held_up(store):
            keep_all(store, 1, talk(300, seed=2))
            keep_all(store, 2, other)
        settle(store)

        assert store.match(other).tokens == 400
        assert len(files(tmp_path)) == pieces(400) + pieces(300)
