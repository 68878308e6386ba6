"""The double of the Bot API: updates, and how it is served."""

import asyncio

import pytest
from telegram import Bot, Update
from telegram.error import Conflict, InvalidToken

from tests.doubles.telegram.api import BotApi
from tests.doubles.telegram.chats import Chat
from tests.doubles.telegram.client import client
from tests.doubles.telegram.people import Person
from tests.doubles.telegram.server import serving_in_thread


def texts(updates: tuple[Update, ...]) -> list[str | None]:
    return [each.message.text if each.message is not None else None for each in updates]


async def test_updates_are_given_again_until_they_are_confirmed(
    bot: Bot, ada: Person, chat: Chat
) -> None:
    for text in ("one", "two", "three"):
        ada.says(chat, text)
    first = await bot.get_updates()
    assert texts(await bot.get_updates(limit=2)) == ["one", "two"]
    assert texts(await bot.get_updates(offset=first[1].update_id)) == ["two", "three"]
    assert texts(await bot.get_updates(offset=0)) == ["two", "three"]
    assert texts(await bot.get_updates(offset=-1)) == ["three"]
    assert await bot.get_updates(offset=first[2].update_id + 1) == ()


async def test_a_poll_waits_until_something_is_said(
    api: BotApi, bot: Bot, ada: Person, chat: Chat
) -> None:
    polling = asyncio.create_task(bot.get_updates(timeout=30))
    await api.until(lambda: api.called("getUpdates"))
    ada.says(chat, "at last")
    assert texts(await polling) == ["at last"]


async def test_a_second_poll_ends_the_first(api: BotApi, bot: Bot, ada: Person, chat: Chat) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=30))
    await api.until(lambda: api.called("getUpdates"))
    async with client(api) as other:
        second = asyncio.create_task(other.get_updates(timeout=30))
        with pytest.raises(Conflict):
            await first
        ada.says(chat, "hello")
        assert texts(await second) == ["hello"]


async def test_the_kinds_that_a_bot_wants_are_remembered(bot: Bot, ada: Person, chat: Chat) -> None:
    await bot.get_updates(allowed_updates=["message"])
    message = ada.says(chat, "one")
    await bot.get_updates()
    ada.edits(chat, message, "changed")
    assert texts(await bot.get_updates()) == ["one"]


@pytest.mark.parametrize("token", ["4242:another", "nonsense"])
async def test_a_wrong_token_is_refused(api: BotApi, token: str) -> None:
    with pytest.raises(InvalidToken):
        async with client(api, token):
            pass


async def test_a_delivered_webhook_drops_what_waits_if_asked(
    bot: Bot, ada: Person, chat: Chat
) -> None:
    ada.says(chat, "one")
    await bot.delete_webhook()
    assert (await bot.get_webhook_info()).pending_update_count == 1
    await bot.delete_webhook(drop_pending_updates=True)
    assert await bot.get_updates() == ()


async def test_a_wait_that_fails_tells_what_there_is(api: BotApi, bot: Bot, chat: Chat) -> None:
    await bot.send_message(1, "one", disable_notification=True)
    with pytest.raises(AssertionError, match=r"Ostro: 'one' \(silent\)[^$]*sendMessage 200"):
        await api.until(lambda: len(api.screen(chat)) == 2, seconds=0.01)


def test_it_can_be_served_in_a_thread() -> None:
    with serving_in_thread(BotApi()) as api:
        ada = api.person(1)
        chat = api.private(ada)
        ada.says(chat, "hello")

        async def echo() -> None:
            async with client(api) as bot:
                (text,) = texts(await bot.get_updates())
                await bot.send_message(1, text or "")

        asyncio.run(echo())
        api.down()
        api.up()
        asyncio.run(echo())
        api.wait_until(lambda: len(api.answers(chat)) == 2)
        assert {each.text for each in api.answers(chat)} == {"hello"}
        with pytest.raises(AssertionError, match="Ostro: 'hello'"):
            api.wait_until(lambda: api.toasts, seconds=0.01)
