import asyncio
import logging
from contextlib import AsyncExitStack

import pytest

from bot.delivery.stream import AnswerStream, Ended
from bot.errors import PlatformError
from bot.platforms.telegram.network import Timeouts
from tests.doubles.hurry import hurried
from tests.doubles.telegram.api import TOKEN, BotApi
from tests.doubles.telegram.chats import Chat
from tests.doubles.telegram.failures import flood, server_error
from tests.doubles.telegram.people import Person
from tests.doubles.telegram_bot import QUICK, TelegramBot, key, said
from tests.doubles.telegram_dialogue import Left, answered
from tests.doubles.time import ManualTime


async def test_a_redelivered_message_is_answered_once(
    bot: TelegramBot, api: BotApi, mina: Person, chat: Chat
) -> None:
    mina.says(chat, "hello")
    waiting = api.unconfirmed
    async with bot.listening():
        await bot.until_answers(chat, "echo hello")
        await bot.until_confirmed()
    api.redeliver(waiting)
    async with bot.listening():
        await bot.until_confirmed()

    assert bot.dialogue.texts == ["hello"]
    assert [one.text for one in api.answers(chat)] == ["echo hello"]


async def test_what_an_earlier_run_left_is_shown_where_it_belongs(
    bot: TelegramBot, api: BotApi, mina: Person, chat: Chat
) -> None:
    forum = api.group(-100, forum=True)
    topic = api.topic(forum, mina)
    place = {"chat_id": -5, "topic": topic, "reply_to": 3, "group": True}
    private = {"chat_id": 7, "topic": None, "reply_to": None, "group": False}
    bot.dialogue.left_behind = [
        Left(answered(1, "First."), private, key("7")),
        Left(answered(2, "Nowhere."), None, key("7")),
        Left(answered(3, "Moved."), place, key(f"-100/{topic}")),
    ]
    bot.dialogue.languages["7"] = "ko"
    async with bot.listening():
        (shown,) = await bot.until_answers(chat, "First.")
        await bot.until_answers(forum, "Moved.")
        await bot.until(lambda: len(bot.ledger.seen) == 2)

    assert shown.labels == [said("ko", "button.retry")]
    assert api.answers(forum, topic)[0].reply_to is None


async def test_the_menus_are_set_even_if_not_at_once(bot: TelegramBot, api: BotApi) -> None:
    api.fail("setMyCommands", server_error(), times=2)
    async with bot.listening():
        await api.until(lambda: len(api.menus) == 4)

    assert {language for _, language in api.menus} == {"", "ko"}


async def test_when_the_machine_wakes_connections_are_made_anew(
    bot: TelegramBot, api: BotApi, mina: Person, chat: Chat
) -> None:
    async with bot.listening(timeouts=Timeouts(poll=50, grace=60, read=60)):
        await api.until(lambda: api.called("getUpdates"))
        api.go_stale()
        mina.says(chat, "good morning")
        bot.wall.now += 8 * 3600
        await bot.until_answers(chat, "echo good morning")


async def test_a_wrong_token_is_told_to_whoever_waits_for_it(bot: TelegramBot) -> None:
    async with bot.listening("4242:AAwrong") as telegram:
        with pytest.raises(PlatformError, match="@BotFather"):
            await telegram.failed()

    assert bot.notices == []


async def test_who_waits_for_a_failure_is_told_when_there_will_be_none(bot: TelegramBot) -> None:
    async with bot.listening() as telegram:
        waiting = asyncio.create_task(telegram.failed())
        await bot.until(lambda: bot.notices)
    await waiting


async def test_what_came_before_the_end_is_stored_and_replied_to(
    bot: TelegramBot, api: BotApi, mina: Person, chat: Chat
) -> None:
    held = bot.dialogue.held["hello"] = asyncio.Event()
    async with bot.listening():
        await api.until(lambda: api.called("getUpdates"))
        mina.says(chat, "hello")
        await api.until(lambda: len(api.called("getUpdates")) > 1)
        asyncio.get_running_loop().call_later(0.005, held.set)
    answers = [one.text for one in api.answers(chat)]

    assert (bot.dialogue.texts, answers) == (["hello"], ["echo hello"])


