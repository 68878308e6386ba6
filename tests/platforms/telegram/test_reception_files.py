from bot.attachments import Remark
from bot.platforms.telegram.network import Timeouts
from bot.reply import Reply
from tests.doubles.telegram.api import BotApi
from tests.doubles.telegram.chats import Chat
from tests.doubles.telegram.failures import server_error, silence
from tests.doubles.telegram.people import Person
from tests.doubles.telegram_bot import TelegramBot, key, said
from tests.doubles.telegram_dialogue import answered


async def test_a_remark_is_said_once_however_often_its_message_comes(
    bot: TelegramBot, api: BotApi, mina: Person, chat: Chat
) -> None:
    mina.sends_voice(chat)
    waiting = api.unconfirmed
    for _ in range(2):
        async with bot.listening():
            await bot.until_confirmed()
        api.redeliver(waiting)

    assert [one.text for one in api.answers(chat)] == [said("ko", "media.nothing")]
    assert bot.dialogue.passed_over == [(key("7"), "700000001")]
    assert bot.dialogue.stored == []


async def test_a_caption_is_answered_behind_the_line_that_only_it_was_read(
    bot: TelegramBot, mina: Person, chat: Chat
) -> None:
    async with bot.listening():
        mina.sends_photo(chat, "/stats what is this?")
        await bot.until_answers(chat, said("ko", "media.caption"), "echo /stats what is this?")


async def test_a_text_file_is_a_part_of_its_message(
    bot: TelegramBot, mina: Person, chat: Chat
) -> None:
    bot.dialogue.remarks = (Remark("media.file_cut", {"name": "a.txt", "percent": 40}),)
    async with bot.listening():
        mina.sends_file(chat, "a.txt", "내용".encode(), "sum it up")
        await bot.until_answers(
            chat,
            said("ko", "media.file_cut", name="a.txt", percent=40),
            "echo sum it up\n\n[a.txt] 내용",
        )
        mina.sends_file(chat, "b.txt", b"alone")
        await bot.until(lambda: len(bot.taken) == 2)

    assert [one.text for one in bot.taken] == ["sum it up\n\n[a.txt] 내용", "[b.txt] alone"]


async def test_a_file_that_cannot_be_fetched_is_asked_for_again(
    bot: TelegramBot, api: BotApi, mina: Person, chat: Chat
) -> None:
    api.fail("getFile", server_error(), times=None)
    async with bot.listening():
        mina.sends_file(chat, "a.txt", b"text", "sum it up")
        await bot.until_answers(chat, said("ko", "media.file_failed", name="a.txt"))
        await bot.until_confirmed()

    assert bot.taken == []
    assert bot.dialogue.passed_over == [(key("7"), "700000001")]


async def test_a_file_is_remarked_on_once_more_only_where_an_edit_is_answered(
    bot: TelegramBot, mina: Person, chat: Chat
) -> None:
    bot.dialogue.remarks = (Remark("media.file_cut", {"name": "a.txt", "percent": 40}),)
    bot.dialogue.answers["b\n\n[a.txt] text"] = Reply("")
    bot.dialogue.answers["c\n\n[a.txt] text"] = Reply("Too late.")
    bot.dialogue.answers["d\n\n[a.txt] text"] = answered(17, "So.")
    cut = said("ko", "media.file_cut", name="a.txt", percent=40)
    async with bot.listening():
        message = mina.sends_file(chat, "a.txt", b"text", "a")
        await bot.until_answers(chat, cut, "echo a\n\n[a.txt] text")
        mina.edits(chat, message, "b")
        mina.edits(chat, message, "c")
        await bot.until_answers(chat, cut, "echo a\n\n[a.txt] text", "Too late.")
        mina.edits(chat, message, "d")
        await bot.api.until(lambda: len(bot.api.answers(chat)) == 5)

    assert {one.text for one in bot.api.answers(chat)[3:]} == {cut, "So."}


async def test_nothing_is_said_of_an_edit_whose_file_cannot_be_fetched(
    bot: TelegramBot, api: BotApi, mina: Person, chat: Chat
) -> None:
    async with bot.listening():
        message = mina.sends_file(chat, "a.txt", b"text", "a")
        await bot.until_answers(chat, "echo a\n\n[a.txt] text")
        api.fail("getFile", server_error(), times=None)
        mina.edits(chat, message, "b")
        await bot.until_confirmed()
        mina.says(chat, "/help")
        await bot.until_answers(chat, "echo a\n\n[a.txt] text", "echo /help")

    assert bot.dialogue.passed_over == [(key("7"), "700000002")]


async def test_a_file_that_hangs_delays_no_other_chat(
    bot: TelegramBot, api: BotApi, mina: Person, chat: Chat
) -> None:
    noah = api.person(8, "Noah")
    api.fail("getFile", silence())
    async with bot.listening(timeouts=Timeouts(poll=1)):
        mina.sends_file(chat, "a.txt", b"text")
        await api.until(lambda: api.called("getFile"))
        noah.says(api.private(noah), "hello")
        await bot.until_answers(api.private(noah), "echo hello")
        assert bot.dialogue.texts == ["hello"]
        api.release()
        await bot.until(lambda: len(bot.taken) == 2)
        await bot.until_confirmed()
