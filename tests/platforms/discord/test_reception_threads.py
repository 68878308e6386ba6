import asyncio

import pytest

from bot.platforms.discord.account import Account
from tests.doubles.discord.api import DiscordApi
from tests.doubles.discord.failures import MISSING_PERMISSIONS, server_error
from tests.doubles.discord.people import Person
from tests.doubles.discord.places import Channel, Guild
from tests.doubles.discord.powers import ALL_THAT_COUNT, CREATE_PUBLIC_THREADS
from tests.doubles.discord_bot import DiscordBot, key


@pytest.fixture
def threaded(bot: DiscordBot) -> Account:
    return bot.account(threads=True)


async def test_a_mention_opens_a_thread_in_which_it_is_answered(
    bot: DiscordBot, api: DiscordApi, mina: Person, channel: Channel, threaded: Account
) -> None:
    async with bot.listening(threaded):
        message = mina.says(channel, "@bot cats\nand dogs")
        thread = await bot.until_thread(message)
        await bot.until_answers(thread, "echo cats\nand dogs")

    assert thread.name == "cats"
    assert [one.chat for one in bot.taken] == [key(f"100/200/{message}")]
    assert api.answers(channel) == []


async def test_what_is_said_in_a_thread_waits_for_what_opened_it(
    bot: DiscordBot, mina: Person, channel: Channel, threaded: Account
) -> None:
    held = bot.dialogue.held["cats"] = asyncio.Event()
    async with bot.listening(threaded):
        message = mina.says(channel, "@bot cats")
        thread = await bot.until_thread(message)
        mina.says(thread, "@bot dogs")
        mina.says(channel, "@bot elsewhere")
        asyncio.get_running_loop().call_later(0.02, held.set)
        await bot.until_answers(thread, "echo cats", "echo dogs")
        await bot.until(lambda: len(bot.taken) == 3)

    assert bot.dialogue.texts[0] == "cats"


async def test_where_no_thread_may_be_opened_the_answer_stands_in_the_channel(
    bot: DiscordBot, api: DiscordApi, mina: Person, channel: Channel, threaded: Account
) -> None:
    api.fail("start_thread", MISSING_PERMISSIONS, times=None)
    async with bot.listening(threaded):
        message = mina.says(channel, "@bot cats")
        (answer,) = await bot.until_answers(channel, "echo cats")
        api.redeliver(message)
        mina.says(channel, "@bot dogs")
        await bot.until_answers(channel, "echo cats", "echo dogs")

    assert answer.reply_to == message
    assert [one.chat for one in bot.taken] == [key("100/200")] * 2
    assert len(api.called("start_thread")) == 2


async def test_whoever_runs_it_is_told_once_what_the_bot_lacks_to_open_threads(
    bot: DiscordBot, api: DiscordApi, guild: Guild, mina: Person, threaded: Account
) -> None:
    channel = api.channel(guild, 200, powers=ALL_THAT_COUNT & ~CREATE_PUBLIC_THREADS)
    async with bot.listening(threaded):
        mina.says(channel, "@bot cats")
        mina.says(channel, "@bot dogs")
        await bot.until_answers(channel, "echo cats", "echo dogs")

    (line,) = [one for one in bot.notices if "Threads" in one]
    assert "Create Public Threads" in line


async def test_a_thread_that_cannot_be_opened_at_once_is_opened_a_little_later(
    bot: DiscordBot, api: DiscordApi, mina: Person, channel: Channel, threaded: Account
) -> None:
    api.fail("start_thread", server_error(503), times=2)
    async with bot.listening(threaded):
        message = mina.says(channel, "@bot cats")
        thread = await bot.until_thread(message)
        await bot.until_answers(thread, "echo cats")


async def test_a_thread_that_cannot_be_opened_for_long_is_done_without(
    bot: DiscordBot, api: DiscordApi, mina: Person, channel: Channel, threaded: Account
) -> None:
    api.fail("start_thread", server_error(503), times=None)
    async with bot.listening(threaded):
        mina.says(channel, "@bot cats")
        await bot.until_answers(channel, "echo cats")
