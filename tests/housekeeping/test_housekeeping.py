"""What a running bot learns of what the shell changes."""

import logging
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from bot.access import Access
from bot.delivery.stream import Ended
from bot.message import ChatKey, Platform, Visitor
from storage.database import Database
from storage.errors import StorageError
from storage.records import PersonRole, State
from tests.doubles.looks import Looks, kept, under_way
from tests.doubles.loop import settled
from tests.doubles.model import Gate, ScriptedModel
from tests.doubles.rooms import MINA, Rooms, ended, open_rooms

TERMINAL = Platform.TERMINAL
HOUR = 3600.0


def noting(told: list[str]) -> Callable[[], Awaitable[None]]:
    """Return what notes each time that it is called."""

    async def tell() -> None:
        told.append("settled")

    return tell


async def test_a_role_that_the_shell_grants_counts_at_the_next_look(path: Path) -> None:
    access = Access((), open_to_all=False)
    visitor = Visitor(ChatKey(TERMINAL, "7"), "private", MINA)
    async with (
        open_rooms(path, access=access) as rooms,
        Database.open(path) as shell,
        kept(rooms) as looks,
    ):
        await looks.look()
        assert not access.allows(visitor)
        await shell.people.set_role(TERMINAL, "7", PersonRole.MEMBER)
        await looks.look()
        assert access.allows(visitor)
        await shell.people.set_role(TERMINAL, "7", PersonRole.BLOCKED)
        await looks.look()
        assert not access.allows(visitor)


async def test_a_place_that_the_shell_lets_in_counts_at_the_next_look(path: Path) -> None:
    access = Access((), open_to_all=False)
    async with (
        open_rooms(path, access=access) as rooms,
        Database.open(path) as shell,
        kept(rooms) as looks,
    ):
        await shell.places.set(TERMINAL, "home", allowed=True)
        await looks.look()
        assert access.place(TERMINAL, "home") is True


async def test_it_looks_more_than_once_a_second(rooms: Rooms, looks: Looks) -> None:
    await looks.look()

    assert rooms.housekeeping is not None
    assert max(looks.seconds) < 1


async def test_who_wants_to_know_of_roles_is_told(
    rooms: Rooms, shell: Database, looks: Looks
) -> None:
    told: list[str] = []
    rooms.housekeeping.after_settling(noting(told))
    await looks.look()
    assert told == []
    await shell.people.set_role(TERMINAL, "7", PersonRole.ADMIN)
    await looks.look()

    assert told == ["settled"]


async def test_a_pause_begins_nothing_and_lets_what_is_under_way_go_on(
    rooms: Rooms, model: ScriptedModel, shell: Database, looks: Looks
) -> None:
    gate = Gate()
    model.will("Bec", gate, "ause.")
    first = await rooms.ask("Why?")
    await gate.reached.wait()
    second = await rooms.ask("How?")
    await shell.signals.pause(True)  # noqa: FBT003 # it is what it says
    await looks.look()
    third = await rooms.ask("What?")
    gate.open()
    assert (await ended(first)).text == "Because."
    await settled()
    assert [(one.latest.paused, one.latest.ended) for one in (second, third)] == [(True, None)] * 2
    assert len(model.requests) == 1
    await shell.signals.pause(False)  # noqa: FBT003 # the same
    await looks.look()

    assert [(await ended(one)).ended for one in (second, third)] == [Ended.STOP] * 2


async def test_a_pause_holds_after_a_restart(path: Path, model: ScriptedModel) -> None:
    async with Database.open(path) as shell:
        await shell.signals.pause(True)  # noqa: FBT003 # it is what it says
    async with open_rooms(path, model) as rooms:
        stream = await rooms.ask("Why?")
        await settled()
        assert stream.latest.paused
        assert model.requests == []


async def test_what_the_shell_takes_back_is_stopped(
    rooms: Rooms, shell: Database, looks: Looks
) -> None:
    streams = [await under_way(rooms, "Why?"), await rooms.ask("How?")]
    last = await rooms.ask("What?", "work")
    for one in await shell.exchanges.pending((await rooms.chat()).id):
        await shell.exchanges.withdraw(one.id, one.revision)
    await looks.look()

    assert [(await ended(one)).ended for one in (*streams, last)] == [
        Ended.CANCELLED,
        Ended.CANCELLED,
        Ended.STOP,
    ]
    assert [one.state for one in await rooms.stored()] == [State.CANCELLED] * 2


async def test_what_the_shell_changes_elsewhere_disturbs_no_answer(
    rooms: Rooms, model: ScriptedModel, shell: Database, looks: Looks
) -> None:
    gate = Gate()
    model.will("Bec", gate, "ause.")
    stream = await rooms.ask("Why?")
    await gate.reached.wait()
    await shell.people.set_role(TERMINAL, "9", PersonRole.MEMBER)
    await looks.look()
    gate.open()

    assert (await ended(stream)).text == "Because."


@pytest.mark.parametrize("error", [StorageError("it is busy"), ZeroDivisionError("it is busy")])
async def test_what_cannot_be_read_is_told_once_and_learned_later(
    rooms: Rooms,
    shell: Database,
    looks: Looks,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
) -> None:
    async def busy() -> bool:
        raise error

    told: list[str] = []
    rooms.housekeeping.after_settling(noting(told))
    await shell.people.set_role(TERMINAL, "7", PersonRole.ADMIN)
    with monkeypatch.context() as broken:
        broken.setattr(rooms.database.signals, "paused", busy)
        broken.setattr(rooms.database.places, "rules", busy)
        for _ in range(3):
            await looks.look()
    warnings = [one.getMessage() for one in caplog.records if one.levelno == logging.WARNING]
    assert warnings == ["what was changed is not learned: it is busy"]
    assert told == []
    await looks.look()

    assert told == ["settled"]
    assert rooms.dialogue._door.role(TERMINAL, "7") is PersonRole.ADMIN


async def test_after_it_could_be_read_again_the_next_trouble_is_told_too(
    rooms: Rooms, looks: Looks, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def busy() -> bool:
        raise StorageError("it is busy")

    for _ in range(2):
        with monkeypatch.context() as broken:
            broken.setattr(rooms.database, "changed", busy)
            await looks.look()
        await looks.look()

    assert len([one for one in caplog.records if one.levelno == logging.WARNING]) == 2


async def test_when_it_is_left_it_looks_no_more(rooms: Rooms, shell: Database) -> None:
    told: list[str] = []
    async with kept(rooms) as looks:
        await looks.look()
        rooms.housekeeping.after_settling(noting(told))
    await shell.people.set_role(TERMINAL, "7", PersonRole.ADMIN)
    looks.waking.set()
    await settled()

    assert told == []
