"""Time that passes as it always does, only faster."""

import asyncio
import time

from bot.delivery.pace import Time


def hurried(speed: float = 100.0) -> Time:
    """Return a clock and a way to wait for which so many seconds pass in one."""

    async def sleep(seconds: float) -> None:
        await asyncio.sleep(seconds / speed)

    return Time(lambda: time.monotonic() * speed, sleep)
