"""What is done when the bot is added somewhere, and when it is removed."""

import pytest

from bot.message import Author
from bot.reply import Reply
from storage.errors import StorageFullError
from tests.doubles.telegram.api import BotApi
from tests.doubles.telegram.chats import Chat
from tests.doubles.telegram.people import Person
from tests.doubles.telegram_bot import TelegramBot, key
from tests.doubles.telegram_dialogue import Entry

ENTRY = Entry(key("-100"), "Friends", Author("7", "Mina", "ko"))


@pytest.mark.parametrize("before", ["left", "kicked", "away"])
@pytest.mark.parametrize("basic", [False, True])
async def test_who_adds_the_bot_to_a_group_is_told_and_a_line_is_said_there(
    bot: TelegramBot, api: BotApi, mina: Person, before: str, *, basic: bool
) -> None:
    group = api.group(-100, basic=basic)
    bot.dialogue.welcome = Reply("Hello.")
    async with bot.listening():
        mina.adds(group, before)
        (shown,) = await bot.until_answers(group, "Hello.")
        await bot.until_confirmed()

    assert bot.dialogue.entries == [ENTRY]
    assert shown.reply_to is None


async def test_where_there_is_nothing_to_say_nothing_is_said(
    bot: TelegramBot, api: BotApi, mina: Person
) -> None:
    async with bot.listening():
        mina.adds(api.group(-100))
        await bot.until_confirmed()

    assert bot.dialogue.entries == [ENTRY]
    assert not api.called("sendMessage")


async def test_an_administrator_who_hides_is_nobody_who_adds_the_bot(
    bot: TelegramBot, api: BotApi
) -> None:
    group = api.group(-100)
    async with bot.listening():
        api.anonymous(group).adds(group)
        await bot.until_confirmed()

    assert bot.dialogue.entries == [Entry(key("-100"), "Friends", None)]


async def test_other_rights_in_a_group_change_nothing(
    bot: TelegramBot, api: BotApi, mina: Person
) -> None:
    group = api.group(-100)
    async with bot.listening():
        mina.promotes(group)
        mina.restricts(group, removed=False)
        mina.adds(group, "restricted")
        await bot.until_confirmed()

    assert (bot.dialogue.entries, bot.dialogue.gone) == ([], [])


async def test_who_begins_or_unblocks_a_private_chat_adds_nothing(
    bot: TelegramBot, mina: Person, chat: Chat
) -> None:
    async with bot.listening():
        mina.unblocks(chat)
        await bot.until_confirmed()

    assert bot.dialogue.entries == []


async def test_a_channel_is_no_group(bot: TelegramBot, api: BotApi, mina: Person) -> None:
    async with bot.listening():
        mina.adds(api.channel(-100))
        await bot.until_confirmed()

    assert bot.dialogue.entries == []


async def test_that_the_bot_was_added_is_told_once_however_often_it_comes(
    bot: TelegramBot, api: BotApi, mina: Person
) -> None:
    group = api.group(-100)
    bot.dialogue.welcome = Reply("Hello.")
    mina.adds(group)
    added = api.unconfirmed
    async with bot.listening():
        await bot.until_answers(group, "Hello.")
        await bot.until_confirmed()
    api.redeliver(added)
    async with bot.listening():
        await bot.until_confirmed()

    assert bot.dialogue.entries == [ENTRY]
    assert len(api.answers(group)) == 1


async def test_that_the_bot_was_added_is_told_again_where_it_could_not_be_stored(
    bot: TelegramBot, api: BotApi, mina: Person
) -> None:
    group = api.group(-100)
    bot.dialogue.welcome = Reply("Hello.")
    bot.dialogue.troubles = [StorageFullError("the disk is full")] * 2
    async with bot.listening():
        mina.adds(group)
        await bot.until_answers(group, "Hello.")
        await bot.until_confirmed()

    assert bot.dialogue.entries == [ENTRY]


async def test_who_is_removed_and_added_again_is_told_of_both(
    bot: TelegramBot, api: BotApi, mina: Person
) -> None:
    group = api.group(-100)
    async with bot.listening():
        mina.blocks(group)
        mina.adds(group, "kicked")
        await bot.until_confirmed()

    assert (bot.dialogue.gone, bot.dialogue.entries) == ([key("-100")], [ENTRY])
