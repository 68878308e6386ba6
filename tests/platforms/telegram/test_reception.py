from bot.attachments import Remark
from bot.delivery.stream import AnswerStream, Ended, Phase
from bot.platforms.telegram.network import Timeouts
from bot.reply import Document, Reply
from storage.errors import StorageFullError
from tests.doubles.telegram.api import BotApi
from tests.doubles.telegram.chats import Chat
from tests.doubles.telegram.failures import BLOCKED, flood, server_error, silence
from tests.doubles.telegram.people import Person
from tests.doubles.telegram_bot import STRANGER, TelegramBot, key, said
from tests.doubles.telegram_dialogue import answered


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


async def test_a_remark_is_said_once_however_often_its_message_comes(
    bot: TelegramBot, api: BotApi, mina: Person, chat: Chat
) -> None:
    mina.sends_voice(chat)
    waiting = api.unconfirmed
    for _ in range(2):
        async with bot.listening():
            await bot.until_confirmed()
        with api._state.changes.change():
            api._state.updates._waiting = waiting

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


async def test_each_topic_is_a_chat_of_its_own(bot: TelegramBot, api: BotApi, mina: Person) -> None:
    forum = api.group(-100, forum=True)
    topics = [api.topic(forum, mina, name) for name in ("one", "two")]
    async with bot.listening():
        for topic in topics:
            mina.says(forum, f"@ostro_bot {topic}", topic=topic)
        await bot.until(lambda: len(bot.taken) == 2)
        await api.until(lambda: len(api.answers(forum)) == 2)

    assert {one.chat.native_id for one in bot.taken} == {f"-100/{topic}" for topic in topics}
    for topic in topics:
        assert [one.text for one in api.answers(forum, topic)] == [f"echo {topic}"]


async def test_what_others_say_in_a_group_is_confirmed_and_nothing_else(
    bot: TelegramBot, api: BotApi, mina: Person
) -> None:
    group = api.group(-100)
    async with bot.listening():
        mina.says(group, "hello everyone")
        api.joins(group, api.person(9))
        await bot.until_confirmed()

    assert (bot.dialogue.stored, bot.dialogue.passed_over) == ([], [])


async def test_for_strangers_nothing_is_fetched_remarked_or_stored(
    bot: TelegramBot, api: BotApi
) -> None:
    stranger = api.person(STRANGER)
    chat = api.private(stranger)
    bot.dialogue.answers["let me in"] = Reply("This is a private bot.")
    async with bot.listening():
        stranger.sends_photo(chat)
        stranger.sends_file(chat, "a.txt", b"text")
        message = stranger.says(chat, "let me in")
        stranger.edits(chat, message, "please")
        await bot.until_answers(chat, "This is a private bot.")
        await bot.until_confirmed()

    assert api.called("getFile") == []
    assert (bot.dialogue.passed_over, bot.dialogue.edits) == ([], [])


async def test_a_chat_that_blocks_or_removes_the_bot_is_left(
    bot: TelegramBot, api: BotApi, mina: Person, chat: Chat
) -> None:
    group = api.group(-100)
    async with bot.listening():
        mina.blocks(chat)
        mina.unblocks(chat)
        mina.blocks(group)
        await bot.until_confirmed()

    assert bot.dialogue.gone == [key("7"), key("-100")]


async def test_a_chat_is_left_when_nothing_can_be_sent_to_it(
    bot: TelegramBot, api: BotApi, mina: Person, chat: Chat
) -> None:
    api.fail("sendMessage", BLOCKED)
    async with bot.listening():
        mina.says(chat, "/help")
        await bot.until(lambda: bot.dialogue.gone)

    assert bot.dialogue.gone == [key("7")]


async def test_an_answer_for_nobody_is_undeliverable(
    bot: TelegramBot, api: BotApi, mina: Person, chat: Chat
) -> None:
    api.fail("sendMessage", BLOCKED, times=None)
    bot.dialogue.answers["why?"] = answered(17, "Because.")
    async with bot.listening():
        mina.says(chat, "why?")
        await bot.until(lambda: bot.dialogue.undelivered)

    assert bot.dialogue.undelivered == [17]


async def test_a_group_that_became_another_is_told(
    bot: TelegramBot, api: BotApi, mina: Person
) -> None:
    old = api.group(-5, basic=True)
    async with bot.listening():
        api.migrate(old, -100, mina)
        await bot.until_confirmed()

    assert bot.dialogue.moves == [(key("-5"), key("-100"))] * 2  # both chats tell it


async def test_a_reply_to_a_chat_that_moved_meanwhile_goes_there(
    bot: TelegramBot, api: BotApi, mina: Person
) -> None:
    old = api.group(-5, basic=True)
    async with bot.listening():
        mina.says(old, "@ostro_bot hello")
        new = api.migrate(old, -100, mina)
        await bot.until_answers(new, "echo hello")


async def test_an_export_is_a_file(bot: TelegramBot, api: BotApi, mina: Person, chat: Chat) -> None:
    bot.dialogue.answers["/export"] = Reply("", document=Document("talk.md", "# Talk"))
    async with bot.listening():
        mina.says(chat, "/export")
        await api.until(lambda: api.answers(chat))

    assert [one.document for one in api.answers(chat)] == ["talk.md"]
