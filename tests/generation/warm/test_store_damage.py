import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.generation.eras import Eras
from tests.doubles.warm import (
    MAKER,
    era,
    files,
    held_up,
    keep,
    pieces,
    restored,
    settle,
    talk,
    warm,
)

HURT, WELL = talk(12), talk(12, seed=1)
"""What two chats said; one loses the middle of its three chunks."""


@pytest.fixture
def good(tmp_path: Path) -> Path:
    """Return a folder with a chain of three short chunks for each of two chats."""
    path = tmp_path / "good"
    with warm(path) as store:
        for chat, ids in ((1, HURT), (2, WELL)):
            for end in (4, 8, 12):
                store.keep(era(chat), ids[:end], end - 4, repr(ids[end - 4 : end]).encode())
    return path


def names(path: Path, ids: tuple[int, ...]) -> list[str]:
    with warm(path) as store:
        return [f"{chunk.key}.warm" for chunk in store.match(ids).chunks]


def copied(good: Path, tmp_path: Path) -> Path:
    path = tmp_path / "copy"
    shutil.rmtree(path, ignore_errors=True)
    return shutil.copytree(good, path)


def check(path: Path, hurt: list[str], well: list[str]) -> None:
    """Open a folder in which the middle chunk is hurt: what does not need it is there."""
    with warm(path) as store:
        assert restored(store, HURT) == 4
        assert store.match(HURT).tokens == 4
        assert restored(store, WELL) == 12
        assert store.missing(HURT)
    assert files(path) == {hurt[0], *well}


def test_a_file_that_was_cut_anywhere_goes_with_what_stood_on_it(
    good: Path, tmp_path: Path
) -> None:
    hurt, well = names(good, HURT), names(good, WELL)
    whole = (good / hurt[1]).read_bytes()
    for length in range(len(whole)):
        path = copied(good, tmp_path)
        (path / hurt[1]).write_bytes(whole[:length])
        check(path, hurt, well)


def test_a_flipped_byte_anywhere_costs_one_file_and_what_stood_on_it(
    good: Path, tmp_path: Path
) -> None:
    hurt, well = names(good, HURT), names(good, WELL)
    whole = (good / hurt[1]).read_bytes()
    for place in range(len(whole)):
        path = copied(good, tmp_path)
        (path / hurt[1]).write_bytes(
            whole[:place] + bytes([whole[place] ^ 0x20]) + whole[place + 1 :]
        )
        check(path, hurt, well)


def test_opening_does_not_read_the_data(good: Path) -> None:
    hurt = names(good, HURT)
    file = good / hurt[1]
    file.write_bytes(file.read_bytes()[:-1] + b"?")

    with warm(good) as store:
        assert store.match(HURT).tokens == 12
        assert hurt[1] in files(good)
        assert restored(store, HURT) == 4
        assert hurt[1] not in files(good)


HARMS: list[Callable[[Path], object]] = [
    lambda file: file.unlink(),
    lambda file: file.write_bytes(b""),
    lambda file: file.write_bytes(file.read_bytes()[:-1]),
    lambda file: file.write_bytes(file.read_bytes() + b"x"),
    lambda file: file.write_bytes(bytes(file.stat().st_size)),
]


@pytest.mark.parametrize("harm", HARMS)
def test_what_is_damaged_while_the_store_is_open_is_gone_when_it_is_fetched(
    good: Path, harm: Callable[[Path], object]
) -> None:
    hurt, well = names(good, HURT), names(good, WELL)
    with warm(good) as store:
        harm(good / hurt[1])
        first, middle, last = store.match(HURT).chunks
        with held_up(store):
            fetched = [store.fetch(chunk) for chunk in (first, middle, last)]
        states = [future.result(timeout=30) for future in fetched]

        assert states == [repr(first.ids).encode(), None, None]
        assert store.match(HURT).tokens == 4
        assert files(good) == {hurt[0], *well}
        keep(store, era(1), HURT)
        assert restored(store, HURT) == 12


