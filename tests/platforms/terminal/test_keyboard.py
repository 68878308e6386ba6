import os
import pty
import termios
from collections.abc import Iterator
from typing import TextIO

import pytest

from bot.platforms.terminal.keyboard import silent_keyboard

LOCAL_MODES = 3


@pytest.fixture
def keyboard(monkeypatch: pytest.MonkeyPatch) -> Iterator[TextIO]:
    person, program = pty.openpty()
    with os.fdopen(program, encoding="utf-8") as file:
        monkeypatch.setattr("sys.stdin", file)
        yield file
    os.close(person)


def test_what_is_typed_is_not_shown_and_ctrl_c_still_interrupts(keyboard: TextIO) -> None:
    with silent_keyboard():
        modes = termios.tcgetattr(keyboard)[LOCAL_MODES]
    assert not modes & termios.ECHO
    assert modes & termios.ISIG


def test_the_keyboard_is_as_before_afterwards(keyboard: TextIO) -> None:
    before = termios.tcgetattr(keyboard)
    with silent_keyboard():
        assert termios.tcgetattr(keyboard) != before
    assert termios.tcgetattr(keyboard) == before


def test_a_standard_input_that_is_no_terminal_is_left_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    receiving, sending = os.pipe()
    with os.fdopen(receiving) as pipe, os.fdopen(sending, "w"):
        monkeypatch.setattr("sys.stdin", pipe)
        with silent_keyboard():
            assert not pipe.isatty()
