"""Going through the table: each does what it says, and what comes of it is compared."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.phrases import __file__ as phrases_file
from tests.access.cast import Deed, Heard
from tests.access.stage import Stage
from tests.access.table import HEARD, Row

_PHRASES = tomllib.loads(Path(phrases_file).with_name("en.toml").read_text("utf-8"))
_ASKED = ("access.closed", "access.closed_here")
_LINES = {"line": _ASKED, "toast": (*_ASKED, "access.silent")}
"""What strangers are told; who presses once more within a day is told less."""


def fits(deed: Deed, heard: Sequence[Heard], result: str) -> bool:
    """Say whether what came of something is what the table says."""
    alone, key = result.startswith("@"), result.removeprefix("@")
    public = [one for one in heard if not one.alone]
    if alone and public and deed.row.where not in {"private", "open"}:
        return False
    match key:
        case "-":
            return not heard
        case "answer":
            return any("re: " in one.text for one in heard)
        case "a file":
            return any(one.file is not None for one in heard)
        case _:
            keys = _LINES.get(key, tuple(key.split(" or ")))
            return len(heard) == 1 and says(heard[0].text, *keys)


def says(text: str, *keys: str) -> bool:
    """Say whether a text begins as one of these phrases does."""
    return any(re.match(_first_line(key), text.strip().split("\n")[0]) for key in keys)


def _first_line(key: str) -> str:
    section, _, name = key.partition(".")
    line = _PHRASES[section][name].strip().split("\n")[0]
    return "".join(_pattern(line))


def _pattern(line: str) -> Iterator[str]:
    for part in re.split(r"(\{\w+\})", line):
        yield ".*" if part.startswith("{") else re.escape(part)


async def go_through(stage: Stage, rows: Sequence[Row]) -> list[str]:
    """Do all of this in one place, and return where it came to something else."""
    wrong: list[str] = []
    for what in dict.fromkeys(row.what for row in rows):
        done = [row for row in rows if row.what == what]
        wrong += await _heard_by_nobody(stage, [row for row in done if not _alone(row)])
        for row in filter(_alone, done):
            wrong += await _one(stage, row)
    return wrong


def _alone(row: Row) -> bool:
    """Say whether something has to be done by one after the other: it changes who they are."""
    return row.standing in HEARD or "~right" in row.what


async def _one(stage: Stage, row: Row) -> list[str]:
    await stage.nobody_has_knocked()
    deed = await stage.act(await stage.prepare(row))
    await stage.idle()
    heard = stage.heard(deed)
    wrong = [] if fits(deed, heard, stage.expected(row)) else [_told(row, heard)]
    await stage.restore(row)
    return wrong


async def _heard_by_nobody(stage: Stage, rows: Sequence[Row]) -> list[str]:
    """Do something as all those who are not answered, and see that nothing is left of it."""
    if not rows:
        return []
    await stage.nobody_has_knocked()
    prepared = [await stage.prepare(row) for row in rows]
    before = stage.stored()
    read, fetched = len(stage.model.requests), stage.fetched()
    deeds = [await stage.act(deed) for deed in prepared]
    await stage.idle()
    wrong = []
    told = False
    for deed in deeds:
        heard, result = stage.heard(deed), stage.expected(deed.row)
        shared = deed.row.where not in {"private", "open"}
        if told and result in _LINES and shared and not stage.says_each(deed):
            result = "-"  # one line a day for a place
        told = told or result in _LINES
        if not fits(deed, heard, result):
            wrong.append(_told(deed.row, heard))
    if "claim" not in rows[0].what and "~right" not in rows[0].what:
        changed = [name for name, found in stage.stored().items() if found != before[name]]
        wrong += [f"{rows[0].what} in {rows[0].where}: stored in {changed}"] * bool(changed)
    assert len(stage.model.requests) == read, f"{rows[0]} was read by the model"
    assert stage.fetched() == fetched, f"a file of {rows[0]} was fetched"
    for row in rows:
        await stage.restore(row)
    return wrong


def _told(row: Row, heard: Sequence[Heard]) -> str:
    return f"{row.who} / {row.where} / {row.what} ({row.standing}): {row.result}, not {list(heard)}"
