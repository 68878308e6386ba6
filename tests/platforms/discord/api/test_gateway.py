"""The double of Discord: sessions of the gateway, and how they end and go on."""

import asyncio
from collections.abc import Callable

import aiohttp
import discord
import pytest

from tests.doubles.clock import ManualClock
from tests.doubles.discord.api import TOKEN, DiscordApi
from tests.doubles.discord.people import Person
from tests.doubles.discord.places import Channel
from tests.doubles.discord.plain import PlainBot, running
from tests.doubles.discord.powers import GUILD_MESSAGES, KNOWN_INTENTS
from tests.doubles.discord.server import serving_in_thread


async def test_a_session_begins_with_all_servers_of_the_bot(
    api: DiscordApi, bot: PlainBot, channel: Channel
) -> None:
    [session] = api.gateway.sessions
    assert [each["t"] for each in session.log] == ["READY", "GUILD_CREATE"]
    assert not session.reads_content
    assert bot.user is not None
    assert (bot.user.id, bot.application_id) == (api.bot, api.bot)
    assert [each.id for each in bot.guilds[0].text_channels] == [channel.id]
    assert len(api.gateway.beats) == 1
    assert bot.ws.gateway.port == api.door.port


@pytest.mark.parametrize("way", ["cut", "ask_to_reconnect", "invalidate", "close"])
async def test_after_a_break_a_session_is_resumed_with_what_was_missed(
    api: DiscordApi, bot: PlainBot, mina: Person, direct: Channel, way: str
) -> None:
    deeds: dict[str, Callable[[], None]] = {
        "cut": api.gateway.cut,
        "ask_to_reconnect": api.gateway.ask_to_reconnect,
        "invalidate": lambda: api.gateway.invalidate(resumable=True),
        "close": lambda: api.gateway.close(4000),
    }
    mina.says(direct, "before")
    await bot.hears()
    deeds[way]()
    mina.says(direct, "meanwhile")
    await bot.sees("RESUMED")
    await bot.hears(2)
    assert [each.content for each in bot.messages] == ["before", "meanwhile"]
    assert [each.resumed for each in api.gateway.sessions] == [1]


@pytest.mark.parametrize("way", ["invalidate", "refuse_resume"])
async def test_a_session_that_is_over_is_begun_anew(
    api: DiscordApi, bot: PlainBot, way: str
) -> None:
    if way == "invalidate":
        api.gateway.invalidate()
    else:
        api.gateway.refuse_resume()
        api.gateway.cut()
    await bot.sees("READY", 2)
    assert len(api.gateway.sessions) == len(api.gateway.identified) == 2
    assert "RESUMED" not in bot.happened


async def test_an_intent_that_is_not_switched_on_is_refused(api: DiscordApi) -> None:
    bot = PlainBot(api, content=True)
    with pytest.raises(discord.PrivilegedIntentsRequired):
        async with running(bot):
            pass
    assert api.gateway.closed == [4014]


async def test_heartbeats_are_answered(api: DiscordApi, channel: Channel) -> None:
    api.gateway.heartbeat_seconds = 0.05
    async with running(PlainBot(api)) as bot:
        await api.until(lambda: len(api.gateway.beats) >= 4)
        assert bot.latency < 1
        assert channel.is_there
    assert api.gateway.closed == []


