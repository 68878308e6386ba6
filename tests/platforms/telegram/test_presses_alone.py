"""Choices whose reply is for one alone."""

from bot.reply import Choice, Reply
from tests.doubles.telegram.api import BotApi
from tests.doubles.telegram.chats import Chat
from tests.doubles.telegram.people import Person
from tests.doubles.telegram_bot import TelegramBot


async def test_who_may_not_choose_learns_why_and_the_menu_stays_for_others(
    bot: TelegramBot, api: BotApi, mina: Person
) -> None:
    group = api.group(-100)
    bot.dialogue.answers |= {
        "why?": Reply("Sure?", choices=(Choice("Yes", "/yes"),)),
        "/yes": Reply("Not you.", refused=True),
    }
    async with bot.listening():
        mina.says(group, "@ostro_bot why?")
        (menu,) = await bot.until_answers(group, "Sure?")
        mina.presses(group, menu.id, "Yes")
        await api.until(lambda: api.toasts)
        await bot.until_confirmed()

    assert [one.text for one in api.toasts] == ["Not you."]
    assert [(one.text, one.labels, one.edits) for one in api.answers(group)] == [
        ("Sure?", ["Yes"], 0)
    ]


async def test_what_is_for_one_alone_goes_to_their_private_chat_and_the_menu_stays_for_others(
    bot: TelegramBot, api: BotApi, mina: Person, chat: Chat
) -> None:
    group = api.group(-100)
    secret = Reply("Only you.", choices=(Choice("No", "/no"),), private=True)
    bot.dialogue.answers |= {
        "why?": Reply("Sure?", choices=(Choice("Yes", "/yes"),)),
        "/yes": secret,
    }
    async with bot.listening():
        mina.says(group, "@ostro_bot why?")
        (menu,) = await bot.until_answers(group, "Sure?")
        mina.presses(group, menu.id, "Yes")
        (shown,) = await bot.until_answers(chat, "Only you.")
        await api.until(lambda: api.toasts)

    assert (shown.labels, shown.reply_to) == (["No"], None)
    assert [one.text for one in api.toasts] == [""]
    assert [(one.text, one.labels) for one in api.answers(group)] == [("Sure?", ["Yes"])]


async def test_in_private_what_is_for_one_alone_takes_the_menus_place(
    bot: TelegramBot, mina: Person, chat: Chat
) -> None:
    bot.dialogue.answers |= {
        "why?": Reply("Sure?", choices=(Choice("Yes", "/yes"),), private=True),
        "/yes": Reply("Only you.", private=True),
    }
    async with bot.listening():
        mina.says(chat, "why?")
        (menu,) = await bot.until_answers(chat, "Sure?")
        mina.presses(chat, menu.id, "Yes")
        (shown,) = await bot.until_answers(chat, "Only you.")

    assert (shown.id, shown.labels) == (menu.id, [])
