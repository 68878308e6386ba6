"""Several platforms in one process: each fails alone, and all end at once."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Protocol

from bot.delivery.replies import LiveReplies
from bot.dialogue import Dialogue
from bot.errors import PlatformError
from bot.message import Platform
from bot.process import notice
from storage.errors import StorageError

GOES_ON = "; the other platform goes on"
"""Said behind what stops one of them."""

_log = logging.getLogger("ostro.app")


class Service(Protocol):
    """The bot on one platform."""

    def connected(self) -> AbstractAsyncContextManager[None]:
        """Be able to send; leaving sends what is on its way, for some seconds."""
        ...

    def listening(self) -> AbstractAsyncContextManager[None]:
        """Take in what people say; leaving stores what came."""
        ...

    async def failed(self) -> None:
        """Wait until it cannot go on, and raise why; return once ``listening`` is left."""
        ...


@dataclass(frozen=True, slots=True)
class SetUp:
    """A platform that somebody has set up.

    Attributes:
        platform: which one.
        check: asks it once whether it can be used, and returns whom it knows as the bot's owner,
            where it tells; PlatformError: it cannot.
        build: makes the bot's part there; it tells the bot's name once it knows it, where people
            can be given a link with it.
    """

    platform: Platform
    check: Callable[[], Awaitable[str | None]]
    build: Callable[[Dialogue, LiveReplies, Callable[[str], None]], Service]


async def usable(set_up: Sequence[SetUp], own: Callable[[Platform, str], None]) -> list[SetUp]:
    """Return the platforms that can be used; of the others it is said why they cannot.

    Args:
        set_up: those to be asked.
        own: is told of each owner that a platform knows.

    Raises:
        PlatformError: none can be used; it is the last one's reason.
    """
    answers = await asyncio.gather(*(one.check() for one in set_up), return_exceptions=True)
    asked = list(zip(set_up, answers, strict=True))
    fine = [one for one, answer in asked if not isinstance(answer, BaseException)]
    errors = [answer for answer in answers if isinstance(answer, BaseException)]
    for error in errors:
        if not isinstance(error, PlatformError) or (not fine and error is errors[-1]):
            raise error
        _tell(error, goes_on=bool(fine))
    for one, answer in asked:
        if isinstance(answer, str):
            own(one.platform, answer)
    return fine


@asynccontextmanager
async def together(contexts: Sequence[AbstractAsyncContextManager[None]]) -> AsyncIterator[None]:
    """Enter one after the other, and leave all at the same time: one may take long to end."""
    entered: list[AsyncExitStack] = []
    try:
        for context in contexts:
            stack = AsyncExitStack()
            await stack.enter_async_context(context)
            entered.append(stack)
        yield
    finally:
        ends = await asyncio.gather(*(one.aclose() for one in entered), return_exceptions=True)
        for error in ends:
            if error is not None:
                raise error


async def all_failed(services: Sequence[Service]) -> None:
    """Wait until no platform goes on; one that fails is told of, and the others go on.

    Raises:
        PlatformError: the reason of the last one.
        StorageError: nothing can be stored, which concerns all.
    """
    waiting = {asyncio.create_task(service.failed()) for service in services}
    try:
        while waiting:
            done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            errors = [error for task in done if (error := task.exception()) is not None]
            for error in errors:
                last = not waiting and error is errors[-1]
                if last or isinstance(error, StorageError):
                    raise error
                _tell(error, goes_on=bool(waiting))
    finally:
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)


def _tell(error: BaseException, *, goes_on: bool) -> None:
    """Say why a platform does not go on; what nobody expected is for the log."""
    if isinstance(error, PlatformError):
        notice(f"{error}{GOES_ON if goes_on else ''}")
    else:
        _log.error("a platform has ended", exc_info=error)
