"""Telling a platform which commands there are, until it knows."""

import logging
from collections.abc import Awaitable, Callable

from bot.delivery.outlet import DeliveryError
from bot.delivery.pace import Time
from bot.message import Platform

_PAUSES = (0.0, 5.0, 60.0, 600.0)
"""Before each try, in seconds."""

_log = logging.getLogger("ostro.platforms")


async def tell_commands(
    platform: Platform, tell: Callable[[], Awaitable[None]], time: Time
) -> None:
    """Tell a platform the commands, if not at once then later; it keeps them, also without us.

    Args:
        platform: which one.
        tell: tells it once; DeliveryError: it was not told.
        time: to wait with.
    """
    name = platform.capitalize()
    for seconds in _PAUSES:
        await time.sleep(seconds)
        try:
            await tell()
        except DeliveryError as error:
            _log.info("%s does not know the commands yet: %s", name, error)
        else:
            return
    _log.warning("%s could not be told the commands; they stay as they are", name)
