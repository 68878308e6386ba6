import asyncio
from functools import partial

import pytest

from bot.message import ChatKey, Platform
from bot.platforms.discord.happenings import Happening, Happenings
from bot.platforms.lanes import Lanes
from tests.doubles.loop import settled
from tests.doubles.time import ManualTime

HERE, THERE = ChatKey(Platform.DISCORD, "1/2"), ChatKey(Platform.DISCORD, "1/2/3")
SERVER, PRIVATE = ChatKey(Platform.DISCORD, "1"), ChatKey(Platform.DISCORD, "2")


class Desk:
    """Takes in what happens; some of it only when it may."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.may = asyncio.Event()
        self.lanes: Lanes[Happening] = Lanes(_take, _take, ManualTime().time)
        self.happenings = Happenings(self.lanes)

    def happening(
        self, name: str, chat: ChatKey = HERE, *also: ChatKey, waits: bool = False
    ) -> Happening:
        return Happening(chat, name, partial(self._do, name, waits=waits), also)

    def add(self, name: str, chat: ChatKey = HERE, *also: ChatKey, waits: bool = False) -> None:
        self.happenings.add(self.happening(name, chat, *also, waits=waits))

    async def _do(self, name: str, *, waits: bool) -> None:
        if waits:
            await self.may.wait()
        self.done.append(name)


async def _take(happening: Happening) -> None:
    await happening.take()


@pytest.fixture
async def desk() -> Desk:
    return Desk()


async def test_what_happens_in_a_chat_is_taken_in_in_its_order(desk: Desk) -> None:
    desk.add("first", waits=True)
    desk.add("second")
    desk.add("elsewhere", THERE)
    await settled()
    early = list(desk.done)
    desk.may.set()
    await settled()

    assert early == ["elsewhere"]
    assert desk.done == ["elsewhere", "first", "second"]


async def test_other_chats_that_it_concerns_wait_too(desk: Desk) -> None:
    desk.add("opens a thread", THERE, HERE, waits=True)
    desk.add("in the thread", THERE)
    desk.add("in the channel", HERE)
    await settled()
    early = list(desk.done)
    desk.may.set()
    await settled()

    assert early == []
    assert desk.done == ["opens a thread", "in the thread", "in the channel"]


async def test_the_same_chat_twice_does_not_wait_for_itself(desk: Desk) -> None:
    desk.add("once", HERE, HERE)
    await settled()

    assert desk.done == ["once"]


async def test_what_is_held_comes_after_what_goes_first(desk: Desk) -> None:
    desk.happenings.hold()
    desk.add("held")
    desk.happenings.hold()
    desk.add("held too")
    desk.happenings.first(desk.happening("older"))
    await settled()
    early = list(desk.done)
    desk.happenings.release()
    desk.happenings.release()
    desk.add("new")
    await settled()

    assert early == ["older"]
    assert desk.done == ["older", "held", "held too", "new"]


async def test_at_the_end_what_came_is_taken_in_and_no_more(desk: Desk) -> None:
    desk.happenings.hold()
    desk.add("held")
    desk.happenings.end()
    desk.add("late")
    desk.happenings.first(desk.happening("later"))
    await settled()

    assert desk.done == ["held"]
    assert desk.lanes.first_open is None


async def test_what_concerns_a_server_is_taken_in_before_what_is_told_of_its_channels_later(
    desk: Desk,
) -> None:
    desk.add("earlier", HERE)
    desk.add("joined", SERVER, waits=True)
    for name, chat in (("in a channel", HERE), ("in a thread", THERE), ("in private", PRIVATE)):
        desk.add(name, chat)
    await settled()
    early = list(desk.done)
    desk.may.set()
    await settled()

    assert early == ["earlier", "in private"]
    assert desk.done == ["earlier", "in private", "joined", "in a channel", "in a thread"]


async def test_one_channel_of_a_server_does_not_keep_another_from_going_on(desk: Desk) -> None:
    other = ChatKey(Platform.DISCORD, "1/4")
    desk.add("joined", SERVER)
    desk.add("slow", HERE, waits=True)
    desk.add("other", other)
    desk.add("renamed", SERVER)
    await settled()

    assert desk.done == ["joined", "other", "renamed"]
