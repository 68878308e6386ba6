from pathlib import Path

import pytest

from bot.generation.eras import Eras
from bot.generation.warm.store import sweep
from storage.errors import LockedError, StorageError
from storage.lock import hold
from tests.doubles.warm import MAKER, era, files, keep, pieces, restored, talk, warm


def test_a_folder_that_is_not_there_has_nothing_and_is_not_made(tmp_path: Path) -> None:
    assert sweep(tmp_path / "warm", Eras(()))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("whole", [False, True])
def test_what_is_over_is_deleted_whatever_model_made_it(tmp_path: Path, *, whole: bool) -> None:
    with warm(tmp_path, whole=whole) as store:
        for chat in (1, 2):
            keep(store, era(chat), talk(600, seed=chat))
    before = files(tmp_path)

    assert sweep(tmp_path, Eras([era(1, epoch=1), era(2)]))
    assert len(files(tmp_path)) == len(before) // 2
    with warm(tmp_path, whole=whole) as store:
        assert store.match(talk(600, seed=1)).tokens == 0
        assert restored(store, talk(600, seed=2)) == 600


def test_what_chats_that_are_there_stand_on_stays(tmp_path: Path) -> None:
    persona = talk(256)
    with warm(tmp_path) as store:
        for chat in (1, 2):
            keep(store, era(chat), talk(400, seed=chat, after=persona))

    assert sweep(tmp_path, Eras([era(2)]))
    assert len(files(tmp_path)) == pieces(400)
    with warm(tmp_path) as store:
        assert restored(store, talk(400, seed=2, after=persona)) == 400


def test_where_no_chat_is_left_what_was_kept_is_deleted_once_there_is_a_newer_one(
    tmp_path: Path,
) -> None:
    with warm(tmp_path) as store:
        keep(store, era(1), talk(600))

    assert sweep(tmp_path, Eras([era(2)]))
    assert files(tmp_path) == set()


def test_what_is_not_whole_is_deleted_too(tmp_path: Path) -> None:
    with warm(tmp_path) as store:
        keep(store, era(1), talk(200))
    before = files(tmp_path)
    (tmp_path / f"{'a' * 32}.warm.part").write_bytes(b"half")
    (tmp_path / f"{'b' * 32}.warm").write_bytes(b"half")

    assert sweep(tmp_path, Eras([era(1)]))
    assert files(tmp_path) == before


def test_what_lost_its_beginning_is_deleted_too(tmp_path: Path) -> None:
    with warm(tmp_path) as store:
        keep(store, era(1), talk(600))
        first, *_ = store.match(talk(600)).chunks
    (tmp_path / f"{first.key}.warm").unlink()

    assert sweep(tmp_path, Eras([era(1)]))
    assert files(tmp_path) == set()


def test_a_folder_in_use_is_left_to_its_process(tmp_path: Path) -> None:
    with warm(tmp_path, maker=MAKER) as store:
        keep(store, era(1), talk(200))

        assert not sweep(tmp_path, Eras([era(1, epoch=1)]))
        assert restored(store, talk(200)) == 200


def test_the_folder_is_free_afterwards(tmp_path: Path) -> None:
    tmp_path.joinpath("lock").touch()
    assert sweep(tmp_path, Eras(()))
    with hold(tmp_path / "lock"), pytest.raises(LockedError), hold(tmp_path / "lock"):
        pass


def test_a_folder_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    (tmp_path / "lock").mkdir()
    with pytest.raises(StorageError, match="WARM_PATH"):
        sweep(tmp_path, Eras(()))
