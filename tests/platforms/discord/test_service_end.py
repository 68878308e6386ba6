import asyncio
from contextlib import AsyncExitStack

import pytest

from bot.delivery.stream import AnswerStream, Ended
from tests.doubles.discord.api import DiscordApi
from tests.doubles.discord.failures import rate_limited
from tests.doubles.discord.people import Person
from tests.doubles.discord.places import Channel
from tests.doubles.discord_bot import DiscordBot, key
from tests.doubles.hurry import hurried
from tests.doubles.telegram_dialogue import answered
from tests.doubles.time import ManualTime


@pytest.fixture
def bot(api: DiscordApi) -> DiscordBot:
    return DiscordBot(api)


@pytest.fixture
def mina(api: DiscordApi) -> Person:
    return api.person(7)


@pytest.fixture
def direct(api: DiscordApi, mina: Person) -> Channel:
    return api.direct(mina, 50)


async def test_what_came_before_the_end_is_stored_and_replied_to(
    bot: DiscordBot, mina: Person, direct: Channel
) -> None:
    held = bot.dialogue.held["hello"] = asyncio.Event()
    async with bot.listening() as discord:
        mina.says(direct, "hello")
        await bot.until(lambda: discord._lanes.first_open)
        asyncio.get_running_loop().call_later(0.005, held.set)

    assert bot.dialogue.texts == ["hello"]


async def test_what_cannot_be_stored_before_the_end_is_there_at_the_next_start(
    bot: DiscordBot, mina: Person, direct: Channel
) -> None:
    bot.dialogue.seen[key("50")] = None
    bot.dialogue.held["hello"] = asyncio.Event()
    async with bot.listening() as discord:
        mina.says(direct, "hello")
        await bot.until(lambda: discord._lanes.first_open)
    running = [task for task in asyncio.all_tasks() if "Lanes" in repr(task)]
    before = (bot.dialogue.texts, running)
    del bot.dialogue.held["hello"]
    async with bot.listening():
        await bot.until_answers(direct, "echo hello")

    assert before == ([], [])


async def test_the_end_waits_for_answers_that_are_being_delivered(
    bot: DiscordBot, api: DiscordApi, mina: Person, direct: Channel
) -> None:
    bot.dialogue.answers["why?"] = stream = AnswerStream(17)
    discord = bot.discord(bot.account(), hurried(2))
    async with discord.connected():
        async with discord.listening():
            await bot.until(discord.client.is_ready)
            mina.says(direct, "why?")
            await bot.until(lambda: bot.dialogue.stored)
        stream.end(Ended.STOP, "Because.")
    (shown,) = api.answers(direct)

    assert shown.text == "Because."
    assert bot.ledger.seen == [(17, None)]


async def test_the_end_waits_for_replies_that_are_on_their_way(
    bot: DiscordBot, api: DiscordApi, mina: Person, direct: Channel
) -> None:
    api.fail("create_message", rate_limited(0.05))
    discord = bot.discord(bot.account(), hurried(5))
    async with discord.connected(), discord.listening():
        await bot.until(discord.client.is_ready)
        mina.says(direct, "hello")
        await api.until(lambda: api.called("create_message"))
    answers = [one.text for one in api.answers(direct)]

    assert answers == ["echo hello"]


async def test_a_network_that_swallows_everything_does_not_hold_up_the_end(
    bot: DiscordBot,
    api: DiscordApi,
    mina: Person,
    direct: Channel,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.platforms.discord.line._CLOSE_SECONDS", 0.01)
    manual = ManualTime()
    discord = bot.discord(bot.account(), manual.time)
    bot.dialogue.answers["why?"] = answered(17, "Because.")
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(discord.connected())
        await stack.enter_async_context(discord.listening())
        await manual.advance(0)
        await bot.until(discord.client.is_ready)
        mina.says(direct, "/help")
        mina.says(direct, "why?")
        await bot.until(lambda: len(bot.taken) == 2)
        api.black_hole()
        ending = asyncio.create_task(stack.pop_all().aclose())
        await bot.until(discord._reaching.done)
    await manual.advance(6.5)
    early = ending.done()
    await manual.advance(0.5)  # and as long it may take to close
    async with asyncio.timeout(10):
        await ending

    assert not early
    assert bot.ledger.seen == []
    api.up()


async def test_nothing_is_left_running_at_the_end_and_discord_knows_of_it(
    bot: DiscordBot, api: DiscordApi, mina: Person, direct: Channel
) -> None:
    before = asyncio.all_tasks()
    async with bot.listening():
        mina.says(direct, "hello")
        await bot.until_answers(direct, "echo hello")
    after = {task for task in asyncio.all_tasks() - before if "aiohttp" not in repr(task)}
    (session,) = api.gateway.sessions

    assert session.over
    assert after == set()
