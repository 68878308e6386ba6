"""Waiting for other tasks, without a clock."""

import asyncio
import os
import signal
from collections.abc import Callable


async def until(condition: Callable[[], object]) -> None:
    """Let everything else run until a condition holds."""
    while not condition():  # noqa: ASYNC110 # what is waited for has no event
        await asyncio.sleep(0)


async def settled() -> None:
    """Let everything that can run now do so."""
    for _ in range(20):
        await asyncio.sleep(0)


async def press_ctrl_c(times: int = 1) -> None:
    """Interrupt this process, as often as it says at once, and let it answer."""
    for _ in range(times):
        os.kill(os.getpid(), signal.SIGINT)
    await settled()
