import asyncio

from bot.delivery.pace import Pace
from bot.platforms.telegram.paces import GROUP_PER_MINUTE, ChatPaces
from bot.platforms.telegram.places import Place
from tests.doubles.time import ManualTime


def never() -> bool:
    return False


async def seconds_for(manual: ManualTime, pace: Pace, times: int, *, preview: bool) -> float:
    """Return how long it takes to write so often."""

    async def write() -> None:
        for _ in range(times):
            await (pace.preview(never) if preview else pace.turn())

    begun, writing = manual.now, asyncio.create_task(write())
    while not writing.done():
        await manual.advance(0.1)
    return manual.now - begun


def test_topics_of_a_chat_share_its_pace_and_other_chats_have_their_own() -> None:
    paces = ChatPaces(ManualTime().time, 1.5)
    topic, other = Place(-100, 5, 1, group=True), Place(-100, 6, 2, group=True)

    assert paces.of(topic) is paces.of(other)
    assert paces.of(topic) is not paces.of(Place(-200, group=True))


def test_a_chat_that_has_another_id_keeps_its_pace() -> None:
    paces = ChatPaces(ManualTime().time, 1.5)
    before = paces.of(Place(-5, group=True))
    for _ in range(2):
        paces.move(-5, -100)
    paces.move(-6, -200)

    assert paces.of(Place(-100, group=True)) is before
    assert paces.of(Place(-200, group=True)) is not before


async def test_previews_in_private_come_as_often_as_is_set_and_in_groups_more_slowly() -> None:
    manual = ManualTime()
    paces = ChatPaces(manual.time, 1.5)
    private = await seconds_for(manual, paces.of(Place(7)), 5, preview=True)
    group = await seconds_for(manual, paces.of(Place(-7, group=True)), 5, preview=True)

    assert round(private, 1) == 6.0
    assert round(group, 1) == 14.0


async def test_a_slow_setting_holds_in_groups_too() -> None:
    manual = ManualTime()
    pace = ChatPaces(manual.time, 10).of(Place(-7, group=True))

    assert round(await seconds_for(manual, pace, 3, preview=True), 1) == 20.0


async def test_groups_alone_have_a_budget_a_minute() -> None:
    manual = ManualTime()
    paces = ChatPaces(manual.time, 1)
    group, private = paces.of(Place(-7, group=True)), paces.of(Place(7))
    often = GROUP_PER_MINUTE + 1

    assert await seconds_for(manual, group, often, preview=False) >= 60
    assert await seconds_for(manual, private, often, preview=False) < 22
