"""The double of the Bot API: how it fails, and what the real client makes of that."""

import asyncio

import pytest
from telegram import Bot, MessageEntity, ReplyParameters
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from tests.doubles.telegram import failures
from tests.doubles.telegram.api import BotApi
from tests.doubles.telegram.chats import Chat
from tests.doubles.telegram.client import client
from tests.doubles.telegram.failures import Failure
from tests.doubles.telegram.people import Person


@pytest.fixture(autouse=True)
def _unhurried(api: BotApi, chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let all be written to the chat with Ada, however fast."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    api.rates = False
    assert chat.id == 1


@pytest.mark.parametrize(
    ("failure", "kind", "words"),
    [
        (failures.flood(7), RetryAfter, "7"),
        (failures.server_error(500), NetworkError, "Internal Server Error"),
        (failures.proxy_page(502), NetworkError, "Bad Gateway"),
        (failures.reset(), NetworkError, "ReadError|RemoteProtocolError"),
        (failures.BLOCKED, Forbidden, "bot was blocked by the user"),
        (failures.KICKED, Forbidden, "bot was kicked from the supergroup chat"),
        (failures.DEACTIVATED, Forbidden, "user is deactivated"),
        (failures.CHAT_GONE, BadRequest, "Chat not found"),
        (failures.UNDELETABLE, BadRequest, "can't be deleted"),
        (failures.EDIT_TARGET_GONE, BadRequest, "to edit not found"),
        (failures.PRESS_TOO_OLD, BadRequest, "Query is too old"),
        (failures.CONFLICT, Conflict, "terminated by other getUpdates"),
        (failures.migrated(-100), ChatMigrated, "-100"),
    ],
)
async def test_a_failure_is_what_the_client_makes_of_the_real_one(
    api: BotApi, bot: Bot, chat: Chat, failure: Failure, kind: type[TelegramError], words: str
) -> None:
    api.fail("sendMessage", failure)
    with pytest.raises(kind, match=words) as raised:
        await bot.send_message(1, "a")
    assert type(raised.value) is kind
    assert api.screen(chat) == []
    await bot.send_message(1, "b")
    assert len(api.screen(chat)) == 1


async def test_failures_are_planned_by_method_chat_and_contents(api: BotApi, bot: Bot) -> None:
    mina = api.private(api.person(2, "Mina"))
    api.fail("sendMessage", failures.BLOCKED, chat=mina)
    api.fail("sendMessage", failures.CHAT_GONE, None, when=lambda params: params["text"] == "c")
    await bot.send_message(1, "a")
    await bot.send_chat_action(2, "typing")
    with pytest.raises(Forbidden):
        await bot.send_message(2, "a")
    await bot.send_message(2, "b")
    for _ in range(3):
        with pytest.raises(BadRequest):
            await bot.send_message(1, "c")
    api.heal()
    await bot.send_message(1, "c")


async def test_a_failure_of_something_needs_that_something(api: BotApi, bot: Bot) -> None:
    api.fail("sendMessage", failures.ENTITIES_REFUSED, None)
    api.fail("sendMessage", failures.REPLY_TARGET_GONE, None)
    api.fail("sendMessage", failures.TOPIC_GONE, None)
    await bot.send_message(1, "a")
    leniently = ReplyParameters(7, allow_sending_without_reply=True)
    await bot.send_message(1, "a", reply_parameters=leniently)
    with pytest.raises(BadRequest, match="replied not found"):
        await bot.send_message(1, "a", reply_parameters=ReplyParameters(7))
    with pytest.raises(BadRequest, match="Can't parse entities"):
        await bot.send_message(1, "a", entities=[MessageEntity("bold", 0, 1)])
    with pytest.raises(BadRequest, match="thread not found"):
        await bot.send_message(1, "a", message_thread_id=7)


async def test_what_is_done_may_get_no_answer(api: BotApi, bot: Bot, chat: Chat) -> None:
    api.fail("sendMessage", failures.lost())
    with pytest.raises(NetworkError):
        await bot.send_message(1, "a")
    (shown,) = api.screen(chat)
    api.fail("editMessageText", failures.lost())
    with pytest.raises(NetworkError):
        await bot.edit_message_text("b", 1, shown.id)
    with pytest.raises(BadRequest, match="not modified"):
        await bot.edit_message_text("b", 1, shown.id)
    assert api.violations == [], "the bot could not know"


@pytest.mark.parametrize("deeds", [0, 1])
async def test_silence_lasts_until_the_client_gives_up(api: BotApi, chat: Chat, deeds: int) -> None:
    api.fail("sendMessage", failures.silence(acted=bool(deeds)))
    async with client(api, patience=0.05) as bot:
        with pytest.raises(TimedOut):
            await bot.send_message(1, "a")
        await bot.get_me()
    assert len(api.screen(chat)) == deeds


@pytest.mark.parametrize("deeds", [0, 1])
async def test_silence_lasts_until_it_is_released(
    api: BotApi, bot: Bot, chat: Chat, deeds: int
) -> None:
    api.fail("sendMessage", failures.silence(acted=bool(deeds)))
    sending = asyncio.create_task(bot.send_message(1, "a"))
    await api.until(lambda: api.called("sendMessage"))
    assert len(api.screen(chat)) == deeds
    api.release()
    assert (await sending).text == "a"
    assert len(api.screen(chat)) == 1


async def test_a_network_that_is_down_refuses_until_it_is_up(
    api: BotApi, bot: Bot, ada: Person, chat: Chat
) -> None:
    polling = asyncio.create_task(bot.get_updates(timeout=30))
    await api.until(lambda: api.called("getUpdates"))
    api.down()
    with pytest.raises(NetworkError):
        await polling
    with pytest.raises(NetworkError, match="ConnectError"):
        await bot.send_message(1, "a")
    ada.says(chat, "meanwhile")
    api.up()
    assert len(await bot.get_updates()) == 1


async def test_a_black_hole_takes_all_and_does_nothing(api: BotApi, chat: Chat) -> None:
    async with client(api, patience=0.05) as bot:
        api.black_hole()
        with pytest.raises(TimedOut):
            await bot.send_message(1, "a")
        assert api.called("sendMessage") == []
        api.up()
        await bot.send_message(1, "b")
    assert [each.text for each in api.screen(chat)] == ["b"]


async def test_a_black_hole_swallows_an_answer_under_way(api: BotApi, chat: Chat) -> None:
    api.fail("sendMessage", failures.silence())
    async with client(api, patience=0.2) as bot:
        sending = asyncio.create_task(bot.send_message(1, "a"))
        await api.until(lambda: api.called("sendMessage"))
        api.black_hole()
        api.release()
        with pytest.raises(TimedOut):
            await sending
    assert [each.text for each in api.screen(chat)] == ["a"]


async def test_the_end_of_a_black_hole_breaks_what_it_swallowed(api: BotApi, bot: Bot) -> None:
    api.fail("sendMessage", failures.silence())
    sending = asyncio.create_task(bot.send_message(1, "a"))
    await api.until(lambda: api.called("sendMessage"))
    api.black_hole()
    api.up()
    with pytest.raises(NetworkError, match=r"ReadError|RemoteProtocolError"):
        await sending


async def test_connections_that_went_stale_are_silent_and_new_ones_are_not(
    api: BotApi, chat: Chat
) -> None:
    async with client(api, patience=0.05) as old, client(api) as new:
        api.go_stale()
        with pytest.raises(TimedOut):
            await old.send_message(1, "a")
        async with client(api) as fresh:
            await fresh.send_message(1, "b")
        await old.send_message(1, "c")
        del new
    assert [each.text for each in api.screen(chat)] == ["b", "c"]
