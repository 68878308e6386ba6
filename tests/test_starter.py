"""The starter, a real chat model, where it has been fetched into weights/ (CI fetches it)."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.catalogue.entries import find
from bot.settings import PROJECT

STARTER = PROJECT / "weights" / find("starter").filename

pytestmark = pytest.mark.skipif(
    not STARTER.exists(), reason="the starter is not here: ostro weights pull starter"
)


def talk(tmp_path: Path, said: str, *arguments: str) -> str:
    done = subprocess.run(  # noqa: S603 # the project's own program
        [sys.executable, "-m", "bot", "chat", "--weights", "starter", *arguments],
        input=said,
        text=True,
        capture_output=True,
        cwd=PROJECT,
        env={
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "STORAGE_PATH": str(tmp_path / "ostro.db"),
            "WARM_PATH": str(tmp_path / "warm"),
            "MODEL_TEMPERATURE": "0",
            "MODEL_CONTEXT": "2048",
        },
        timeout=110,
        check=True,
    )
    return done.stdout


def test_it_recalls_a_name_given_two_turns_earlier_across_a_restart(tmp_path: Path) -> None:
    talk(tmp_path, "Hello! My name is Minji.\nWhat is 2 + 3? Answer in one word.\n")
    assert "Minji" in talk(tmp_path, "What is my name?\n")


def test_after_a_fresh_start_it_does_not_know_the_name(tmp_path: Path) -> None:
    talk(tmp_path, "Hello! My name is Minji.\n")
    assert "Minji" not in talk(tmp_path, "/new\nWhat is my name?\n")


def test_it_answers_in_korean(tmp_path: Path) -> None:
    answer = talk(tmp_path, "오늘 기분이 어때요?\n", "--persona", "korean")
    hangul = sum("가" <= letter <= "힣" for letter in answer)
    assert hangul > len(answer) / 2
    assert "\N{REPLACEMENT CHARACTER}" not in answer
