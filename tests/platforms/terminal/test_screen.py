import io

import pytest

from bot.platforms.terminal.screen import Screen
from tests.doubles.screens import TerminalFile, on_screen


@pytest.fixture
def terminal() -> TerminalFile:
    return TerminalFile()


def test_lines_begin_on_a_line_of_their_own(terminal: TerminalFile) -> None:
    screen = Screen(terminal)
    screen.write("begun")
    screen.line("whole")
    screen.line("next")
    screen.end_line()
    assert terminal.getvalue() == "begun\nwhole\nnext\n"


def test_control_characters_do_not_get_through(terminal: TerminalFile) -> None:
    screen = Screen(terminal)
    screen.write("a\x1b[2Jb")
    screen.passing("c\x1b]0;title\x07\nd")
    assert "\x1b[2J" not in terminal.getvalue()
    assert "\x1b]" not in terminal.getvalue()
    screen.line("")
    screen.passing("c\x1b]0;title\x07\nd")
    assert terminal.getvalue() == "a[2Jb\n\n\r\x1b[Kc]0;title d"


def test_a_passing_line_is_gone_when_something_is_written(terminal: TerminalFile) -> None:
    screen = Screen(terminal)
    screen.passing("reading: 10%")
    screen.passing("reading: 9%")
    assert on_screen(terminal.getvalue()) == "reading: 9%"
    screen.write("Hello")
    assert on_screen(terminal.getvalue()) == "Hello"


def test_the_same_passing_line_is_not_written_twice(terminal: TerminalFile) -> None:
    screen = Screen(terminal)
    screen.passing("thinking, 1 s")
    screen.write("")
    screen.passing("thinking, 1 s")
    assert terminal.getvalue().count("thinking") == 1


def test_a_passing_line_does_not_come_in_the_middle_of_a_line(terminal: TerminalFile) -> None:
    screen = Screen(terminal)
    screen.write("Hel")
    screen.passing("stopping")
    screen.write("lo")
    assert terminal.getvalue() == "Hello"


def test_a_passing_line_never_wraps(
    terminal: TerminalFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "10")
    Screen(terminal).passing("읽는중인데요")
    assert on_screen(terminal.getvalue()) == "읽는중인"


def test_a_file_gets_no_passing_lines() -> None:
    file = io.StringIO()
    screen = Screen(file)
    screen.passing("reading")
    screen.erase_passing()
    screen.line("Hello")
    assert file.getvalue() == "Hello\n"


def test_what_the_encoding_of_a_terminal_lacks_becomes_a_question_mark() -> None:
    raw = io.BytesIO()
    screen = Screen(io.TextIOWrapper(raw, encoding="ascii"))
    screen.line("한 a")
    assert raw.getvalue() == b"? a\n"


def test_every_piece_is_flushed() -> None:
    raw = io.BytesIO()
    screen = Screen(io.TextIOWrapper(raw, encoding="utf-8"))
    screen.write("안녕")
    assert raw.getvalue().decode() == "안녕"
