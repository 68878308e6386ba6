import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from bot.platforms.lanes import Lanes
from storage.errors import StorageFullError
from tests.doubles.loop import settled
from tests.doubles.time import ManualTime

NOTHING_TO_STORE = 100
"""Events from this number on ask for nothing."""


@dataclass(frozen=True)
class Event:
    """Something that happened."""

    number: int


class Desk:
    """Takes events in as slowly, and as badly, as a test wants."""

    def __init__(self) -> None:
        self.manual = ManualTime()
        self.begun: list[int] = []
        self.stored: list[int] = []
        self.passed_over: list[int] = []
        self.held: dict[int, asyncio.Event] = {}
        self.troubles: dict[int, list[Exception]] = {}
        self.disk_is_full = False
        self.lanes: Lanes[Event] = Lanes(self.take, self.pass_over, self.manual.time)

    async def take(self, event: Event) -> None:
        number = event.number
        self.begun.append(number)
        if number in self.held:
            await self.held[number].wait()
        if self.troubles.get(number):
            raise self.troubles[number].pop(0)
        if self.disk_is_full and number < NOTHING_TO_STORE:
            raise StorageFullError("the disk is full")
        self.stored.append(number)

    async def pass_over(self, event: Event) -> None:
        if self.troubles.get(-event.number):
            raise self.troubles[-event.number].pop(0)
        self.passed_over.append(event.number)

    def add(self, number: int, *chats: int | str) -> None:
        """Let something happen in chats: in the one that all talk in, where none is given."""
        self.lanes.add(Event(number), number, chats or (7,))

    def hold(self, number: int) -> asyncio.Event:
        self.held[number] = asyncio.Event()
        return self.held[number]


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    desk = Desk()
    yield desk
    await desk.lanes.close()


async def test_one_chats_events_are_taken_in_one_after_the_other(desk: Desk) -> None:
    first = desk.hold(1)
    for number in (1, 2, 3):
        desk.add(number)
    await settled()
    before = list(desk.begun)
    first.set()
    await settled()

    assert (before, desk.stored) == ([1], [1, 2, 3])


async def test_a_slow_chat_delays_no_other(desk: Desk) -> None:
    desk.hold(1)
    desk.add(1, 7)
    desk.add(2, 8)
    desk.add(3, 7)
    await settled()

    assert desk.stored == [2]
    assert desk.lanes.first_open == 1


async def test_what_is_stored_is_open_no_longer(desk: Desk) -> None:
    later = desk.hold(2)
    desk.add(1, 1)
    desk.add(2, 2)
    before = desk.lanes.first_open
    await settled()
    between = desk.lanes.first_open
    later.set()
    await settled()

    assert (before, between, desk.lanes.first_open) == (1, 2, None)


async def test_what_concerns_two_chats_waits_for_both_and_keeps_both_waiting(
    desk: Desk,
) -> None:
    old, moving = desk.hold(1), desk.hold(2)
    desk.add(1, -5)
    desk.add(2, -5, -100)
    desk.add(3, -100)
    await settled()
    first = list(desk.begun)
    old.set()
    await settled()
    second = list(desk.begun)
    moving.set()
    await settled()

    assert (first, second, desk.stored) == ([1], [1, 2], [1, 2, 3])


async def test_an_event_of_no_chat_is_taken_in_too(desk: Desk) -> None:
    desk.add(1, 0)
    await settled()

    assert (desk.stored, desk.lanes.first_open) == ([1], None)


async def test_one_that_always_fails_is_passed_over_after_three_tries(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.troubles[1] = [ValueError("no"), ValueError("no"), ValueError("never")]
    desk.add(1)
    desk.add(2)
    await settled()

    assert (desk.begun, desk.stored, desk.passed_over) == ([1, 1, 1, 2], [2], [1])
    assert desk.lanes.first_open is None
    assert [record.exc_info is not None for record in caplog.records] == [True, True, True, False]


async def test_one_that_fails_twice_is_taken_in_and_not_passed_over(desk: Desk) -> None:
    desk.troubles[1] = [ValueError("no"), ValueError("no")]
    desk.add(1)
    await settled()

    assert (desk.stored, desk.passed_over) == ([1], [])


async def test_passing_over_that_fails_itself_stops_nothing(desk: Desk) -> None:
    desk.troubles = {1: [ValueError("no")] * 3, -1: [ValueError("not even that")]}
    desk.add(1)
    desk.add(2)
    await settled()

    assert (desk.stored, desk.lanes.first_open) == ([2], None)


async def test_while_nothing_can_be_stored_it_is_tried_without_end_and_said_once(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    desk.disk_is_full = True
    for number in (1, 2, NOTHING_TO_STORE):
        desk.add(number, number)
    await desk.manual.advance(300)
    waiting = (desk.lanes.first_open, list(desk.stored), desk.passed_over)
    desk.disk_is_full = False
    await desk.manual.advance(10)

    assert waiting == (1, [NOTHING_TO_STORE], [])
    assert sorted(desk.stored) == [1, 2, NOTHING_TO_STORE]
    assert len(caplog.messages) == 2
    assert "the disk is full" in caplog.messages[0]


async def test_tries_for_want_of_a_store_are_spread_out(desk: Desk) -> None:
    desk.troubles[1] = [StorageFullError("the disk is full")] * 1000
    desk.add(1)
    await desk.manual.advance(100)

    assert 12 <= len(desk.begun) <= 30


async def test_passing_over_waits_for_the_store_too(desk: Desk) -> None:
    desk.troubles = {1: [ValueError("no")] * 3, -1: [StorageFullError("full")]}
    desk.add(1)
    await settled()
    before = list(desk.passed_over)
    await desk.manual.advance(10)

    assert (before, desk.passed_over) == ([], [1])


async def test_settling_waits_for_all_and_at_most_so_long(desk: Desk) -> None:
    quick, slow = desk.hold(1), desk.hold(2)
    desk.add(1, 1)
    desk.add(2, 2)
    settling = asyncio.create_task(desk.lanes.settle(1.0))
    quick.set()
    await desk.manual.advance(0.9)
    early = settling.done()
    await desk.manual.advance(0.2)
    late = settling.done()
    again = asyncio.create_task(desk.lanes.settle(1.0))
    await settled()
    slow.set()
    await settled()

    assert (early, late, again.done(), desk.stored) == (False, True, True, [1, 2])
    await asyncio.gather(settling, again)


async def test_settling_takes_no_time_where_nothing_is_open(desk: Desk) -> None:
    await desk.lanes.settle(1.0)

    assert desk.manual._sleeping == []


async def test_closing_breaks_off_what_is_not_stored(desk: Desk) -> None:
    desk.hold(1)
    for number in (1, 2):
        desk.add(number)
    await settled()
    await desk.lanes.close()

    assert (desk.stored, desk.passed_over, desk.lanes.first_open) == ([], [], 1)


async def test_what_an_event_comes_after_keeps_no_others_back(desk: Desk) -> None:
    may = desk.hold(1)
    desk.lanes.add(Event(1), 1, ["whole"])
    desk.lanes.add(Event(2), 2, ["part"], after=["whole"])
    desk.lanes.add(Event(3), 3, ["other part"])
    await settled()
    early = list(desk.stored)
    slow = desk.hold(4)
    desk.lanes.add(Event(4), 4, ["third part"], after=["whole"])
    may.set()
    await settled()
    desk.lanes.add(Event(5), 5, ["whole"])
    await settled()

    assert early == [3]
    assert desk.stored == [3, 1, 2, 5]
    slow.set()
    await settled()
    assert desk.stored == [3, 1, 2, 5, 4]
