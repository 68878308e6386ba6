"""The double of the Bot API: what Telegram refuses, and what it lets pass but should not be."""

from collections.abc import Awaitable, Callable

import pytest
from telegram import Bot, BotCommandScope, BotCommandScopeChat, MessageEntity
from telegram.error import BadRequest, Forbidden, InvalidToken

from tests.doubles.telegram.api import BotApi
from tests.doubles.telegram.chats import Chat
from tests.doubles.telegram.client import client
from tests.doubles.telegram.people import Person
from tests.doubles.telegram.wire import Json

Deed = Callable[[Bot], Awaitable[object]]


@pytest.fixture(autouse=True)
def _unhurried(api: BotApi, chat: Chat) -> None:
    """Let all be written to the chat with Ada, however fast."""
    api.rates = False
    assert chat.id == 1


def blamed(api: BotApi) -> str:
    """Return the one rule that was broken, and forgive it."""
    (violation,) = api.violations
    api.violations.clear()
    return violation


def entity(offset: int, length: int, kind: str = "bold") -> MessageEntity:
    return MessageEntity(kind, offset, length)


def with_data(data: str) -> Json:
    keyboard = {"inline_keyboard": [[{"text": "Stop", "callback_data": data}]]}
    return {"reply_markup": keyboard}


@pytest.mark.parametrize(
    ("deed", "words", "blame"),
    [
        (lambda bot: bot.send_message(1, "👍" * 2049), "too long", "text of 4098 UTF-16 units"),
        (lambda bot: bot.send_message(1, " \n"), "text is empty", "empty text"),
        (lambda bot: bot.send_message(2, "a"), "Chat not found", "does not exist: 2"),
        (
            lambda bot: bot.send_message(1, "👍", entities=[entity(0, 3)]),
            "ends after the end of the text",
            "outside of the text",
        ),
        (
            lambda bot: bot.send_message(1, "👍a", entities=[entity(1, 2)]),
            "in a middle of",
            "cuts a character",
        ),
        (
            lambda bot: bot.send_message(1, "a👍", entities=[entity(0, 2)]),
            "in a middle of",
            "cuts a character",
        ),
        (
            lambda bot: bot.send_message(1, "a", api_kwargs=with_data("가" * 21 + "aa")),
            "Button_data_invalid",
            "65 bytes",
        ),
        (
            lambda bot: bot.answer_callback_query("1", "a" * 201),
            "Message_too_long",
            "201 UTF-16 units",
        ),
        (
            lambda bot: bot.send_message(1, "a", message_thread_id=7),
            "Message thread not found",
            "has no topics",
        ),
        (
            lambda bot: bot.set_my_commands([("Ask", "asks")]),
            "Bot_command_invalid",
            "command that cannot be",
        ),
        (
            lambda bot: bot.set_my_commands([("ask", "asks")], language_code="korean"),
            "Invalid language code",
            "language code that is none",
        ),
        (
            lambda bot: bot.send_document(1, b"a", caption="a" * 1025),
            "too long",
            "text of 1025",
        ),
        (lambda bot: bot.get_file("nonsense"), "Invalid file_id", "file that does not exist"),
    ],
)
async def test_what_is_refused_is_a_fault_too(
    api: BotApi, bot: Bot, deed: Deed, words: str, blame: str
) -> None:
    with pytest.raises(BadRequest, match=words):
        await deed(bot)
    assert blame in blamed(api)


@pytest.mark.parametrize(
    ("entities", "blame"),
    [
        ([entity(0, 1)] * 101, "101 entities"),
        ([entity(0, 0)], "entity of nothing"),
        ([entity(3, 1), entity(0, 1)], "out of order"),
        ([entity(0, 1), entity(0, 5)], "out of order"),
        ([entity(0, 3), entity(2, 3, "italic")], "overlap in part"),
        ([entity(0, 3), entity(1, 1, "code")], "code inside of another"),
        ([entity(0, 3, "pre"), entity(1, 1)], "inside of code"),
        ([entity(0, 3, "blockquote"), entity(1, 1, "blockquote")], "quotation inside"),
    ],
)
async def test_what_is_shown_otherwise_than_meant_is_a_fault(
    api: BotApi, bot: Bot, entities: list[MessageEntity], blame: str
) -> None:
    await bot.send_message(1, "abcdef", entities=entities)
    assert blame in blamed(api)


async def test_parse_mode_is_a_fault(api: BotApi, bot: Bot) -> None:
    await bot.send_message(1, "*a*", parse_mode="MarkdownV2")
    assert "parse_mode" in blamed(api)


async def test_an_unknown_method_is_a_fault(api: BotApi, bot: Bot) -> None:
    with pytest.raises(InvalidToken, match="method not found"):
        await bot.send_dice(1)
    assert "unknown method: sendDice" in blamed(api)


async def test_what_is_within_the_rules_is_shown(api: BotApi, bot: Bot, chat: Chat) -> None:
    text = "가👍 code \n" + "a" * 4086
    entities = [entity(0, 8, "blockquote"), entity(0, 3), entity(4, 4, "code")]
    entities += [entity(20 + each, 1) for each in range(97)]
    await bot.send_message(1, text, entities=entities, api_kwargs=with_data("a" * 64))
    (shown,) = api.answers(chat)
    assert shown.text == text
    assert shown.parts("code") == ["code"]
    assert shown.parts("bold")[0] == "가👍"
    assert shown.buttons[0].data == "a" * 64


