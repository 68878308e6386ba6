from pathlib import Path

import pytest

from bot.generation.warm.states import WarmStates
from bot.generation.warm.store import WarmStore
from storage.errors import LockedError, UnwritableError
from tests.doubles.warm import MAKER, PLENTY, era, files, keep, restored, settle, talk, warm


def test_what_was_kept_is_restored(tmp_path: Path) -> None:
    ids = talk(600)
    with warm(tmp_path) as store:
        keep(store, era(1), ids)

        assert restored(store, ids) == 600
        assert restored(store, talk(900, after=ids)) == 600
        assert store.missing(ids) == []


def test_what_was_kept_is_restored_after_a_restart(tmp_path: Path) -> None:
    ids = talk(600)
    with warm(tmp_path) as store:
        keep(store, era(1), ids)
    with warm(tmp_path) as store:
        assert restored(store, ids) == 600
        assert store.missing(ids) == []


def test_a_restart_finds_what_was_kept_just_before_the_end(tmp_path: Path) -> None:
    ids = talk(512)
    with warm(tmp_path) as store:
        store.keep(era(1), ids[:256], 0, b"first")
        store.keep(era(1), ids, 256, b"second")
    with warm(tmp_path) as store:
        futures = [store.fetch(chunk) for chunk in store.match(ids).chunks]
        assert [future.result(timeout=30) for future in futures] == [b"first", b"second"]


def test_ids_may_come_in_any_sequence(tmp_path: Path) -> None:
    ids = talk(300)
    with warm(tmp_path) as store:
        for start, end in store.missing(list(ids)):
            store.keep(era(1), list(ids[:end]), start, b"state")

        assert store.match(list(ids)) == store.match(ids)
        assert store.match(ids).tokens == 300


def test_a_state_may_be_empty(tmp_path: Path) -> None:
    with warm(tmp_path) as store:
        store.keep(era(1), (1, 2), 0, b"")
        [chunk] = store.match((1, 2)).chunks

        assert store.fetch(chunk).result(timeout=30) == b""


def test_whole_states_are_restored_and_kept_apart(tmp_path: Path) -> None:
    ids = talk(600)
    with warm(tmp_path, whole=True) as store:
        for end in (100, 300, 600):
            keep(store, era(1), ids[:end])
        assert store.missing(ids) == []
    with warm(tmp_path, whole=True) as store:
        assert len(files(tmp_path)) == 3
        assert restored(store, ids) == 600
        assert restored(store, ids[:599]) == 300
        assert restored(store, ids[:99]) == 0


def test_the_folder_and_its_files_are_the_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "data" / "warm"
    with warm(path) as store:
        keep(store, era(1), talk(600))

        assert path.stat().st_mode & 0o777 == 0o700
        assert {file.stat().st_mode & 0o777 for file in path.iterdir()} == {0o600}


def test_a_chunk_has_one_file_and_the_size_of_it(tmp_path: Path) -> None:
    ids = talk(600)
    with warm(tmp_path) as store:
        keep(store, era(1), ids)

        sizes = {f"{chunk.key}.warm": chunk.size for chunk in store.match(ids).chunks}
        assert sizes == {name: (tmp_path / name).stat().st_size for name in files(tmp_path)}


def test_the_same_state_is_written_once(tmp_path: Path) -> None:
    ids = talk(256)
    with warm(tmp_path) as store:
        for data in (b"one", b"two"):
            store.keep(era(1), ids, 0, data)
        [chunk] = store.match(ids).chunks

        assert store.fetch(chunk).result(timeout=30) == b"one"


def test_what_stands_on_nothing_is_not_kept(tmp_path: Path) -> None:
    ids = talk(512)
    with warm(tmp_path) as store:
        store.keep(era(1), ids, 256, b"second")
        for nothing in ((), ids):
            store.keep(era(1), nothing, len(nothing), b"nothing")
        settle(store)

        assert store.match(ids).tokens == 0
        assert files(tmp_path) == set()


def test_a_second_process_is_refused_and_harms_nothing(tmp_path: Path) -> None:
    with warm(tmp_path) as store:
        keep(store, era(1), talk(300))
        (tmp_path / f"{'a' * 32}.warm.part").touch()
        before = files(tmp_path)

        with pytest.raises(LockedError):
            WarmStore.open(tmp_path, PLENTY, "another model", whole=False)
        assert files(tmp_path) == before


def test_the_folder_is_free_once_it_is_closed(tmp_path: Path) -> None:
    store: WarmStates = WarmStore.open(tmp_path, PLENTY, MAKER, whole=False)
    store.close()
    store.close()
    with warm(tmp_path):
        pass


@pytest.mark.parametrize("path", ["file", "file/warm"])
def test_a_folder_that_cannot_be_made_is_one_clear_line(tmp_path: Path, path: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UnwritableError, match=r"no folder .*: set WARM_PATH to another one$"):
        WarmStore.open(tmp_path / path, PLENTY, MAKER, whole=False)
