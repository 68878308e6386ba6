from dataclasses import replace

from bot.delivery.pace import Time, never
from bot.platforms.discord.paces import ChannelPaces
from bot.platforms.discord.places import Place
from tests.doubles.hurry import hurried

HERE = Place(200, 100)


def test_all_that_is_written_in_a_channel_shares_a_pace() -> None:
    paces = ChannelPaces(hurried(), 1.2)
    one = paces.of(HERE)

    assert paces.of(replace(HERE, reply_to=5)) is one
    assert paces.of(Place(201, 100, parent_id=200)) is not one


async def test_a_pace_previews_seldom_and_says_what_must_be_said_soon() -> None:
    now = 0.0

    async def sleep(seconds: float) -> None:
        nonlocal now
        now += seconds

    pace = ChannelPaces(Time(lambda: now, sleep), 1.2).of(HERE)
    await pace.turn()
    await pace.turn()
    assert 0.5 <= now < 0.7
    before = now
    await pace.preview(never)
    assert 1.2 <= now - before < 1.4
