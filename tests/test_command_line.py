import subprocess
import sys
from pathlib import Path

import pytest

from bot.program import command


def test_what_is_said_can_be_typed_in_the_folder_one_is_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(Path(sys.executable).parent.parent)
    program, *words = command("weights list").split()
    assert not Path(program).is_absolute()
    assert subprocess.run([program, *words, "--help"], check=True, capture_output=True)  # noqa: S603 # the project's own program


def test_from_elsewhere_the_whole_path_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    assert command("weights list") == f"{Path(sys.executable).with_name('ostro')} weights list"
