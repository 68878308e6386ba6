"""The double of the Bot API: how fast a bot may write."""

from collections.abc import AsyncIterator

import pytest
from telegram import Bot
from telegram.error import RetryAfter

from tests.doubles.clock import ManualClock
from tests.doubles.telegram.api import BotApi
from tests.doubles.telegram.chats import Chat
from tests.doubles.telegram.failures import flood
from tests.doubles.telegram.people import Person
from tests.doubles.telegram.server import serving

GROUP = -1001


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
async def api(clock: ManualClock, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[BotApi]:
    # else the client warns that it will tell waits otherwise one day
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    async with serving(BotApi(clock=clock)) as served:
        yield served


async def refused(bot: Bot, chat_id: int = 1) -> float:
    """Return how long the bot is told to wait."""
    with pytest.raises(RetryAfter) as told:
        await bot.send_message(chat_id, "too much")
    return told.value._retry_after.total_seconds()


async def test_a_private_chat_takes_a_short_burst_and_then_one_a_second(
    api: BotApi, bot: Bot, chat: Chat, clock: ManualClock
) -> None:
    message = await bot.send_message(chat.id, "1")
    await message.edit_text("2")
    await message.edit_text("3")
    for _ in range(20):
        await bot.send_chat_action(chat.id, "typing")
    assert await refused(bot) == 1
    assert api.violations == ["written too fast into 1"]
    api.violations.clear()
    clock.now += 1
    await message.edit_text("4")
    for number in range(60):
        clock.now += 1
        await message.edit_text(f"more {number}")


async def test_a_group_takes_twenty_a_minute_in_all_its_topics(
    api: BotApi, bot: Bot, ada: Person, clock: ManualClock
) -> None:
    forum = api.group(GROUP, forum=True)
    topics = [api.topic(forum, ada), api.topic(forum, ada)]
    for number in range(20):
        clock.now += 1
        await bot.send_message(GROUP, f"{number}", message_thread_id=topics[number % 2])
    clock.now += 1
    assert await refused(bot, GROUP) == 39
    assert api.violations == [f"written too fast into {GROUP}"]
    api.violations.clear()
    clock.now += 39
    await bot.send_message(GROUP, "in time")


async def test_deleting_is_free(bot: Bot, ada: Person, chat: Chat) -> None:
    for message in [ada.says(chat, "a") for _ in range(30)]:
        await bot.delete_message(chat.id, message)


async def test_one_chat_does_not_slow_another(api: BotApi, bot: Bot, chat: Chat) -> None:
    other = api.private(api.person(2, "Mina"))
    for number in range(3):
        await bot.send_message(chat.id, f"{number}")
        await bot.send_message(other.id, f"{number}")


async def test_who_is_told_to_wait_has_to_wait(
    api: BotApi, bot: Bot, chat: Chat, clock: ManualClock
) -> None:
    api.fail("sendMessage", flood(5), chat=chat)
    assert await refused(bot) == 5
    clock.now += 0.4
    assert await refused(bot) == 5
    assert api.violations == [], "it may have been on its way"
    clock.now += 3
    assert await refused(bot) == 2
    assert api.violations == ["written into 1 with 1.6 s of a flood wait left"]
    api.violations.clear()
    clock.now += 1.6
    await bot.send_message(chat.id, "at last")


async def test_rates_can_be_no_matter(api: BotApi, bot: Bot, chat: Chat) -> None:
    api.rates = False
    api.fail("sendMessage", flood(30))
    assert await refused(bot) == 30
    for number in range(10):
        await bot.send_message(chat.id, f"{number}")
