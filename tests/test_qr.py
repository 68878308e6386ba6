import io
import re

import pytest
import segno

from bot.qr import drawn, drawn_on

LINK = "https://t.me/ostro_bot?start=AbCdEfGhIjKlMnOpQrStUv"
MARGIN = 4
"""Readers need so many light modules around the code."""
LIGHT = {"█": (1, 1), "▀": (1, 0), "▄": (0, 1), " ": (0, 0)}
"""What a character shows: its upper and its lower module."""


class Screen(io.TextIOWrapper):
    def __init__(self, encoding: str = "utf-8", *, terminal: bool = True) -> None:
        super().__init__(io.BytesIO(), encoding=encoding)
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


@pytest.fixture(autouse=True)
def _room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("LINES", "24")


def modules(picture: str) -> list[list[bool]]:
    """Return which modules are dark, as a camera sees them, the margin among them."""
    lines = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in picture.splitlines()]
    return [[not LIGHT[character][half] for character in line] for line in lines for half in (0, 1)]


def test_the_dark_modules_are_those_of_the_code_with_a_light_margin_around() -> None:
    expected = [[bool(module) for module in row] for row in segno.make(LINK, micro=False).matrix]
    size = len(expected)
    seen = modules(drawn(LINK))
    inner = [row[MARGIN : MARGIN + size] for row in seen[MARGIN : MARGIN + size]]

    assert inner == expected
    assert sum(map(sum, seen[: 2 * MARGIN + size])) == sum(map(sum, expected))
    assert {len(row) for row in seen} == {2 * MARGIN + size}


def test_each_line_brings_its_colours_and_gives_those_of_before_back() -> None:
    lines = drawn(LINK).splitlines()

    assert all(line.startswith("\x1b[38;5;231;48;5;16m") for line in lines)
    assert all(line.endswith("\x1b[0m") for line in lines)


def test_it_is_shown_on_a_terminal_that_has_room_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert drawn_on(Screen(), LINK) == drawn(LINK)

    monkeypatch.setenv("COLUMNS", "37")
    monkeypatch.setenv("LINES", "19")
    assert drawn_on(Screen(), LINK) == drawn(LINK)
    monkeypatch.setenv("COLUMNS", "36")
    assert drawn_on(Screen(), LINK) == ""
    monkeypatch.setenv("COLUMNS", "37")
    monkeypatch.setenv("LINES", "18")
    assert drawn_on(Screen(), LINK) == ""


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_it_is_not_shown_where_its_characters_cannot_be_written(encoding: str) -> None:
    assert drawn_on(Screen(encoding), LINK) == ""


def test_nothing_is_drawn_into_a_file_or_a_pipe() -> None:
    assert drawn_on(Screen(terminal=False), LINK) == ""
