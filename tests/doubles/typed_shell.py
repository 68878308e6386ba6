"""`ostro ...` typed into a shell, in this process: what it says, and its exit status."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from bot.cli import main


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a command."""

    status: int
    out: str
    err: str

    @property
    def last(self) -> str:
        """The last line of standard error, which holds no traceback."""
        assert "Traceback" not in self.err
        return self.err.splitlines()[-1]


Typing = Callable[..., Done]
"""Runs `ostro admin` with some words."""


def typing_into(capsys: pytest.CaptureFixture[str]) -> Typing:
    """Return what runs `ostro admin` and captures what it says."""

    def run(*words: str) -> Done:
        capsys.readouterr()
        try:
            status = main(["admin", *words])
        except SystemExit as exiting:  # as argparse ends
            status = int(exiting.code or 0)
        said = capsys.readouterr()
        return Done(status, said.out, said.err)

    return run
