"""What chats have read, and is kept on disk, goes with what was said in them."""

import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.generation.eras import Eras
from bot.generation.warm.store import WarmStore, sweep
from storage.records import Era
from tests.app.admin.conftest import EVERY
from tests.doubles.typed_shell import Typing

pytestmark = pytest.mark.usefixtures("filled")

ERASING = [words for words in EVERY if words[0] in {"reset", "forget"}]
IDS = {1: (7, 7, 7), 2: (8, 8, 8), 3: (9, 9, 9)}
"""What each chat of the filled database has read."""


@pytest.fixture
def warm(path: Path) -> Path:
    """A folder in which each chat has a state, left by a bot that has ended."""
    folder = path.with_name("warm")
    store = opened(folder)
    for chat, ids in IDS.items():
        store.keep(Era(chat, 0, 0), ids, 0, b"state")
    store.close()
    return folder


def opened(folder: Path) -> WarmStore:
    return WarmStore.open(folder, 2**20, "model", whole=False)


@pytest.fixture
def running(warm: Path) -> Iterator[WarmStore]:
    """The folder, as a bot has it that runs."""
    store = opened(warm)
    yield store
    store.close()


def kept(folder: Path) -> list[int]:
    """Return the chats that have a state."""
    store = opened(folder)
    found = [chat for chat, ids in IDS.items() if store.match(ids).tokens]
    store.close()
    return found


def test_there_is_a_state_of_each_chat(warm: Path) -> None:
    assert kept(warm) == [1, 2, 3]


@pytest.mark.parametrize(
    ("words", "left"),
    [
        (("reset", "1"), [2, 3]),
        (("reset", "terminal:default"), [1, 2]),
        (("reset", "--all", "--yes"), []),
        (("forget", "telegram:7", "--yes"), [3]),  # the group was told of what she said
        (("forget", "telegram:8", "--yes"), [1, 3]),
    ],
)
def test_what_is_erased_is_not_kept_as_a_state_either(
    admin: Typing, warm: Path, words: tuple[str, ...], left: list[int]
) -> None:
    assert admin(*words).status == 0

    assert kept(warm) == left


@pytest.mark.parametrize("words", [words for words in EVERY if words not in ERASING])
def test_nothing_else_deletes_a_state(admin: Typing, warm: Path, words: tuple[str, ...]) -> None:
    admin(*words)

    assert kept(warm) == [1, 2, 3]


def test_a_state_goes_too_where_something_else_could_not_be_deleted(
    admin: Typing, warm: Path, path: Path
) -> None:
    path.with_name("ostro.db.default.history").mkdir()
    assert admin("reset", "3").status == 1

    assert kept(warm) == [1, 2]


def test_a_bot_that_runs_is_left_to_do_it_itself(
    admin: Typing, warm: Path, running: WarmStore
) -> None:
    assert admin("reset", "1").status == 0
    assert running.match(IDS[1]).tokens == len(IDS[1])
    running.close()

    assert kept(warm) == [1, 2, 3]


@pytest.mark.parametrize("words", ERASING)
def test_where_no_states_were_ever_kept_no_folder_is_made(
    admin: Typing, path: Path, words: tuple[str, ...]
) -> None:
    assert admin(*words).status == 0

    assert not path.with_name("warm").exists()


def test_states_of_another_model_go_as_well(admin: Typing, path: Path) -> None:
    folder = path.with_name("warm")
    store = WarmStore.open(folder, 2**20, "another model", whole=True)
    store.keep(Era(1, 0, 0), IDS[1], 0, b"state")
    store.close()
    before = list(folder.glob("*.warm"))
    admin("reset", "1")

    assert (len(before), list(folder.glob("*.warm"))) == (1, [])
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_wrong_setting_is_told_of_before_anything_is_erased(
    admin: Typing, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WARM_DISK_GB", "much")
    done = admin("reset", "1")

    assert (done.status, "WARM_DISK_GB" in done.last) == (2, True)
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("SELECT count(*) FROM exchanges").fetchone() == (4,)


def test_a_state_of_what_is_asked_afterwards_stays(admin: Typing, path: Path, warm: Path) -> None:
    admin("reset", "1")
    store = opened(warm)
    store.keep(Era(1, 1, 0), IDS[1], 0, b"state")
    store.close()
    admin("reset", "3")

    assert kept(warm) == [1, 2]
    assert sweep(warm, Eras([Era(9, 0, 0)]))
    assert kept(warm) == []
    assert path.exists()