class Raw:
    """A connection that says what a test wants."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket

    async def says(self, code: int, told: object) -> None:
        await self.socket.send_json({"op": code, "d": told})

    async def hears(self) -> tuple[int, str | None]:
        said = await self.socket.receive_json(timeout=10)
        return said["op"], said.get("t")

    async def is_closed(self) -> int | None:
        while (said := await self.socket.receive(timeout=10)).type is aiohttp.WSMsgType.TEXT:
            pass
        code: int = said.data
        return code


IDENTIFY = {"token": TOKEN, "intents": GUILD_MESSAGES, "properties": {}}


@pytest.mark.parametrize(
    ("code", "told", "closed"),
    [
        (2, {**IDENTIFY, "token": "wrong"}, 4004),
        (2, {**IDENTIFY, "intents": KNOWN_INTENTS + 1}, 4013),
        (2, {**IDENTIFY, "intents": 1 << 15}, 4014),
        (3, {}, 4003),
        (6, {"token": "wrong", "session_id": "?", "seq": 1}, 4004),
    ],
)
async def test_what_the_gateway_does_not_take_closes_it(
    api: DiscordApi, code: int, told: object, closed: int
) -> None:
    async with aiohttp.ClientSession() as session, session.ws_connect(api.gateway_url) as socket:
        raw = Raw(socket)
        assert await raw.hears() == (10, None)
        await raw.says(code, told)
        assert await raw.is_closed() == closed


async def test_who_sends_no_heartbeat_is_closed(api: DiscordApi) -> None:
    api.gateway.heartbeat_seconds = api.gateway.heartbeat_grace = 0.01
    async with aiohttp.ClientSession() as session, session.ws_connect(api.gateway_url) as socket:
        raw = Raw(socket)
        await raw.says(2, IDENTIFY)
        assert await raw.is_closed() == 4009


async def test_a_session_too_soon_after_another_is_none(
    api: DiscordApi, clock: ManualClock
) -> None:
    api.gateway.identify_seconds = 5
    async with aiohttp.ClientSession() as session:
        for events in ([(0, "READY")], [(9, None)]):
            async with session.ws_connect(api.gateway_url) as socket:
                raw = Raw(socket)
                await raw.says(2, IDENTIFY)
                assert [await raw.hears(), await raw.hears()] == [(10, None), *events]
            clock.now += 4
    assert api.violations == ["a session was begun too soon after another one"]
    api.violations.clear()


async def test_who_says_farewell_cannot_resume(api: DiscordApi) -> None:
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(api.gateway_url) as socket:
            raw = Raw(socket)
            await raw.says(2, IDENTIFY)
            assert [await raw.hears(), await raw.hears()] == [(10, None), (0, "READY")]
        async with session.ws_connect(api.gateway_url) as socket:
            raw = Raw(socket)
            await raw.says(6, {"token": TOKEN, "session_id": "session1", "seq": 1})
            assert [await raw.hears(), await raw.hears()] == [(10, None), (9, None)]


def test_it_can_be_served_beside_a_test_that_has_no_loop() -> None:
    with serving_in_thread(DiscordApi()) as api:
        mina = api.person(7, "Mina")
        direct = api.direct(mina, 300)

        async def answer() -> None:
            async with running(PlainBot(api)) as bot:
                mina.says(direct, "hello")
                await (await bot.hears()).channel.send("hi")

        asyncio.run(answer())
        assert [each.text for each in api.wait_until(lambda: api.answers(direct))] == ["hi"]


async def test_discord_py_is_pointed_back_at_the_end(api: DiscordApi) -> None:
    before = discord.http.Route.BASE
    async with running(PlainBot(api)):
        assert api.url == discord.http.Route.BASE
    assert before == discord.http.Route.BASE


@pytest.mark.parametrize("team", [False, True])
async def test_the_app_is_somebodys_or_a_teams(
    bot: PlainBot, api: DiscordApi, mina: Person, *, team: bool
) -> None:
    api.owns_bot(mina, team=team)
    application = await bot.application_info()
    if team:
        assert application.team is not None
        assert application.team.owner_id == mina.id != application.owner.id
    else:
        assert (application.owner.id, application.team) == (mina.id, None)


async def test_a_server_is_somebodys(bot: PlainBot, api: DiscordApi, mina: Person) -> None:
    api.guild(101, owner=mina.id)
    await bot.sees("GUILD_CREATE", 2)
    owners = {guild.id: guild.owner_id for guild in bot.guilds}
    assert owners == {100: 1, 101: 7}
