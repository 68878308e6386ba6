import asyncio
import json
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import aiohttp
import discord
import pytest

from bot.delivery.outlet import (
    DeliveryError,
    FloodError,
    MessageGoneError,
    PlaceClosedError,
    PlaceGoneError,
    UnreachableError,
)
from bot.platforms.discord.errors import (
    ArchivedError,
    InteractionGoneError,
    NotPermittedError,
    translated,
)
from tests.doubles.discord.api import DiscordApi
from tests.doubles.discord.failures import (
    UNAUTHORIZED,
    Failure,
    proxy_page,
    rate_limited,
    reset,
    server_error,
    silence,
)
from tests.doubles.discord_outlet import Room

PAGE = "<html><h1>Sorry</h1></html>"


def refusal(
    status: int, code: int, words: str = "no", retry_after: str | None = None
) -> discord.HTTPException:
    """Return what the library raises; without a code: what it makes of a page."""
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    response: Any = SimpleNamespace(status=status, reason="", headers=headers)
    return discord.HTTPException(response, {"code": code, "message": words} if code else PAGE)


async def meaning(error: Exception) -> DeliveryError:
    """Return what an error is translated into."""
    with pytest.raises(DeliveryError) as raised:
        async with translated():
            raise error
    assert raised.value.__cause__ is error
    return raised.value


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (404, 10008, MessageGoneError),
        (403, 50005, MessageGoneError),
        (403, 50021, MessageGoneError),
        (404, 10003, PlaceGoneError),
        (404, 10004, PlaceGoneError),
        (403, 50007, PlaceGoneError),
        (403, 50278, PlaceGoneError),
        (403, 50001, NotPermittedError),
        (403, 50013, NotPermittedError),
        (400, 160002, NotPermittedError),
        (400, 160005, PlaceClosedError),
        (400, 50083, ArchivedError),
        (404, 10062, InteractionGoneError),
        (404, 10015, InteractionGoneError),
        (401, 50027, InteractionGoneError),
        (400, 50035, DeliveryError),
        (400, 50006, DeliveryError),
        (413, 40005, DeliveryError),
        (403, 20009, DeliveryError),
        (404, 10013, PlaceGoneError),
        (400, 40003, FloodError),
        (400, 0, DeliveryError),
        (413, 0, DeliveryError),
        (401, 0, UnreachableError),
        (403, 0, UnreachableError),
        (404, 0, UnreachableError),
        (407, 0, UnreachableError),
        (500, 0, UnreachableError),
        (503, 0, UnreachableError),
        (520, 0, UnreachableError),
        (400, 30046, FloodError),
        (400, 20028, FloodError),
        (400, 20016, FloodError),
        (429, 0, FloodError),
        (429, 40062, FloodError),
    ],
)
async def test_discord_says_by_numbers_what_is_the_matter(
    status: int, code: int, kind: type[DeliveryError]
) -> None:
    assert type(await meaning(refusal(status, code))) is kind


async def test_who_may_not_write_has_left_nobody() -> None:
    assert issubclass(NotPermittedError, PlaceClosedError)
    assert issubclass(ArchivedError, PlaceClosedError)


@pytest.mark.parametrize(
    ("retry_after", "seconds"), [("7", 7), ("0.5", 0.5), (None, 30), ("Wed, 21 Oct 2026", 30)]
)
async def test_it_is_said_how_long_to_wait(retry_after: str | None, seconds: float) -> None:
    error = await meaning(refusal(429, 0, retry_after=retry_after))

    assert isinstance(error, FloodError)
    assert error.seconds == seconds


async def test_a_wait_that_the_library_finds_too_long_is_one() -> None:
    error = await meaning(discord.RateLimited(31.5))

    assert isinstance(error, FloodError)
    assert error.seconds == 31.5


@pytest.mark.parametrize(
    "error",
    [
        aiohttp.ClientPayloadError(),
        aiohttp.ServerDisconnectedError(),
        ConnectionResetError(),
        TimeoutError(),
        json.JSONDecodeError("cut", "{", 1),
        RuntimeError("Session is closed"),
    ],
)
async def test_what_fails_on_the_way_may_work_again(error: Exception) -> None:
    assert type(await meaning(error)) is UnreachableError


async def test_what_else_the_library_refuses_is_a_refusal() -> None:
    assert type(await meaning(discord.InvalidData("what is this"))) is DeliveryError


@pytest.mark.parametrize("error", [ValueError("ours"), RuntimeError("ours"), KeyError("id")])
async def test_a_fault_of_ours_is_not_discords(error: Exception) -> None:
    with pytest.raises(type(error)):
        async with translated():
            raise error


async def test_the_sentence_says_what_discord_said() -> None:
    invalid, forbidden = refusal(400, 50035, "Invalid"), refusal(403, 50013, "Missing")

    assert "50035: Invalid" in str(await meaning(invalid))
    assert str(await meaning(forbidden)) == "Missing"


async def test_who_is_cancelled_meanwhile_is() -> None:
    async def wait() -> None:
        async with translated():
            await asyncio.Event().wait()

    task = asyncio.create_task(wait())
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])

    assert task.cancelled()


# As the library raises it


@pytest.fixture
async def room(api: DiscordApi) -> AsyncIterator[Room]:
    async with Room.open(api) as room:
        yield room


async def asking(room: Room, seconds: float = 20) -> None:
    async with translated(seconds):
        await room.client.get_partial_messageable(room.channel.id).typing()


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        (reset(), UnreachableError),
        (server_error(503), UnreachableError),
        (proxy_page(521), UnreachableError),
        (proxy_page(403), UnreachableError),
        (UNAUTHORIZED, UnreachableError),
        (proxy_page(429), FloodError),
    ],
)
async def test_however_it_fails_it_is_said_in_our_words(
    room: Room, failure: Failure, kind: type[DeliveryError]
) -> None:
    room.api.fail("trigger_typing", failure)
    with pytest.raises(kind):
        await asking(room)
    await asking(room)


async def test_the_library_waits_by_itself_where_that_is_short(room: Room) -> None:
    room.api.fail("trigger_typing", rate_limited(0.01))
    await asking(room)

    assert [call.status for call in room.api.called("trigger_typing")] == [429, 204]


@pytest.mark.parametrize("failure", [silence(), rate_limited(25), server_error(500)])
async def test_nothing_is_waited_for_without_end(room: Room, failure: Failure) -> None:
    room.api.fail("trigger_typing", failure, times=None)
    with pytest.raises(UnreachableError):
        await asking(room, seconds=0.05)
    room.api.heal()


async def test_once_the_client_is_closed_nothing_can_be_reached(room: Room) -> None:
    await room.client.close()
    with pytest.raises(UnreachableError):
        await asking(room)
