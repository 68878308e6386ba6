import asyncio
import logging
from contextlib import AsyncExitStack

import pytest

from bot.delivery.stream import AnswerStream, Ended
from bot.errors import PlatformError
from tests.doubles.discord.api import TOKEN, DiscordApi
from tests.doubles.discord.failures import rate_limited, server_error
from tests.doubles.discord.people import Person
from tests.doubles.discord.places import Channel, Guild
from tests.doubles.discord.wire import Json
from tests.doubles.discord_bot import DiscordBot, key, said
from tests.doubles.hurry import hurried
from tests.doubles.telegram_dialogue import Left, answered
from tests.doubles.time import ManualTime

WRONG = "NDI0Mg.wrong.token"


@pytest.fixture
def bot(api: DiscordApi) -> DiscordBot:
    return DiscordBot(api)


@pytest.fixture
def mina(api: DiscordApi) -> Person:
    return api.person(7)


@pytest.fixture
def direct(api: DiscordApi, mina: Person) -> Channel:
    return api.direct(mina, 50)


@pytest.fixture
def guild(api: DiscordApi) -> Guild:
    return api.guild(100)


@pytest.fixture
def channel(api: DiscordApi, guild: Guild) -> Channel:
    return api.channel(guild, 200)


async def test_whoever_runs_it_is_told_once_that_it_listens(
    bot: DiscordBot, api: DiscordApi, mina: Person, direct: Channel
) -> None:
    async with bot.listening():
        await bot.until(lambda: bot.notices)
        api.gateway.invalidate()
        mina.says(direct, "hello")
        bot.dialogue.seen[key("50")] = None
        await bot.until_answers(direct, "echo hello")

    assert bot.notices == ["Discord: ostro is listening"]


async def test_what_an_earlier_run_left_is_shown_where_it_belongs(
    bot: DiscordBot, mina: Person, direct: Channel, channel: Channel
) -> None:
    question = mina.says(channel, "@bot first?")
    place: Json = {"channel_id": 200, "guild_id": 100, "parent_id": None, "reply_to": question}
    asked = {"asker": 7, "asked": question}
    private: Json = {"channel_id": 50, "guild_id": None, "parent_id": None, "reply_to": None}
    bot.dialogue.left_behind = [
        Left(answered(1, "First."), place | asked, key("100/200")),
        Left(answered(2, "Nowhere."), None, key("50")),
        Left(answered(3, "Second."), private | asked, key("50")),
    ]
    bot.dialogue.languages["50"] = "ko"
    async with bot.listening():
        (first,) = await bot.until_answers(channel, "First.")
        (second,) = await bot.until_answers(direct, "Second.")
        await bot.until(lambda: len(bot.ledger.seen) == 2)

    assert first.reply_to == question
    assert second.labels == [said("ko", "button.retry")]


async def test_what_an_earlier_run_left_waits_for_a_network_that_is_away(
    bot: DiscordBot, api: DiscordApi, direct: Channel, caplog: pytest.LogCaptureFixture
) -> None:
    place: Json = {"channel_id": 50, "guild_id": None, "parent_id": None, "reply_to": None}
    outlet = place | {"asker": 7, "asked": 1}
    bot.dialogue.left_behind = [Left(answered(1, "First."), outlet, key("50"))]
    api.down()
    async with bot.listening(waits=False):
        await bot.until(lambda: caplog.messages)
        api.up()
        await bot.until_answers(direct, "First.")


async def test_the_commands_are_told_even_if_not_at_once(bot: DiscordBot, api: DiscordApi) -> None:
    api.fail("put_commands", server_error(503), times=2)
    async with bot.listening():
        await api.until(lambda: api.commands)

    assert {"ask", "clear", "help"} <= api.commands.keys()
    assert len(api.called("put_commands")) == 3


async def test_commands_that_cannot_be_told_are_said_so_in_one_line(
    bot: DiscordBot, api: DiscordApi, caplog: pytest.LogCaptureFixture
) -> None:
    api.fail("put_commands", server_error(503), times=None)
    async with bot.listening(time=hurried(1000)):
        await bot.until(lambda: caplog.messages)

    assert caplog.messages == ["Discord could not be told the commands; they stay as they are"]
    assert len(api.called("put_commands")) == 4


async def test_a_command_and_a_button_are_taken_in(
    bot: DiscordBot, api: DiscordApi, mina: Person, direct: Channel
) -> None:
    bot.dialogue.answers["why?"] = answered(17, "Because.")
    async with bot.listening():
        await api.until(lambda: api.commands)
        mina.says(direct, "why?")
        (answer,) = await bot.until_answers(direct, "Because.")
        await api.until(lambda: api.answers(direct)[0].labels)
        mina.presses(answer.id, said("en", "button.retry"))
        mina.runs(direct, "help")
        await bot.until(lambda: len(bot.dialogue.stored) == 3)
        await api.until(lambda: not api.turning)

    assert bot.dialogue.texts == ["why?", "/help"]


async def test_when_the_machine_wakes_connections_are_made_anew(
    bot: DiscordBot, api: DiscordApi, mina: Person, direct: Channel
) -> None:
    async with bot.listening():
        api.go_stale()
        mina.says(direct, "good morning")
        bot.slept += 8 * 3600
        await bot.until_answers(direct, "echo good morning")


async def test_a_place_that_is_gone_is_left(bot: DiscordBot, mina: Person, direct: Channel) -> None:
    mina.blocks(direct)
    async with bot.listening():
        mina.says(direct, "hello")
        await bot.until(lambda: bot.dialogue.gone)

    assert bot.dialogue.gone == [key("50")]


async def test_a_wrong_token_is_told_to_whoever_waits_for_it(bot: DiscordBot) -> None:
    async with bot.listening(bot.account(WRONG), waits=False) as discord:
        with pytest.raises(PlatformError, match="Reset Token"):
            await discord.failed()

    assert bot.notices == []


async def test_a_refused_intent_is_told_to_whoever_waits_for_it(
    bot: DiscordBot, caplog: pytest.LogCaptureFixture
) -> None:
    async with bot.listening(bot.account(content=True), waits=False) as discord:
        with pytest.raises(PlatformError, match="Message Content Intent"):
            await discord.failed()

    assert caplog.messages == []


async def test_who_waits_for_a_failure_is_told_when_there_will_be_none(bot: DiscordBot) -> None:
    async with bot.listening() as discord:
        waiting = asyncio.create_task(discord.failed())
    await waiting


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
    await manual.advance(6)
    early = ending.done()
    await manual.advance(2)
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


async def test_the_token_is_in_no_line_of_the_log(
    bot: DiscordBot,
    api: DiscordApi,
    mina: Person,
    direct: Channel,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.DEBUG):
        api.fail("get_me", server_error(503))
        async with bot.listening() as discord:
            mina.says(direct, "hello")
            await bot.until_answers(direct, "echo hello")
            api.gateway.cut()
            mina.says(direct, "again")
            await bot.until_answers(direct, "echo hello", "echo again")
            shown = repr([discord, discord.client, discord._gateway, vars(discord)])

    assert TOKEN not in caplog.text
    assert TOKEN not in shown
