"""The double of the Bot API: what people do."""

import pytest
from telegram import Bot, CallbackQuery, Message, MessageOriginUser

from tests.doubles.telegram.api import BotApi
from tests.doubles.telegram.chats import Chat
from tests.doubles.telegram.people import Person


async def heard(bot: Bot) -> Message:
    """Return the last message that the bot is told of."""
    message = (await bot.get_updates())[-1].effective_message
    assert isinstance(message, Message)
    return message


async def test_mentions_and_commands_are_found_as_telegram_finds_them(
    bot: Bot, ada: Person, chat: Chat
) -> None:
    ada.says(chat, "👍 /ask@ostro_bot 뭐? @ostro_bot, a@b.example /ask요 @ostro_bot야")
    found = (await heard(bot)).parse_entities()
    assert [(each.type, text) for each, text in found.items()] == [
        ("bot_command", "/ask@ostro_bot"),
        ("mention", "@ostro_bot"),
    ]


async def test_a_reply_tells_the_message_and_the_quotation(
    bot: Bot, ada: Person, chat: Chat
) -> None:
    first = ada.says(chat, "👍 all is well")
    ada.says(chat, "really?", reply_to=first, quote="well", date=86_400)
    message = await heard(bot)
    assert message.reply_to_message is not None
    assert message.reply_to_message.message_id == first
    assert message.quote is not None
    assert (message.quote.text, message.quote.position) == ("well", 10)
    assert message.date.timestamp() == 86_400


async def test_a_forward_tells_its_source(api: BotApi, bot: Bot, ada: Person, chat: Chat) -> None:
    ada.says(chat, "news", forward_from=api.person(2, "Mina"))
    origin = (await heard(bot)).forward_origin
    assert isinstance(origin, MessageOriginUser)
    assert origin.sender_user.first_name == "Mina"
    for source in ("Somebody", api.channel(-1009), api.group(-1008)):
        ada.says(chat, "news", forward_from=source)
        assert (await heard(bot)).forward_origin is not None


async def test_in_a_topic_everything_answers_to_what_opened_it(
    api: BotApi, bot: Bot, ada: Person
) -> None:
    forum = api.group(-1001, forum=True)
    topic = api.topic(forum, ada, "Cats")
    ada.says(forum, "meow", topic=topic)
    message = await heard(bot)
    assert message.is_topic_message
    assert message.message_thread_id == topic
    assert message.reply_to_message is not None
    assert message.reply_to_message.forum_topic_created is not None


async def test_replies_in_a_group_are_a_thread_but_no_topic(
    api: BotApi, bot: Bot, ada: Person
) -> None:
    group = api.group(-1001)
    first = ada.says(group, "one")
    second = ada.says(group, "two", reply_to=first)
    ada.says(group, "three", reply_to=second)
    message = await heard(bot)
    assert message.message_thread_id == first
    assert not message.is_topic_message


async def test_each_chat_counts_its_messages_itself(api: BotApi, ada: Person, chat: Chat) -> None:
    group = api.group(-1001)
    assert [ada.says(chat, "one"), ada.says(chat, "two")] == [1, 2]
    assert [ada.says(group, "one"), ada.says(group, "two")] == [1, 2]


async def test_an_edit_is_told(bot: Bot, ada: Person, chat: Chat) -> None:
    ada.edits(chat, ada.says(chat, "/ask one"), "two")
    (_, update) = await bot.get_updates()
    assert update.edited_message is not None
    assert (update.edited_message.text, update.edited_message.entities) == ("two", ())
    assert update.edited_message.edit_date is not None


async def test_a_hidden_administrator_writes_as_the_group(api: BotApi, bot: Bot) -> None:
    group = api.group(-1001, "Cats")
    api.anonymous(group).says(group, "hello")
    message = await heard(bot)
    assert message.sender_chat is not None
    assert message.sender_chat.title == "Cats"


async def test_a_file_can_be_fetched(bot: Bot, ada: Person, chat: Chat) -> None:
    ada.sends_file(
        chat, "notes.md", "# 안녕".encode(), caption="read @ostro_bot", mime="text/plain"
    )
    message = await heard(bot)
    assert message.document is not None
    assert (message.document.file_name, message.document.mime_type) == ("notes.md", "text/plain")
    assert list(message.parse_caption_entities().values()) == ["@ostro_bot"]
    file = await message.document.get_file()
    assert bytes(await file.download_as_bytearray()).decode() == "# 안녕"


async def test_other_media_arrive(bot: Bot, ada: Person, chat: Chat) -> None:
    ada.sends_photo(chat, "look")
    ada.sends_voice(chat)
    ada.sends_sticker(chat)
    photo, voice, sticker = [each.message for each in await bot.get_updates()]
    assert photo is not None
    assert photo.photo
    assert photo.caption == "look"
    assert voice is not None
    assert voice.voice is not None
    assert sticker is not None
    assert sticker.sticker is not None


async def test_a_long_paste_arrives_in_messages_that_cut_no_character(
    bot: Bot, ada: Person, chat: Chat
) -> None:
    text = "a" + "👍" * 3000
    assert len(ada.pastes(chat, text)) == 2
    parts = [each.effective_message for each in await bot.get_updates()]
    told = [each.text or "" for each in parts if isinstance(each, Message)]
    assert "".join(told) == text
    assert len(told[0]) == 2048


async def test_a_press_is_told_with_its_message_and_answered_once(
    api: BotApi, bot: Bot, ada: Person, chat: Chat
) -> None:
    keyboard = {"inline_keyboard": [[{"text": "Stop", "callback_data": "stop:17"}]]}
    message = await bot.send_message(1, "one", api_kwargs={"reply_markup": keyboard})
    press = ada.presses(chat, message.message_id, "Stop")
    assert api.turning == [press]
    query = (await bot.get_updates())[-1].callback_query
    assert isinstance(query, CallbackQuery)
    assert (query.data, query.from_user.id) == ("stop:17", 1)
    await query.answer("stopped")
    assert [(each.person, each.text) for each in api.toasts] == [(1, "stopped")]
    assert api.turning == []


async def test_a_button_that_is_gone_can_be_pressed_late_only(
    api: BotApi, bot: Bot, ada: Person, chat: Chat
) -> None:
    keyboard = {"inline_keyboard": [[{"text": "Stop", "callback_data": "stop:17"}]]}
    message = await bot.send_message(1, "one", api_kwargs={"reply_markup": keyboard})
    await message.edit_text("two")
    assert api.answers(chat)[0].labels == []
    with pytest.raises(AssertionError, match="no button 'Stop'"):
        ada.presses(chat, message.message_id, "Stop")
    ada.presses(chat, message.message_id, "Stop", late=True)
