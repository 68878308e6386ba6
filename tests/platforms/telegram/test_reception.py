from bot.delivery.stream import AnswerStream, Ended, Phase
from bot.reply import Document, Reply
from storage.errors import StorageFullError
from tests.doubles.telegram.api import BotApi
from tests.doubles.telegram.chats import Chat
from tests.doubles.telegram.failures import flood
from tests.doubles.telegram.people import Person
from tests.doubles.telegram_bot import TelegramBot, key, said


async def test_a_message_is_taken_in_and_its_reply_sent(
    bot: TelegramBot, mina: Person, chat: Chat
) -> None:
    async with bot.listening():
        message = mina.says(chat, "/help")
        await bot.until_answers(chat, "echo /help")
        await bot.until_confirmed()
    (taken,) = bot.taken

    assert (taken.chat, taken.author.native_id, taken.text) == (key("7"), "7", "/help")
    assert (taken.event_id, taken.message_id) == ("700000001", str(message))
    assert bot.notices == ["Telegram: @ostro_bot is listening"]


async def test_an_answer_is_shown_while_it_is_made_and_noted_when_it_is_whole(
    bot: TelegramBot, mina: Person, chat: Chat
) -> None:
    stream = AnswerStream(17)
    bot.dialogue.answers["why?"] = stream
    async with bot.listening():
        mina.says(chat, "why?")
        await bot.until(lambda: bot.dialogue.stored)
        stream.update(phase=Phase.ANSWERING, text="Because it has always been so. And ")
        await bot.api.until(lambda: bot.api.answers(chat))
        stream.end(Ended.STOP, "Because it has always been so. And so on.")
        (shown,) = await bot.until_answers(chat, "Because it has always been so. And so on.")
        await bot.until(lambda: bot.ledger.seen)

    assert shown.labels == [said("ko", "button.retry")]
    assert bot.ledger.seen[0][0] == 17


async def test_the_handler_waits_for_nothing_that_is_sent(
    bot: TelegramBot, api: BotApi, mina: Person, chat: Chat
) -> None:
    api.fail("sendMessage", flood(10_000))
    async with bot.listening():
        mina.says(chat, "one")
        mina.says(chat, "two")
        await bot.until_confirmed()

    assert bot.dialogue.texts == ["one", "two"]


async def test_an_edit_is_told_as_one(bot: TelegramBot, mina: Person, chat: Chat) -> None:
    async with bot.listening():
        message = mina.says(chat, "waht?")
        await bot.until_answers(chat, "echo waht?")
        mina.edits(chat, message, "what?")
        await bot.until_answers(chat, "echo waht?", "edited what?")

    assert [(one.message_id, one.text) for one in bot.dialogue.edits] == [(str(message), "what?")]


async def test_a_stream_that_is_followed_already_is_shown_once(
    bot: TelegramBot, mina: Person, chat: Chat
) -> None:
    bot.dialogue.answers |= {"waht?": (stream := AnswerStream(17)), "what?": stream}
    async with bot.listening():
        message = mina.says(chat, "waht?")
        await bot.until(lambda: bot.dialogue.stored)
        mina.edits(chat, message, "what?")
        await bot.until(lambda: bot.dialogue.edits)
        stream.end(Ended.STOP, "That.")
        await bot.until_answers(chat, "That.")


async def test_a_message_that_always_fails_is_passed_over(
    bot: TelegramBot, mina: Person, chat: Chat
) -> None:
    bot.dialogue.troubles = [ValueError("no")] * 3
    async with bot.listening():
        mina.says(chat, "poison")
        mina.says(chat, "fine")
        await bot.until_answers(chat, "echo fine")
        await bot.until_confirmed()

    assert bot.dialogue.passed_over == [(key("7"), "700000001")]


async def test_a_message_that_could_not_be_stored_is_answered_once_it_can(
    bot: TelegramBot, mina: Person, chat: Chat
) -> None:
    bot.dialogue.troubles = [StorageFullError("the disk is full")] * 5
    async with bot.listening():
        mina.says(chat, "hello")
        await bot.until_answers(chat, "echo hello")
        await bot.until_confirmed()

    assert bot.dialogue.passed_over == []


async def test_an_export_is_a_file(bot: TelegramBot, api: BotApi, mina: Person, chat: Chat) -> None:
    bot.dialogue.answers["/export"] = Reply("", document=Document("talk.md", "# Talk"))
    async with bot.listening():
        mina.says(chat, "/export")
        await api.until(lambda: api.answers(chat))

    assert [one.document for one in api.answers(chat)] == ["talk.md"]
