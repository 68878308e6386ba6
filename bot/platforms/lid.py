"""Noticing that the machine slept: its lid was closed, and the connections that it had are dead."""

from collections.abc import Callable

from bot.delivery.pace import Time

LOOK_SECONDS = 2.0
"""How often the clocks are compared."""

SLEPT_SECONDS = 30.0
"""How far they have to part to mean sleep: a corrected clock jumps less."""


async def lid_opened(wall: Callable[[], float], time: Time) -> float:
    """Return once the machine has slept: how long, in seconds.

    The wall clock goes on while a machine sleeps, the monotonic one stands still.

    Args:
        wall: unix seconds.
        time: monotonic seconds.
    """
    apart = wall() - time.clock()
    while True:
        await time.sleep(LOOK_SECONDS)
        before, apart = apart, wall() - time.clock()
        if abs(apart - before) > SLEPT_SECONDS:
            return apart - before
