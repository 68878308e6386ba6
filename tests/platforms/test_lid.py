import asyncio

from bot.platforms.lid import LOOK_SECONDS, SLEPT_SECONDS, lid_opened
from tests.doubles.clock import ManualClock
from tests.doubles.time import ManualTime


class Machine:
    """Two clocks; sleep moves one of them alone."""

    def __init__(self) -> None:
        self.manual = ManualTime()
        self.wall = ManualClock()
        self.opened = asyncio.create_task(lid_opened(self.wall, self.manual.time))

    async def awake(self, seconds: float) -> None:
        for _ in range(int(seconds)):
            self.wall.now += 1
            await self.manual.advance(1)


async def test_sleep_is_noticed_soon_and_how_long_it_was() -> None:
    machine = Machine()
    await machine.awake(10)
    machine.wall.now += 3600
    await machine.awake(LOOK_SECONDS + 1)

    assert round(await machine.opened) == 3600


async def test_a_clock_that_is_corrected_a_little_is_no_sleep() -> None:
    machine = Machine()
    await machine.awake(3)
    machine.wall.now += SLEPT_SECONDS - 1
    await machine.awake(10)
    machine.wall.now -= SLEPT_SECONDS - 1
    await machine.awake(10)

    assert not machine.opened.done()
    machine.opened.cancel()


async def test_clocks_that_part_slowly_are_no_sleep() -> None:
    machine = Machine()
    for _ in range(100):
        machine.wall.now += 1
        await machine.awake(2)

    assert not machine.opened.done()
    machine.opened.cancel()
