"""Cancelling, opening and leaving."""

import asyncio
import threading
from pathlib import Path
from sqlite3 import Connection as Raw

import pytest

from storage import thread as thread_module
from storage.connection import Connection
from storage.errors import BrokenDatabaseError, UnwritableError
from storage.schema import prepare
from tests.doubles.held import COUNT, Held, add, asked, begun, people
from tests.doubles.outside import run_sql


def new_threads(before: list[threading.Thread]) -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread not in before]


def lasting_threads(before: list[threading.Thread]) -> list[threading.Thread]:
    """Return the new threads that do not end."""
    new = new_threads(before)
    for thread in new:
        thread.join(timeout=5)
    return [thread for thread in new if thread.is_alive()]


async def test_what_is_cancelled_before_it_begins_is_not_done(connection: Connection) -> None:
    held = Held()
    first = await begun(connection, held)
    [waiting] = asked(add(connection, "a"))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.wait([waiting])
    held.let.set()
    await first
    await add(connection, "b")
    assert await people(connection) == ["held", "b"]


async def test_what_is_cancelled_after_it_has_begun_is_done_as_a_whole(
    connection: Connection,
) -> None:
    held = Held()
    task = await begun(connection, held)
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled()
    held.let.set()
    await add(connection, "b")
    assert await people(connection) == ["held", "b"]


async def test_who_waits_beside_somebody_that_has_left_is_told(connection: Connection) -> None:
    held, leaving = Held(), Held("leaving")
    first = await begun(connection, held)
    gone = asyncio.create_task(connection.transaction(leaving))
    [stays] = asked(add(connection, "a"))
    await asyncio.sleep(0)
    held.let.set()
    assert await asyncio.to_thread(leaving.begun.wait, 5)
    gone.cancel()
    await asyncio.wait([gone])
    leaving.let.set()
    async with asyncio.timeout(5):
        await asyncio.gather(first, stays)
    assert await people(connection) == ["held", "leaving", "a"]


async def test_what_is_begun_is_done_before_the_file_is_closed(path: Path) -> None:
    prepare(path)
    held = Held()
    async with Connection.open(path) as connection:
        first = await begun(connection, held)
        waiting = asked(add(connection, "a"))
        await asyncio.sleep(0)
        held.let.set()
    await asyncio.gather(first, *waiting)
    assert run_sql(path, COUNT) == [(2,)]


async def test_no_thread_is_left_when_the_context_is_left(path: Path) -> None:
    before = threading.enumerate()
    prepare(path)
    async with Connection.open(path):
        assert len(new_threads(before)) == 2  # one reads, one writes
    assert lasting_threads(before) == []


async def test_no_thread_is_left_when_the_file_cannot_be_opened(tmp_path: Path) -> None:
    before = threading.enumerate()
    with pytest.raises(UnwritableError):
        async with Connection.open(tmp_path):
            pass
    assert lasting_threads(before) == []


async def test_no_thread_is_left_when_the_file_is_no_database(tmp_path: Path) -> None:
    before = threading.enumerate()
    (tmp_path / "list").write_text("A shopping list. " * 100)
    with pytest.raises(BrokenDatabaseError):
        async with Connection.open(tmp_path / "list"):
            pass
    assert lasting_threads(before) == []


@pytest.mark.parametrize("held", [1, 2], ids=["while what writes opens", "while what reads opens"])
async def test_no_thread_is_left_when_opening_is_cancelled(
    path: Path, monkeypatch: pytest.MonkeyPatch, held: int
) -> None:
    before = threading.enumerate()
    prepare(path)
    own, opened = thread_module._open, 0
    opening, let = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def hold(path: Path, patience: float, pragmas: tuple[str, ...]) -> Raw:
        nonlocal opened
        opened += 1
        if opened == held:
            loop.call_soon_threadsafe(opening.set)
            assert let.wait(5)
        return own(path, patience, pragmas)

    async def open_it() -> None:
        async with Connection.open(path):
            pytest.fail("it was not cancelled")

    monkeypatch.setattr(thread_module, "_open", hold)
    task = asyncio.create_task(open_it())
    await opening.wait()
    task.cancel()
    let.set()
    await asyncio.wait([task])
    assert task.cancelled()
    assert opened == held
    assert lasting_threads(before) == []


async def test_no_thread_is_left_when_somebody_is_cancelled_who_holds_it_open(path: Path) -> None:
    before = threading.enumerate()
    prepare(path)
    is_open = asyncio.Event()

    async def hold_open() -> None:
        async with Connection.open(path):
            is_open.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(hold_open())
    await is_open.wait()
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled()
    assert lasting_threads(before) == []
