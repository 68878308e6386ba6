import hashlib
import os
from dataclasses import replace
from pathlib import Path

import pytest

from bot.catalogue import entries as catalogue
from bot.catalogue.entries import Entry, find
from bot.catalogue.verify import verify
from bot.errors import WeightsError

CONTENT = b"GGUF\x03\x00\x00\x00" + b"weights" * 100


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> Entry:
    """The starter, if it were small."""
    sha256 = hashlib.sha256(CONTENT).hexdigest()
    entry = replace(find("starter"), size=len(CONTENT), sha256=sha256)
    monkeypatch.setattr("bot.catalogue.verify.entries", lambda: (entry,))
    monkeypatch.setattr(catalogue, "entries", lambda: (entry,))
    return entry


def test_a_known_file_is_recognised(known: Entry, tmp_path: Path) -> None:
    path = tmp_path / known.filename
    path.write_bytes(CONTENT)
    assert verify(path) == (
        f"{known.filename} is {known.title} (starter): size and SHA-256 are right"
    )


def test_a_known_file_is_recognised_under_another_name(known: Entry, tmp_path: Path) -> None:
    path = tmp_path / "renamed.gguf"
    path.write_bytes(CONTENT)
    assert f"is {known.title}" in verify(path)


def test_a_file_that_is_not_whole_is_told(known: Entry, tmp_path: Path) -> None:
    path = tmp_path / known.filename
    path.write_bytes(CONTENT[:-1])
    with pytest.raises(WeightsError, match=r"not whole, .* it has 707 bytes of 708"):
        verify(path)


def test_a_damaged_file_is_told(known: Entry, tmp_path: Path) -> None:
    path = tmp_path / known.filename
    path.write_bytes(CONTENT[:-1] + b"!")
    with pytest.raises(WeightsError, match="damaged, or not Qwen"):
        verify(path)


def test_an_unknown_file_is_told_with_its_hash(known: Entry, tmp_path: Path) -> None:
    path = tmp_path / "mine.gguf"
    path.write_bytes(CONTENT + b"more")
    words = verify(path)
    assert "unknown to the catalogue" in words
    assert hashlib.sha256(CONTENT + b"more").hexdigest() in words
    assert known.title not in words


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "not a GGUF file"),
        (b"GGUF\x03", "not a GGUF file"),
        (b"<!DOCTYPE html>", "not a GGUF file"),
        (b"GGUF\x01\x00\x00\x00", "version 1, which is not readable"),
        (b"GGUF\x00\x00\x00\x03", "version 50331648, which is not readable"),
    ],
)
def test_what_is_no_readable_gguf_file_is_told(
    tmp_path: Path, content: bytes, sentence: str
) -> None:
    path = tmp_path / "mine.gguf"
    path.write_bytes(content)
    with pytest.raises(WeightsError, match=sentence):
        verify(path)


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=f"cannot be read: {os.strerror(2)}"):
        verify(tmp_path / "missing.gguf")
