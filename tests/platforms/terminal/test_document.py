import resource
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.platforms.terminal.document import save
from bot.reply import Document


def test_a_document_becomes_a_file_for_its_owner_alone(tmp_path: Path) -> None:
    path = save(Document("chat.md", "# 대화\n"), tmp_path)
    assert path == tmp_path / "chat.md"
    assert path.read_bytes() == "# 대화\n".encode()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_file_that_is_there_is_never_overwritten(tmp_path: Path) -> None:
    names = [save(Document("chat.md", str(number)), tmp_path).name for number in range(3)]
    assert names == ["chat.md", "chat-2.md", "chat-3.md"]
    assert [(tmp_path / name).read_text() for name in names] == ["0", "1", "2"]


def test_a_link_in_the_way_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "chat.md").symlink_to(tmp_path / "elsewhere.md")
    assert save(Document("chat.md", "x"), tmp_path).name == "chat-2.md"
    assert not (tmp_path / "elsewhere.md").exists()


def test_a_name_never_leaves_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    assert save(Document("../out.md", "x"), folder) == folder / "out.md"


def test_half_a_character_does_not_hinder_saving(tmp_path: Path) -> None:
    assert save(Document("chat.md", "a\udcffb"), tmp_path).read_text() == "a?b"


def test_a_file_that_cannot_be_made_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        save(Document("chat.md", "x"), tmp_path / "nowhere")


@contextmanager
def small_files() -> Iterator[None]:
    """Files of more than 8 bytes cannot be written, as on a disk that has just become full.

    That holds for the file that a test run reports to as well: only what is tested is inside.
    """
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_leaves_no_half_of_a_file(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="File too large"), small_files():
        save(Document("chat.md", "more than eight bytes"), tmp_path)
    assert list(tmp_path.iterdir()) == []
