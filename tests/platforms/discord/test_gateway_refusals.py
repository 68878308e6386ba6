import asyncio
import logging

import pytest

from bot.errors import PlatformError
from tests.doubles.discord.api import DiscordApi
from tests.doubles.discord.failures import UNAUTHORIZED
from tests.doubles.discord_listener import listening


@pytest.mark.parametrize("token", ["NDI0Mg.wrong.token", "nonsense"])
async def test_a_wrong_token_ends_it_with_one_line(
    api: DiscordApi, token: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        async with listening(api, token=token) as house:
            with pytest.raises(PlatformError, match=r"Reset Token") as raised:
                await asyncio.wait_for(asyncio.shield(house.running), 10)

    assert token not in f"{raised.value!r}{raised.value.__cause__!r}{caplog.text}"


async def test_a_token_that_is_taken_back_ends_it_with_one_line(api: DiscordApi) -> None:
    async with listening(api) as house:
        await house.is_connected()
        api.token = "another"  # noqa: S105 # opens nothing
        api.gateway.cut()
        with pytest.raises(PlatformError, match=r"Reset Token"):
            await asyncio.wait_for(asyncio.shield(house.running), 10)


async def test_an_intent_that_is_not_switched_on_ends_it_with_one_line(api: DiscordApi) -> None:
    async with listening(api, content=True) as house:
        with pytest.raises(PlatformError, match=r"Message Content Intent.*CONTENT=off"):
            await asyncio.wait_for(asyncio.shield(house.running), 10)

    assert api.gateway.closed == [4014]


@pytest.mark.parametrize("code", [4004, 4013, 4014])
async def test_what_discord_never_takes_is_not_tried_again(api: DiscordApi, code: int) -> None:
    async with listening(api) as house:
        await house.is_connected()
        api.gateway.close(code)
        with pytest.raises(PlatformError, match="Developer Portal"):
            await asyncio.wait_for(asyncio.shield(house.running), 10)

    assert len(api.gateway.sessions) == 1


@pytest.mark.parametrize("code", [4010, 4011, 4012])
async def test_a_bot_that_discord_does_not_take_as_it_is_ends_with_one_line(
    api: DiscordApi, code: int
) -> None:
    async with listening(api) as house:
        await house.is_connected()
        api.gateway.close(code)
        with pytest.raises(PlatformError, match=rf"^Discord .*{code}.*: update the bot"):
            await asyncio.wait_for(asyncio.shield(house.running), 10)

    assert len(api.gateway.sessions) == 1


async def test_a_token_that_is_refused_a_little_later_ends_it_too(api: DiscordApi) -> None:
    api.fail("get_application", UNAUTHORIZED)
    async with listening(api) as house:
        with pytest.raises(PlatformError, match="Reset Token"):
            await asyncio.wait_for(asyncio.shield(house.running), 10)
