from bot.reply import Reply
from storage.errors import StorageFullError
from tests.doubles.telegram.api import BotApi
from tests.doubles.telegram.chats import Chat
from tests.doubles.telegram.failures import BLOCKED, MUTED, flood, migrated
from tests.doubles.telegram.people import Person
from tests.doubles.telegram_bot import STRANGER, TelegramBot, key
from tests.doubles.telegram_dialogue import answered


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


async def test_that_the_bot_was_blocked_is_told_once_however_often_it_comes(
    bot: TelegramBot, api: BotApi, mina: Person, chat: Chat
) -> None:
    mina.blocks(chat)
    blocked = api.unconfirmed
    async with bot.listening():
        await bot.until_confirmed()
    mina.unblocks(chat)
    api.redeliver(blocked)
    async with bot.listening():
        await bot.until_confirmed()

    assert bot.dialogue.gone == [key("7")]


async def test_that_the_bot_was_removed_is_told_again_where_it_could_not_be_stored(
    bot: TelegramBot, mina: Person, chat: Chat
) -> None:
    bot.dialogue.troubles = [StorageFullError("the disk is full")] * 2
    async with bot.listening():
        mina.blocks(chat)
        await bot.until_confirmed()

    assert bot.dialogue.gone == [key("7")]


async def test_a_group_that_restricts_the_bot_is_left_only_where_it_is_removed_too(
    bot: TelegramBot, api: BotApi, mina: Person
) -> None:
    async with bot.listening():
        mina.restricts(api.group(-100), removed=False)
        mina.restricts(api.group(-200), removed=True)
        await bot.until_confirmed()

    assert bot.dialogue.gone == [key("-200")]


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


async def test_a_wait_that_is_asked_for_goes_with_a_group_that_becomes_another(
    bot: TelegramBot, api: BotApi, mina: Person
) -> None:
    old = api.group(-5, basic=True)
    api.fail("sendMessage", flood(100), chat=old)
    async with bot.listening():
        mina.says(old, "@ostro_bot hello")
        await api.until(lambda: api.called("sendMessage"))
        new = api.migrate(old, -100, mina)
        mina.says(new, "@ostro_bot again")
        await api.until(lambda: len(api.answers(new)) == 2)

    assert api.called("sendMessage", new)[0].at - api.called("sendMessage", old)[0].at >= 100


async def test_what_is_said_in_a_group_waits_like_an_answer_that_has_followed_it_there(
    bot: TelegramBot, api: BotApi, mina: Person
) -> None:
    old, new = api.group(-5, basic=True), api.group(-100)
    api.fail("sendMessage", migrated(new.id), chat=old)
    api.fail("sendMessage", flood(100), chat=new)
    bot.dialogue.answers["why?"] = answered(17, "Because.")
    async with bot.listening():
        mina.says(old, "@ostro_bot why?")
        await api.until(lambda: api.called("sendMessage", new))
        mina.says(new, "@ostro_bot hello")
        await api.until(lambda: len(api.answers(new)) == 2)
    first, second = api.called("sendMessage", new)[:2]

    assert second.at - first.at >= 100


async def test_a_group_where_the_bot_may_not_write_for_now_is_not_left(
    bot: TelegramBot, api: BotApi, mina: Person
) -> None:
    group = api.group(-100)
    api.fail("sendMessage", MUTED, chat=group)
    async with bot.listening():
        mina.says(group, "@ostro_bot hello")
        await api.until(lambda: api.called("sendMessage", group))
        mina.says(group, "@ostro_bot again")
        await bot.until_answers(group, "echo again")

    assert bot.dialogue.gone == []
