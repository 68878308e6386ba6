from pathlib import Path

import pytest

from tests.doubles.warm import (
    era,
    files,
    held_up,
    keep,
    pieces,
    restored,
    settle,
    state,
    talk,
    warm,
)


def test_what_is_not_on_the_way_is_deleted_though_nothing_is_written(tmp_path: Path) -> None:
    persona, old = talk(512), talk(900, seed=1)
    with warm(tmp_path) as store:
        keep(store, era(1), persona)
        keep(store, era(2), old)
        keep(store, era(1), persona + old)

        store.come_to(era(1), (*persona, 7, 8))
        settle(store)

        assert restored(store, (*persona, 7, 8)) == 512
        assert restored(store, old) == 900  # another chat's
    assert len(files(tmp_path)) == pieces(512) + pieces(900)


def test_what_holds_all_of_it_and_more_stays(tmp_path: Path) -> None:
    said = talk(600)
    with warm(tmp_path) as store:
        keep(store, era(1), said)
        store.come_to(era(1), said[:550])
        settle(store)

        assert restored(store, said) == 600


@pytest.mark.parametrize("whole", [False, True])
def test_an_answer_that_was_replaced_does_not_stay(tmp_path: Path, *, whole: bool) -> None:
    asked, answered = talk(300), talk(40, seed=2)
    with warm(tmp_path, whole=whole) as store:
        keep(store, era(1), asked + answered)
        store.come_to(era(1), (*asked, 7))
        settle(store)

        assert restored(store, asked + answered) < len(asked)


def test_what_other_chats_stand_on_stays(tmp_path: Path) -> None:
    persona = talk(256)
    with warm(tmp_path) as store:
        keep(store, era(1), persona)
        keep(store, era(2), talk(400, seed=3, after=persona))
        store.come_to(era(1), (7, 8))
        settle(store)

        assert restored(store, talk(400, seed=3, after=persona)) == 400


def test_the_store_says_when_keeping_would_block(tmp_path: Path) -> None:
    with warm(tmp_path) as store, held_up(store):
        for chat in range(1, 4):
            assert not store.is_busy
            said = talk(20, seed=chat)
            store.keep(era(chat), said, 0, state(said))
        assert store.is_busy
