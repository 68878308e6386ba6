"""What Discord says when something fails, in the words of bot/delivery/outlet.py.

The numbers are Discord's JSON error codes; most say more than the status does.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import aiohttp
import discord

from bot.delivery.outlet import (
    DeliveryError,
    FloodError,
    MessageGoneError,
    PlaceClosedError,
    PlaceGoneError,
    UnreachableError,
)

CALL_SECONDS = 35.0
"""A call takes so long at most; the library would wait five minutes for a network that swallows
everything. For Discord's leave it waits up to 30 s by itself."""

_FLOOD_SECONDS = 30.0
"""So long is waited where Discord does not say how long."""

_MESSAGE_GONE = frozenset({10008, 50005, 50021})  # unknown, of somebody else, of Discord itself
_PLACE_GONE = frozenset(
    {
        *(10003, 10004, 10013),  # unknown channel, unknown server, unknown person
        *(50007, 50278),  # their direct messages are closed, no server is shared with them
    }
)
_PLACE_CLOSED = frozenset({160005})  # the thread is locked
_NOT_PERMITTED = frozenset({50001, 50013, 160002})  # no access, no permission, none to read back
_ARCHIVED = 50083
_ANSWERED = 40060
_INTERACTION_GONE = frozenset({10015, 10062, 50027})  # its webhook, itself, or its token is
_NOT_DISCORD = frozenset({401, 403, 404, 407, 408})
"""Statuses of answers without a code: of something on the way, or that the token is wrong, which
the gateway tells."""
_FLOODS = frozenset({20016, 20028, 30046, 40003})
"""Slow mode, writing in a channel, edits of old messages, beginning conversations."""


class NotPermittedError(PlaceClosedError):
    """The bot lacks a permission there."""


class ArchivedError(PlaceClosedError):
    """The thread is archived. What is sent there opens it, unless it is locked, too."""


class AnsweredError(DeliveryError):
    """An interaction was given its sign before: Discord may have said so in vain."""


class InteractionGoneError(DeliveryError):
    """An interaction can be answered no more: 3 seconds or a quarter of an hour have passed."""


@asynccontextmanager
async def translated(seconds: float = CALL_SECONDS) -> AsyncIterator[None]:
    """Ask Discord for something, for so long at most.

    Raises:
        DeliveryError: of the kind that tells what to do about it.
    """
    with _in_our_words():
        async with asyncio.timeout(seconds):
            yield


@contextmanager
def _in_our_words() -> Iterator[None]:
    try:
        yield
    except discord.RateLimited as error:
        raise FloodError(error.retry_after) from error
    except discord.HTTPException as error:
        raise _meaning(error) from error
    except discord.DiscordException as error:
        raise DeliveryError(type(error).__name__) from error
    # a TimeoutError is an OSError; what is no JSON after all was cut off on the way
    except (OSError, aiohttp.ClientError, json.JSONDecodeError) as error:
        raise UnreachableError(type(error).__name__) from error
    except RuntimeError as error:
        if "closed" not in str(error):
            raise
        raise UnreachableError("the connection is closed") from error  # the bot is ending


def _meaning(error: discord.HTTPException) -> DeliveryError:
    if error.status == 429 or error.code in _FLOODS:  # noqa: PLR2004 # too many requests
        return FloodError(_wait(error))
    for codes, kind in (
        (_MESSAGE_GONE, MessageGoneError),
        (_PLACE_GONE, PlaceGoneError),
        (_PLACE_CLOSED, PlaceClosedError),
        (_NOT_PERMITTED, NotPermittedError),
        ({_ARCHIVED}, ArchivedError),
        ({_ANSWERED}, AnsweredError),
        (_INTERACTION_GONE, InteractionGoneError),
    ):
        if error.code in codes:
            return kind(error.text)
    if error.status >= 500 or (error.code == 0 and error.status in _NOT_DISCORD):  # noqa: PLR2004 # the server's fault
        return UnreachableError(f"status {error.status}")
    return DeliveryError(f"{error.status}, code {error.code}: {error.text}")


def _wait(error: discord.HTTPException) -> float:
    """Return how long to wait, in seconds, as the header says it."""
    try:
        return float(error.response.headers.get("Retry-After", _FLOOD_SECONDS))
    except ValueError:
        return _FLOOD_SECONDS
