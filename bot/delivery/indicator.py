"""The sign that an answer will come."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.delivery.outlet import DeliveryError, FloodError, Outlet
from bot.delivery.pace import Time
from bot.delivery.stream import AnswerStream, Phase, Snapshot

_log = logging.getLogger("ostro.delivery")
_EVERY_SECONDS = 4.5
"""A little less than the five seconds for which platforms show it."""
_LOOK_SECONDS = 0.5


@asynccontextmanager
async def typing_meanwhile(stream: AnswerStream, outlet: Outlet, time: Time) -> AsyncIterator[None]:
    """Show meanwhile that an answer will come: from when nobody is ahead of it to its first word.

    It delays nothing, and nothing depends on it.
    """
    task = asyncio.create_task(_keep_typing(stream, outlet, time))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait({task})
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("typing is not shown", exc_info=error)


async def _keep_typing(stream: AnswerStream, outlet: Outlet, time: Time) -> None:
    while stream.latest.ended is None:
        if _says_itself_what_happens(stream.latest):
            await time.sleep(_LOOK_SECONDS)
            continue
        await outlet.pace.allowed()
        try:
            await outlet.typing()
        except FloodError as error:
            outlet.pace.hold(error.seconds)  # what is written before then makes it longer
        except DeliveryError as error:
            _log.debug("typing is not shown: %s", error)
        await time.sleep(_EVERY_SECONDS)


def _says_itself_what_happens(now: Snapshot) -> bool:
    """Say whether there is something to read: the notice of a queue, or the answer's beginning.

    A question that is edited lets work begin anew, and then there is nothing again.
    """
    return now.phase is Phase.ANSWERING or (now.phase is Phase.WAITING and now.ahead > 0)