def test_a_file_in_the_place_of_another_is_not_taken_for_it(good: Path) -> None:
    hurt, well = names(good, HURT), names(good, WELL)
    shutil.copyfile(good / well[1], good / hurt[1])

    check(good, hurt, well)


def test_a_file_put_in_the_place_of_another_later_is_not_taken_for_it(good: Path) -> None:
    hurt, well = names(good, HURT), names(good, WELL)
    with warm(good) as store:
        shutil.copyfile(good / well[1], good / hurt[1])
        assert restored(store, HURT) == 4
    assert files(good) == {hurt[0], *well}


def test_what_lost_its_beginning_is_deleted(good: Path) -> None:
    hurt, well = names(good, HURT), names(good, WELL)
    (good / hurt[1]).unlink()

    check(good, hurt, well)


def test_what_another_model_made_is_deleted(tmp_path: Path) -> None:
    with warm(tmp_path) as store:
        keep(store, era(1), talk(600))
    with warm(tmp_path, maker="another model") as store:
        assert store.match(talk(600)).tokens == 0
        assert files(tmp_path) == set()
        keep(store, era(1), talk(600))
        assert restored(store, talk(600)) == 600


@pytest.mark.parametrize("whole", [False, True])
def test_what_is_kept_in_another_way_is_deleted(tmp_path: Path, *, whole: bool) -> None:
    with warm(tmp_path, whole=whole) as store:
        keep(store, era(1), talk(200))
    with warm(tmp_path, whole=not whole) as store:
        assert store.match(talk(200)).tokens == 0
        assert files(tmp_path) == set()


def test_unfinished_files_are_deleted(tmp_path: Path) -> None:
    with warm(tmp_path) as store:
        keep(store, era(1), talk(200))
    before = files(tmp_path)
    (tmp_path / f"{'a' * 32}.warm.part").write_bytes(b"half")
    (tmp_path / f"{'b' * 32}.warm").write_bytes(b"nothing of ours")

    with warm(tmp_path):
        assert files(tmp_path) == before


def test_a_file_that_was_written_and_did_not_get_its_name_is_deleted(tmp_path: Path) -> None:
    with warm(tmp_path) as store:
        keep(store, era(1), talk(200))
    [name] = files(tmp_path)
    (tmp_path / name).rename(tmp_path / f"{name}.part")

    with warm(tmp_path) as store:
        assert store.match(talk(200)).tokens == 0
        assert files(tmp_path) == set()


def test_what_only_a_damaged_chunk_needed_goes_with_it(tmp_path: Path) -> None:
    persona = talk(256)
    with warm(tmp_path) as store:
        for chat in (1, 2):
            keep(store, era(chat), talk(400, seed=chat, after=persona))
        store.retain(Eras([era(2)]))
        _, own = store.match(talk(400, seed=2, after=persona)).chunks
        (tmp_path / f"{own.key}.warm").write_bytes(b"damaged")

        assert store.fetch(own).result(timeout=30) is None
        settle(store)
        assert (store.match(persona).tokens, files(tmp_path)) == (0, set())


def test_other_peoples_files_are_left_alone(tmp_path: Path) -> None:
    for name in ("notes.txt", "a.warm", f"{'a' * 33}.warm", f"{'a' * 32}.warm~", "x.part"):
        (tmp_path / name).write_text("mine")
    (tmp_path / f"{'a' * 32}.warm").mkdir()
    (tmp_path / f"{'b' * 32}.warm").symlink_to(tmp_path / "notes.txt")
    before = files(tmp_path)

    with warm(tmp_path) as store:
        keep(store, era(1), talk(600))
        assert len(files(tmp_path) - before) == pieces(600)
    assert before < files(tmp_path)
    assert (tmp_path / "notes.txt").read_text() == "mine"
    with warm(tmp_path, maker=f"not {MAKER}"):
        assert files(tmp_path) == before
