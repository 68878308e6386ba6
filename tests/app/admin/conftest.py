"""A database with people, chats and questions in it, and a shell to look after it from."""

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from bot.settings import ROOMS
from storage.database import Database
from storage.records import PersonRole, Quote
from tests.doubles.clock import ManualClock
from tests.doubles.stored import give_answer
from tests.doubles.typed_shell import Typing, typing_into

NOON = 1_700_049_600.0
HOUR, DAY = 3600.0, 86400.0
WORDS = "the-plan-for-sunday"
"""In all that is asked in the filled database."""


EVERY = [
    ("chats",),
    ("reset", "1"),
    ("reset", "--all", "--yes"),
    ("persona", "1", "coder"),
    ("people",),
    ("allow", "telegram:55"),
    ("block", "telegram:55"),
    ("role", "telegram:55", "admin"),
    ("queue",),
    ("cancel", "3"),
    ("cancel", "--all"),
    ("pause",),
    ("resume",),
    ("stats",),
    ("claim",),
    ("forget", "telegram:7", "--yes"),
]
"""Each command but `backup`, as it works on the filled database."""


@pytest.fixture(autouse=True)
def _settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, path: Path) -> None:
    """Only those of a test, which stand in no file."""
    for room in ROOMS:
        config = cast("dict[str, Any]", room.model_config)
        monkeypatch.setitem(config, "env_file", tmp_path / ".env")
        for name in os.environ:
            if name.upper().startswith(config["env_prefix"]):
                monkeypatch.delenv(name)
    monkeypatch.setenv("STORAGE_PATH", str(path))
    monkeypatch.setenv("WARM_PATH", str(path.with_name("warm")))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "ostro.db"


@pytest.fixture
def admin(capsys: pytest.CaptureFixture[str]) -> Iterator[Typing]:
    """Runs `ostro admin` with some words."""
    level = logging.getLogger("ostro").level
    yield typing_into(capsys)
    logging.getLogger("ostro").setLevel(level)


Within = Callable[[Callable[[Database], Awaitable[Any]]], Any]


@pytest.fixture
def within(path: Path) -> Within:
    """Does something with the open database."""

    def run(do: Callable[[Database], Awaitable[Any]]) -> Any:  # noqa: ANN401 # what `do` gives
        async def opened() -> Any:  # noqa: ANN401 # the same
            async with Database.open(path, ManualClock(NOON)) as database:
                return await do(database)

        return asyncio.run(opened())

    return run


@pytest.fixture
def empty(within: Within) -> None:
    """A database in which nothing is."""

    async def nothing(_database: Database) -> None: ...

    within(nothing)


@pytest.fixture
def filled(within: Within) -> None:
    """Chat 1: Mina's own, two answers. 2: a group, Bo waits there. 3: a terminal, one answer."""
    within(fill)


async def fill(database: Database) -> None:
    mina = await database.people.open("telegram", "7", "Mina")
    bo = await database.people.open("telegram", "8", "Bo")
    await database.people.set_role("telegram", "7", PersonRole.OWNER)
    await database.people.set_role("discord", "9", PersonRole.BLOCKED)
    await database.places.set("discord", "1", allowed=True, title="Home")
    await database.knocks.add("telegram", "55", place=False, name="Stranger", language=None)
    own = await database.chats.open("telegram", "7", "private", "Mina")
    await database.chats.set_persona(own.id, "coder")
    group = await database.chats.open("telegram", "-100123", "group", "Team")
    terminal = await database.chats.open("terminal", "default", "private", "")
    exchanges = database.exchanges
    for question in (f"One {WORDS}", f"Two {WORDS}"):
        asked = await exchanges.add(own.id, mina.id, "Mina", question, asked_at=NOON)
        assert asked is not None
        await give_answer(exchanges, asked, f"Yes, {WORDS}")
    quote = Quote(WORDS, "7", "Mina")
    await exchanges.add(group.id, bo.id, "Bo", f"Three {WORDS}", quote=quote, asked_at=NOON - HOUR)
    last = await exchanges.add(terminal.id, None, "root", f"Four {WORDS}", asked_at=NOON - DAY)
    assert last is not None
    await give_answer(exchanges, last)
