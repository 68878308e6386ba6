import stat
from pathlib import Path

import pytest

from bot.platforms.terminal.history import PrivateHistory


def kept(path: Path) -> list[str]:
    return PrivateHistory(path).load_history_strings()


def test_lines_are_kept_for_the_next_run_newest_first(tmp_path: Path) -> None:
    history = PrivateHistory(tmp_path / "history")
    history.append_string("first")
    history.append_string("두 줄\n이에요")
    assert kept(tmp_path / "history") == ["두 줄\n이에요", "first"]


def test_the_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "data" / "history"
    PrivateHistory(path).append_string("secret")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_file_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    path = tmp_path / "history"
    path.touch(mode=0o644)
    PrivateHistory(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_history_that_cannot_be_kept_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    path = tmp_path / "file" / "history"
    history = PrivateHistory(path)
    history.append_string("line")
    assert history.get_strings() == ["line"]
    assert kept(path) == []


def test_a_history_that_is_a_folder_is_done_without(tmp_path: Path) -> None:
    PrivateHistory(tmp_path).append_string("line")
    assert kept(tmp_path) == []


def test_broken_bytes_of_a_paste_do_not_hinder_it(tmp_path: Path) -> None:
    PrivateHistory(tmp_path / "history").append_string("a\udcffb")
    assert kept(tmp_path / "history") == ["a?b"]


@pytest.mark.parametrize("runs", [1, 2])
def test_what_is_forgotten_is_gone_from_file_and_memory(tmp_path: Path, runs: int) -> None:
    path = tmp_path / "history"
    for _ in range(runs):
        history = PrivateHistory(path)
        history.append_string("secret")
    history.forget()
    assert history.get_strings() == []
    assert path.read_bytes() == b""