async def test_white_space_around_a_text_is_cut(api: BotApi, bot: Bot, chat: Chat) -> None:
    await bot.send_message(1, "\n  a b\n", entities=[entity(5, 2)])
    (shown,) = api.answers(chat)
    assert (shown.text, shown.parts("bold")) == ("a b", ["b"])
    with pytest.raises(BadRequest, match="not modified"):
        await bot.edit_message_text("a b ", 1, shown.id, entities=[entity(2, 1)])
    assert "changes nothing" in blamed(api)


async def test_an_edit_has_to_change_something(api: BotApi, bot: Bot, chat: Chat) -> None:
    message = await bot.send_message(1, "a", api_kwargs=with_data("stop:1"))
    await message.edit_text("a")
    assert api.answers(chat)[0].buttons == ()
    with pytest.raises(BadRequest, match="exactly the same as a current content"):
        await message.edit_reply_markup()
    assert "changes nothing" in blamed(api)
    await message.edit_text("a", entities=[entity(0, 1)])
    assert api.answers(chat)[0].edits == 2


async def test_a_bot_that_starts_anew_may_repeat_its_last_edit(api: BotApi, bot: Bot) -> None:
    message = await bot.send_message(1, "a")
    async with client(api) as restarted:
        for _ in range(2):
            assert not api.violations
            with pytest.raises(BadRequest, match="not modified"):
                await restarted.edit_message_text("a", 1, message.message_id)
    assert "changes nothing" in blamed(api)


async def test_a_bot_changes_only_its_own_messages(
    api: BotApi, bot: Bot, ada: Person, chat: Chat
) -> None:
    message = ada.says(chat, "mine")
    with pytest.raises(BadRequest, match="can't be edited"):
        await bot.edit_message_text("yours", 1, message)
    assert "not the bot's" in blamed(api)


async def test_others_messages_in_groups_are_deleted_by_administrators(
    api: BotApi, bot: Bot, ada: Person
) -> None:
    group = api.group(-1001, admins=(ada,))
    message = ada.says(group, "mine")
    with pytest.raises(BadRequest, match="can't be deleted"):
        await bot.delete_message(-1001, message)
    group.admins.append(bot.id)
    await bot.delete_message(-1001, message)
    assert api.screen(group) == []


async def test_administrators_are_told_from_members(api: BotApi, bot: Bot, ada: Person) -> None:
    group = api.group(-1001, admins=(ada,))
    api.person(2, "Mina").says(group, "hello")
    assert [each.user.id for each in await bot.get_chat_administrators(-1001)] == [1]
    assert (await bot.get_chat_member(-1001, 1)).status == "administrator"
    assert (await bot.get_chat_member(-1001, 2)).status == "member"


async def test_menus_are_kept_by_scope_and_language(api: BotApi, bot: Bot) -> None:
    await bot.set_my_commands([("ask", "asks")])
    await bot.set_my_commands([("ask", "물어요")], language_code="ko")
    await bot.set_my_commands([("ask", "here")], scope=BotCommandScopeChat(1))
    assert api.menus == {
        ("default", ""): {"ask": "asks"},
        ("default", "ko"): {"ask": "물어요"},
        ("chat:1", ""): {"ask": "here"},
    }
    assert (await bot.get_my_commands(language_code="ko"))[0].description == "물어요"
    await bot.delete_my_commands()
    await bot.delete_my_commands(scope=BotCommandScopeChat(1))
    assert set(api.menus) == {("default", "ko")}


async def test_menus_of_a_chat_need_one_that_the_bot_knows(
    api: BotApi, bot: Bot, ada: Person, chat: Chat
) -> None:
    for number in (1, 2):
        ada.blocks(chat)
        with pytest.raises((BadRequest, Forbidden)):
            await bot.set_my_commands([("ask", "here")], scope=BotCommandScopeChat(number))
        with pytest.raises((BadRequest, Forbidden)):
            await bot.delete_my_commands(scope=BotCommandScopeChat(number))
    assert api.menus == {}
    assert api.violations == []


@pytest.mark.parametrize("scope", ["nowhere", "chat", "chat_member"])
async def test_a_scope_that_is_none_is_a_mistake(api: BotApi, bot: Bot, scope: str) -> None:
    with pytest.raises(BadRequest, match="Invalid scope"):
        await bot.set_my_commands([("ask", "a")], scope=BotCommandScope(scope))
    assert [one.partition(":")[0] for one in api.violations] == ["a scope that is none"]
    api.violations.clear()


async def test_silent_messages_do_not_ring_and_files_have_names(
    api: BotApi, bot: Bot, ada: Person, chat: Chat
) -> None:
    question = ada.says(chat, "hello")
    await bot.send_message(1, "[1]", disable_notification=True, reply_to_message_id=question)
    await bot.send_document(
        1, b"# a", filename="a.md", caption="the export", disable_notification=False
    )
    first, second = api.answers(chat)
    assert (first.text, first.silent, first.reply_to) == ("[1]", True, question)
    assert (second.text, second.silent, second.document) == ("the export", False, "a.md")
    assert api.rings(chat) == 1
