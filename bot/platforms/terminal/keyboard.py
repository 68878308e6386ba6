"""The keyboard while no line is being edited."""

import sys
import termios
import tty
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def silent_keyboard() -> Iterator[None]:
    """Keep what is typed during an answer for the next prompt, instead of showing it in between.

    Ctrl-C still interrupts, and leaves no ``^C`` in the answer. Does nothing where standard
    input is no terminal.
    """
    if not sys.stdin.isatty():
        yield
        return
    keyboard = sys.stdin.fileno()
    before = termios.tcgetattr(keyboard)
    tty.setcbreak(keyboard, termios.TCSANOW)
    try:
        yield
    finally:
        termios.tcsetattr(keyboard, termios.TCSANOW, before)