async def test_what_cannot_be_stored_before_the_end_comes_again(
    bot: TelegramBot, api: BotApi, mina: Person, chat: Chat
) -> None:
    bot.dialogue.held["hello"] = asyncio.Event()
    async with bot.listening():
        await api.until(lambda: api.called("getUpdates"))
        mina.says(chat, "hello")
        await api.until(lambda: len(api.called("getUpdates")) > 1)
    running = [task for task in asyncio.all_tasks() if "Lanes" in repr(task)]
    before = (bot.dialogue.texts, len(api.unconfirmed), running)
    del bot.dialogue.held["hello"]
    async with bot.listening():
        await bot.until_answers(chat, "echo hello")

    assert before == ([], 1, [])


async def test_the_end_waits_for_answers_that_are_being_delivered(
    bot: TelegramBot, api: BotApi, mina: Person, chat: Chat
) -> None:
    bot.dialogue.answers["why?"] = stream = AnswerStream(17)
    telegram = bot.telegram(TOKEN, QUICK, hurried(2))
    async with telegram.connected():
        async with telegram.listening():
            mina.says(chat, "why?")
            await bot.until(lambda: bot.dialogue.stored)
        stream.end(Ended.STOP, "Because.")
    (shown,) = api.answers(chat)

    assert shown.text == "Because."
    assert bot.ledger.seen == [(17, None)]


async def test_the_end_waits_for_replies_that_are_on_their_way(
    bot: TelegramBot, api: BotApi, mina: Person, chat: Chat
) -> None:
    api.fail("sendMessage", flood(2))
    telegram = bot.telegram(TOKEN, QUICK, hurried(5))
    async with telegram.connected(), telegram.listening():
        mina.says(chat, "hello")
        await api.until(lambda: api.called("sendMessage"))
    answers = [one.text for one in api.answers(chat)]

    assert answers == ["echo hello"]


async def test_a_network_that_swallows_everything_does_not_hold_up_the_end(
    bot: TelegramBot, api: BotApi, mina: Person, chat: Chat
) -> None:
    manual = ManualTime()
    telegram = bot.telegram(TOKEN, Timeouts(poll=600, read=600), manual.time)
    bot.dialogue.answers["why?"] = answered(17, "Because.")
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(telegram.connected())
        await stack.enter_async_context(telegram.listening())
        await bot.until(lambda: bot.notices)
        mina.says(chat, "/help")
        mina.says(chat, "why?")
        await bot.until(lambda: len(bot.taken) == 2)
        api.black_hole()
        ending = asyncio.create_task(stack.pop_all().aclose())
    await manual.advance(6.5)
    early = ending.done()
    await manual.advance(0.5)  # and as long it may take to close
    async with asyncio.timeout(10):
        await ending

    assert not early
    assert bot.ledger.seen == []
    api.up()


async def test_nothing_is_left_running_at_the_end(
    bot: TelegramBot, api: BotApi, mina: Person
) -> None:
    before = asyncio.all_tasks()
    async with bot.listening():
        mina.says(api.private(mina), "hello")
        await bot.until(lambda: bot.notices)
        api.black_hole()
    after = {task for task in asyncio.all_tasks() - before if "aiohttp" not in repr(task)}

    assert after == set()
    api.up()


async def test_nothing_that_goes_wrong_is_logged_with_the_token(
    bot: TelegramBot, api: BotApi, mina: Person, chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "ostro")
    bot.dialogue.troubles = [ValueError("no")] * 3
    async with bot.listening():
        mina.says(chat, "hello")
        await bot.until_confirmed()
        api.down()
        await bot.until(lambda: any("cannot be reached" in line for line in caplog.messages))
        api.up()
        await bot.until(lambda: any("reached again" in line for line in caplog.messages))

    assert TOKEN.partition(":")[2] not in caplog.text
