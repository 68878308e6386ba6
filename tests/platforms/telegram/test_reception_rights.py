"""What the dialogue is told of the rights of those who speak and press in groups."""

import pytest

from bot.message import Incoming
from bot.reply import Choice, Reply
from tests.doubles.telegram.api import BotApi
from tests.doubles.telegram.chats import Chat
from tests.doubles.telegram.failures import server_error
from tests.doubles.telegram.people import Person
from tests.doubles.telegram_bot import STRANGER, TelegramBot

MENU = Reply("Sure?", choices=(Choice("Yes", "/clear yes"), Choice("Help", "/help")))


@pytest.fixture
def boss(api: BotApi) -> Person:
    return api.person(1, "Boss")


@pytest.fixture
def group(api: BotApi, boss: Person) -> Chat:
    return api.group(-100, admins=(boss,), owned=True)


def rights(bot: TelegramBot) -> list[tuple[str, bool]]:
    """Return what was taken in, and whether its author may put the place in order."""
    return [(one.text, one.manages) for one in bot.taken]


async def test_a_command_for_all_says_whether_its_author_is_an_administrator(
    bot: TelegramBot, boss: Person, mina: Person, group: Chat
) -> None:
    async with bot.listening():
        boss.says(group, "/clear")
        mina.says(group, "/clear@ostro_bot")
        boss.says(group, "@ostro_bot /stop")
        await bot.until(lambda: len(bot.taken) == 3)

    assert rights(bot) == [("/clear", True), ("/clear@ostro_bot", False), ("/stop", True)]


async def test_nothing_is_asked_of_telegram_where_it_does_not_matter(
    bot: TelegramBot, api: BotApi, boss: Person, mina: Person, group: Chat
) -> None:
    stranger = api.person(STRANGER)
    async with bot.listening():
        message = boss.says(group, "@ostro_bot hello")
        boss.edits(group, message, "/clear@ostro_bot")
        boss.says(group, "/help")
        boss.says(group, "no /clear")
        stranger.says(group, "/clear")
        api.anonymous(group).says(group, "/clear")
        mina.says(api.private(mina), "/clear")
        await bot.until(lambda: len(bot.dialogue.stored) == 5)
        await bot.until_confirmed()

    assert not any(manages for _, manages in rights(bot))
    assert not api.called("getChatMember")


async def test_who_hides_behind_a_group_is_not_heard(
    bot: TelegramBot, api: BotApi, group: Chat
) -> None:
    async with bot.listening():
        api.anonymous(group).says(group, "/clear@ostro_bot")
        api.person(5, is_bot=True).says(group, "/clear@ostro_bot")
        await bot.until_confirmed()

    assert (bot.dialogue.stored, bot.dialogue.visitors) == ([], [])


async def test_while_telegram_does_not_tell_nobody_is_an_administrator(
    bot: TelegramBot, api: BotApi, boss: Person, group: Chat
) -> None:
    api.fail("getChatMember", server_error(), times=3)
    async with bot.listening():
        boss.says(group, "/clear")
        await bot.until(lambda: bot.taken)
        boss.says(group, "/clear yes")
        await bot.until(lambda: len(bot.taken) == 2)

    assert rights(bot) == [("/clear", False), ("/clear yes", True)]


async def test_who_opened_a_topic_manages_it_and_telegram_is_not_asked(
    bot: TelegramBot, api: BotApi, boss: Person, mina: Person
) -> None:
    forum = api.group(-200, forum=True)
    forum.members = {one.id: one.to_json() for one in (boss, mina)}
    topics = {one.id: api.topic(forum, one) for one in (boss, mina)}
    async with bot.listening():
        mina.says(forum, "/clear@ostro_bot", topic=topics[mina.id])
        await bot.until(lambda: bot.taken)
        before = len(api.called("getChatMember"))
        mina.says(forum, "/clear@ostro_bot", topic=topics[boss.id])
        await bot.until(lambda: len(bot.taken) == 2)

    assert [(one.manages, one.opens) for one in bot.taken] == [(True, True), (False, False)]
    assert (before, len(api.called("getChatMember"))) == (0, 1)


@pytest.mark.parametrize("is_boss", [True, False])
async def test_a_choice_in_a_group_says_so_too(
    bot: TelegramBot, api: BotApi, boss: Person, mina: Person, group: Chat, *, is_boss: bool
) -> None:
    bot.dialogue.answers["menu"] = MENU
    async with bot.listening():
        mina.says(group, "@ostro_bot menu")
        (menu,) = await bot.until_answers(group, "Sure?")
        (boss if is_boss else mina).presses(group, menu.id, "Yes")
        await bot.until_answers(group, "echo /clear yes")
        before = len(api.called("getChatMember"))

    (*_, chosen) = bot.taken
    assert isinstance(chosen, Incoming)
    assert (chosen.text, chosen.manages, before) == ("/clear yes", is_boss, 1)


async def test_a_choice_that_is_for_everyone_asks_nothing(
    bot: TelegramBot, api: BotApi, mina: Person, group: Chat
) -> None:
    bot.dialogue.answers["menu"] = MENU
    async with bot.listening():
        mina.says(group, "@ostro_bot menu")
        (menu,) = await bot.until_answers(group, "Sure?")
        mina.presses(group, menu.id, "Help")
        await bot.until_answers(group, "echo /help")

    assert not api.called("getChatMember")
