import asyncio

import pytest

from bot.delivery.outlet import UnreachableError
from bot.platforms.discord.errors import translated
from bot.platforms.discord.leave import Leave
from tests.doubles.discord.api import DiscordApi
from tests.doubles.discord.failures import rate_limited
from tests.doubles.discord_listener import listening


async def test_it_is_given_until_it_is_taken_back_and_comes_back_by_itself() -> None:
    leave = Leave(0)
    assert leave.is_set()
    leave.clear()
    assert not leave.is_set()
    async with asyncio.timeout(10):
        await leave.wait()


async def test_who_has_waited_gives_it_back_before() -> None:
    leave = Leave(1000)
    leave.clear()
    leave.set()
    assert leave.is_set()


async def test_all_requests_of_the_bot_wait_for_such_a_leave_also_with_new_connections(
    api: DiscordApi,
) -> None:
    async with listening(api) as house:
        await house.is_connected()
        http = house.client.http
        assert isinstance(http._global_over, Leave)
        await house.gateway.redo()
        assert isinstance(http._global_over, Leave)
        assert http._global_over.is_set()


async def test_a_request_that_is_broken_off_while_all_wait_does_not_stop_the_others_for_ever(
    api: DiscordApi,
) -> None:
    async with listening(api) as house:
        await house.is_connected()
        http = house.client.http
        http._global_over = Leave(0.05)
        api.fail("get_application", rate_limited(1.0, everywhere=True))
        with pytest.raises(UnreachableError):
            async with translated(0.2):
                await house.client.application_info()
        async with asyncio.timeout(10):
            await house.client.application_info()
