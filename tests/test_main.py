import sys

import pytest

import bot
from bot.__main__ import main


class Interrupting:
    """An importer that is interrupted, as by Ctrl-C, on its way to the command line."""

    def find_spec(self, name: str, *_: object) -> None:
        if name == "bot.cli":
            raise KeyboardInterrupt


def test_ctrl_c_while_the_code_is_being_read_ends_with_130_and_no_traceback(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delitem(sys.modules, "bot.cli", raising=False)
    monkeypatch.delattr(bot, "cli", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Interrupting(), *sys.meta_path])
    assert main() == 130
