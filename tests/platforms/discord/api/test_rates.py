"""The double of Discord: how fast a bot may write."""

from collections.abc import AsyncIterator

import aiohttp
import discord
import pytest

from tests.doubles.clock import ManualClock
from tests.doubles.discord.api import TOKEN, DiscordApi
from tests.doubles.discord.failures import rate_limited
from tests.doubles.discord.people import Person
from tests.doubles.discord.places import Channel
from tests.doubles.discord.plain import PlainBot

Answer = tuple[int, dict[str, str], dict[str, float]]


class Hasty:
    """A client that looks at no header."""

    def __init__(self, api: DiscordApi, session: aiohttp.ClientSession) -> None:
        self._api = api
        self._session = session

    async def sends(self, channel: Channel) -> Answer:
        url = f"{self._api.url}/channels/{channel.id}/messages"
        async with self._session.post(url, json={"content": "a"}) as answer:
            return answer.status, dict(answer.headers), await answer.json()

    async def begins_anew(self) -> None:
        (await self._session.get(f"{self._api.url}/users/@me")).close()


@pytest.fixture
async def hasty(api: DiscordApi) -> AsyncIterator[Hasty]:
    async with aiohttp.ClientSession(headers={"Authorization": f"Bot {TOKEN}"}) as session:
        yield Hasty(api, session)


async def test_the_headers_say_what_is_left(
    hasty: Hasty, channel: Channel, clock: ManualClock
) -> None:
    for left in (4, 3, 2, 1, 0):
        status, headers, _ = await hasty.sends(channel)
        assert (status, headers["X-RateLimit-Remaining"]) == (200, str(left))
    assert headers["X-RateLimit-Reset-After"] == "5.000"
    assert headers["Content-Type"] == "application/json"
    clock.now += 5
    status, headers, _ = await hasty.sends(channel)
    assert (status, headers["X-RateLimit-Remaining"]) == (200, "4")


async def test_who_was_told_and_does_not_wait_breaks_a_rule(
    api: DiscordApi, hasty: Hasty, channel: Channel, clock: ManualClock
) -> None:
    for _ in range(5):
        await hasty.sends(channel)
    status, headers, body = await hasty.sends(channel)
    assert (status, body["retry_after"]) == (429, 5)
    assert headers["Via"]
    assert api.violations == [], "it may have been on its way"
    clock.now += 3
    assert (await hasty.sends(channel))[0] == 429
    [violation] = api.violations
    assert "2.0 s left" in violation
    api.violations.clear()
    await hasty.begins_anew()
    assert (await hasty.sends(channel))[0] == 429
    assert api.violations == [], "a new client was not told"


async def test_each_channel_and_each_kind_has_its_own_window(
    api: DiscordApi, bot: PlainBot, mina: Person, channel: Channel, hasty: Hasty
) -> None:
    other = api.direct(mina, 301)
    for _ in range(5):
        await hasty.sends(channel)
    there = await bot.fetch_channel(other.id)
    assert isinstance(there, discord.DMChannel)
    sent = await there.send("a")
    await sent.edit(content="b")
    assert api.called("edit_message")[0].headers["X-RateLimit-Remaining"] == "4"


async def test_discord_py_waits_out_a_refusal(
    api: DiscordApi, bot: PlainBot, channel: Channel, direct: Channel
) -> None:
    there = await bot.fetch_channel(direct.id)
    assert isinstance(there, discord.DMChannel)
    api.fail("create_message", rate_limited(0.01), channel=direct)
    api.fail("edit_message", rate_limited(31))
    api.rates = False
    sent = await there.send("a")
    assert [each.status for each in api.called("create_message", direct)] == [429, 200]
    bot.http.max_ratelimit_timeout = 30
    with pytest.raises(discord.RateLimited):
        await sent.edit(content="b")
    assert channel.is_there
