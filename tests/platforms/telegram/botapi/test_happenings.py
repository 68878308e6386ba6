"""The double of the Bot API: what happens around the bot, and what it hears of that."""

import pytest
from telegram import Bot, ReplyParameters
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
)

from tests.doubles.telegram.api import BotApi
from tests.doubles.telegram.chats import Chat
from tests.doubles.telegram.people import Person

GROUP = -1001


@pytest.fixture(autouse=True)
def _unhurried(api: BotApi, chat: Chat) -> None:
    """Let all be written to the chat with Ada, however fast."""
    api.rates = False
    assert chat.id == 1


async def test_who_blocks_the_bot_hears_nothing_of_it(
    api: BotApi, bot: Bot, ada: Person, chat: Chat
) -> None:
    ada.blocks(chat)
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(1, "a")
    change = (await bot.get_updates())[-1].my_chat_member
    assert change is not None
    assert change.new_chat_member.status == "kicked"
    ada.unblocks(chat)
    await bot.send_message(1, "a")
    api.deactivate(chat)
    with pytest.raises(Forbidden, match="user is deactivated"):
        await bot.send_message(1, "a")


async def test_a_group_that_removes_the_bot_forbids_it(api: BotApi, bot: Bot, ada: Person) -> None:
    ada.blocks(api.group(GROUP))
    with pytest.raises(Forbidden, match="bot was kicked from the supergroup chat"):
        await bot.send_chat_action(GROUP, "typing")


async def test_a_deleted_message_is_not_found(
    api: BotApi, bot: Bot, ada: Person, chat: Chat
) -> None:
    question = ada.says(chat, "q")
    message = await bot.send_message(1, "a")
    api.delete_message(chat, message.message_id)
    api.delete_message(chat, question)
    with pytest.raises(BadRequest, match="to edit not found"):
        await message.edit_text("b")
    with pytest.raises(BadRequest, match="to delete not found"):
        await message.delete()
    with pytest.raises(BadRequest, match="replied not found"):
        await bot.send_message(1, "a", reply_parameters=ReplyParameters(question))


async def test_topics_can_be_closed_and_can_vanish(api: BotApi, bot: Bot, ada: Person) -> None:
    forum = api.group(GROUP, forum=True)
    topic = api.topic(forum, ada)
    message = await bot.send_message(GROUP, "a", message_thread_id=topic)
    assert message.message_thread_id == topic
    api.close_topic(forum, topic)
    with pytest.raises(BadRequest, match="Topic_closed"):
        await bot.send_message(GROUP, "a", message_thread_id=topic)
    api.vanish_topic(forum, topic)
    with pytest.raises(BadRequest, match="thread not found"):
        await bot.send_message(GROUP, "a", message_thread_id=topic)
    with pytest.raises(BadRequest, match="to edit not found"):
        await message.edit_text("b")


async def test_an_answer_stands_in_the_topic_of_what_it_answers(
    api: BotApi, bot: Bot, ada: Person
) -> None:
    forum = api.group(GROUP, forum=True)
    topic = api.topic(forum, ada)
    question = ada.says(forum, "q", topic=topic)
    await bot.send_message(GROUP, "a", reply_parameters=ReplyParameters(question))
    await bot.send_message(GROUP, "b")
    assert [each.text for each in api.answers(forum, topic)] == ["a"]


async def test_a_group_that_becomes_a_supergroup_says_where(
    api: BotApi, bot: Bot, ada: Person
) -> None:
    old = api.group(-5, "Cats", basic=True)
    new = api.migrate(old, GROUP, by=ada)
    messages = [each.message for each in await bot.get_updates()]
    assert [each and (each.migrate_to_chat_id, each.migrate_from_chat_id) for each in messages] == [
        (GROUP, None),
        (None, -5),
    ]
    with pytest.raises(ChatMigrated) as raised:
        await bot.send_message(-5, "a")
    assert raised.value.new_chat_id == new.id


async def test_a_press_can_be_too_old(bot: Bot) -> None:
    with pytest.raises(BadRequest, match="Query is too old"):
        await bot.answer_callback_query("1")


async def test_who_adds_and_promotes_the_bot_is_told(api: BotApi, bot: Bot, ada: Person) -> None:
    group = api.group(GROUP)
    ada.adds(group)
    ada.promotes(group)
    ada.blocks(group)
    ada.adds(group, "kicked")
    api.anonymous(group).adds(group)
    changes = [each.my_chat_member for each in await bot.get_updates()]
    told = [
        (each.old_chat_member.status, each.new_chat_member.status, each.from_user.is_bot)
        for each in changes
        if each is not None
    ]
    assert told == [
        ("left", "member", False),
        ("member", "administrator", False),
        ("member", "kicked", False),
        ("kicked", "member", False),
        ("left", "member", True),
    ]
    await bot.send_message(GROUP, "a")


async def test_what_somebody_is_in_a_group_can_be_asked(api: BotApi, bot: Bot, ada: Person) -> None:
    owner, admin = api.person(2, "Owner"), api.person(3, "Admin")
    group = api.group(GROUP, admins=(owner, admin), owned=True)
    ada.says(group, "hello")
    members = [await bot.get_chat_member(GROUP, one.id) for one in (owner, admin, ada)]
    assert [each.status for each in members] == ["creator", "administrator", "member"]
    with pytest.raises(BadRequest, match="Participant_id_invalid"):
        await bot.get_chat_member(GROUP, 4)


async def test_any_data_can_be_forged(bot: Bot, ada: Person, chat: Chat) -> None:
    message = await bot.send_message(1, "a")
    press = ada.forges(chat, message.message_id, "/admin reset all")
    query = (await bot.get_updates())[-1].callback_query
    assert query is not None
    assert (query.id, query.data) == (press, "/admin reset all")
