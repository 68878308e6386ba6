"""The double of Discord: what goes wrong with requests and with the network."""

import asyncio

import aiohttp
import discord
import pytest

from tests.doubles.discord.api import DiscordApi
from tests.doubles.discord.failures import (
    CHANNEL_GONE,
    Failure,
    lost,
    proxy_page,
    reset,
    server_error,
    silence,
)
from tests.doubles.discord.people import Person
from tests.doubles.discord.places import Channel
from tests.doubles.discord.plain import PlainBot, running


@pytest.fixture
async def there(bot: PlainBot, direct: Channel) -> discord.DMChannel:
    found = await bot.fetch_channel(direct.id)
    assert isinstance(found, discord.DMChannel)
    return found


@pytest.mark.parametrize(
    ("failure", "error"),
    [
        (CHANNEL_GONE, discord.NotFound),
        (server_error(503), discord.DiscordServerError),
        (proxy_page(429), discord.HTTPException),
        (reset(), aiohttp.ClientError),
    ],
)
async def test_a_request_fails_as_planned_and_the_next_one_works(
    api: DiscordApi,
    there: discord.DMChannel,
    direct: Channel,
    failure: Failure,
    error: type[Exception],
) -> None:
    api.fail("create_message", failure, channel=direct)
    with pytest.raises(error):
        await there.send("a")
    assert api.answers(direct) == []
    await there.send("b")
    assert [each.text for each in api.answers(direct)] == ["b"]


async def test_an_answer_can_be_lost_and_the_nonce_finds_the_message(
    api: DiscordApi, there: discord.DMChannel, direct: Channel
) -> None:
    api.fail("create_message", lost())
    with pytest.raises(aiohttp.ClientError):
        await there.send("a", nonce="1")
    assert (await there.send("a", nonce="1")).content == "a"
    assert [each.text for each in api.answers(direct)] == ["a"]


async def test_silence_lasts_until_it_ends(
    api: DiscordApi, there: discord.DMChannel, direct: Channel
) -> None:
    api.fail("create_message", silence())
    sending = asyncio.create_task(there.send("a"))
    await api.until(lambda: api.called("create_message"))
    assert api.answers(direct) == []
    api.release()
    await sending
    assert [each.text for each in api.answers(direct)] == ["a"]


async def test_a_wrong_token_opens_nothing(api: DiscordApi) -> None:
    with pytest.raises(discord.LoginFailure):
        async with running(PlainBot(api), "wrong"):
            pass
    assert [each.status for each in api.called("get_me")] == [401]


async def test_a_network_that_is_down_refuses_and_comes_back(
    api: DiscordApi, there: discord.DMChannel, direct: Channel
) -> None:
    api.down()
    with pytest.raises(aiohttp.ClientError):  # on a connection that was cut
        await there.send("a")
    with pytest.raises(aiohttp.ClientConnectorError):  # on a new one
        await there.send("a")
    api.up()
    await there.send("b")
    assert [each.text for each in api.answers(direct)] == ["b"]


async def test_a_black_hole_answers_nothing(
    api: DiscordApi, there: discord.DMChannel, direct: Channel
) -> None:
    api.black_hole()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await there.send("a")
    api.up()
    await there.send("b")
    assert [each.text for each in api.answers(direct)] == ["b"]


async def test_a_stale_connection_hears_nothing_and_a_new_one_does(
    api: DiscordApi, bot: PlainBot, mina: Person, direct: Channel
) -> None:
    api.go_stale()
    mina.says(direct, "hello")
    async with running(PlainBot(api)) as other:
        mina.says(direct, "hello again")
        assert (await other.hears()).content == "hello again"
    assert bot.messages == []
    api.down()
    api.up()
