import pytest

from bot.delivery.outlet import Button
from bot.message import Author, Press, Visitor
from bot.reply import Choice, Reply
from tests.doubles.telegram.api import BotApi
from tests.doubles.telegram.chats import Chat
from tests.doubles.telegram.people import Person
from tests.doubles.telegram_bot import STRANGER, TelegramBot, key, said
from tests.doubles.telegram_dialogue import answered


async def test_a_button_is_told_and_answered_to_the_one_who_pressed(
    bot: TelegramBot, api: BotApi, mina: Person, chat: Chat
) -> None:
    bot.dialogue.answers["why?"] = answered(17, "Because.")
    async with bot.listening():
        mina.says(chat, "why?")
        await bot.api.until(lambda: [one.labels for one in api.answers(chat)] == [["다시 답하기"]])
        (shown,) = api.answers(chat)
        press = mina.presses(chat, shown.id, "retry:17")
        await api.until(lambda: api.toasts)
        await bot.until_confirmed()
    told = bot.dialogue.stored[-1]

    assert told == Press(key("7"), "private", bot.taken[0].author, Button.RETRY, 17, "700000002")
    assert [(one.press, one.text) for one in api.toasts] == [(press, "pressed retry")]


async def test_what_a_press_begins_is_shown_in_place_of_what_was_there(
    bot: TelegramBot, api: BotApi, mina: Person, chat: Chat
) -> None:
    bot.dialogue.answers |= {"why?": answered(17, "Because."), "retry": answered(17, "So.")}
    async with bot.listening():
        mina.says(chat, "why?")
        await bot.api.until(lambda: any(one.labels for one in api.answers(chat)))
        (shown,) = api.answers(chat)
        mina.presses(chat, shown.id, "retry:17")
        await bot.until_answers(chat, "So.")

    assert [one.text for one in api.toasts] == [""]


async def test_a_press_in_a_group_leads_to_the_question_not_to_the_bot(
    bot: TelegramBot, api: BotApi, mina: Person
) -> None:
    group = api.group(-100)
    bot.dialogue.answers |= {
        "why?": Reply("Which?", choices=(Choice("One", "/one"),)),
        "/one": answered(18, "One."),
    }
    async with bot.listening():
        asked = mina.says(group, "@ostro_bot why?")
        (menu,) = await bot.until_answers(group, "Which?")
        mina.presses(group, menu.id, "One")
        _, answer = await bot.until_answers(group, "Which?", "One.")

    assert (menu.reply_to, answer.reply_to) == (asked, asked)
    assert (bot.taken[1].kind, bot.taken[1].title) == ("group", "Friends")


async def test_a_choice_is_its_command_and_the_menu_becomes_the_reply(
    bot: TelegramBot, api: BotApi, mina: Person, chat: Chat
) -> None:
    choices = (Choice("Two", "/persona two"),)
    bot.dialogue.answers["/persona"] = Reply("Who?", choices=choices)
    async with bot.listening():
        mina.says(chat, "/persona")
        (menu,) = await bot.until_answers(chat, "Who?")
        mina.presses(chat, menu.id, "Two")
        (shown,) = await bot.until_answers(chat, "echo /persona two")
        await api.until(lambda: api.toasts)
    taken = bot.taken[1]

    assert (shown.id, shown.labels) == (menu.id, [])
    assert (taken.text, taken.kind, taken.title) == ("/persona two", "private", "Mina")
    assert (taken.author.native_id, taken.event_id) == ("7", "700000002")


async def test_a_press_on_a_message_that_is_gone_is_told_too(
    bot: TelegramBot, api: BotApi, mina: Person, chat: Chat
) -> None:
    bot.dialogue.answers["why?"] = answered(17, "Because.")
    async with bot.listening():
        mina.says(chat, "why?")
        await bot.api.until(lambda: any(one.labels for one in api.answers(chat)))
        (shown,) = api.answers(chat)
        api.delete_message(chat, shown.id)
        mina.presses(chat, shown.id, "retry:17")
        await api.until(lambda: api.toasts)

    assert isinstance(bot.dialogue.stored[-1], Press)


async def test_a_button_below_what_is_gone_from_a_topic_names_no_topic(
    bot: TelegramBot, api: BotApi, mina: Person
) -> None:
    forum = api.group(-100, forum=True)
    topic = api.topic(forum, mina)
    bot.dialogue.answers["why?"] = Reply("So.", choices=(Choice("Retry", "retry:17"),))
    async with bot.listening():
        mina.says(forum, "@ostro_bot why?", topic=topic)
        (shown,) = await bot.until_answers(forum, "So.")
        api.delete_message(forum, shown.id)
        mina.presses(forum, shown.id, "Retry")
        await api.until(lambda: api.toasts)
    press = bot.dialogue.stored[-1]

    assert isinstance(press, Press)
    assert (press.chat, press.exchange_id) == (key("-100"), 17)


@pytest.mark.parametrize("in_private", [True, False])
async def test_a_choice_in_a_message_that_is_gone_does_nothing_for_its_topic_is_not_known(
    bot: TelegramBot, api: BotApi, mina: Person, *, in_private: bool
) -> None:
    forum = api.private(mina) if in_private else api.group(-100, forum=True)
    topic = None if in_private else api.topic(forum, mina)
    bot.dialogue.answers["/clear"] = Reply("Sure?", choices=(Choice("Yes", "/clear yes"),))
    async with bot.listening():
        mina.says(forum, "/clear", topic=topic)
        (menu,) = await bot.until_answers(forum, "Sure?")
        api.delete_message(forum, menu.id)
        mina.presses(forum, menu.id, "Yes")
        await api.until(lambda: api.toasts)
        await bot.until_confirmed()

    assert bot.dialogue.texts == ["/clear"]
    assert [one.text for one in api.toasts] == [said("ko", "press.old")]
    assert api.answers(forum) == []


async def test_a_press_that_always_fails_stops_to_turn_and_is_passed_over(
    bot: TelegramBot, api: BotApi, mina: Person, chat: Chat
) -> None:
    bot.dialogue.answers["/persona"] = Reply("Who?", choices=(Choice("Two", "/two"),))
    async with bot.listening():
        mina.says(chat, "/persona")
        (menu,) = await bot.until_answers(chat, "Who?")
        bot.dialogue.troubles = [ValueError("no")] * 3
        mina.presses(chat, menu.id, "Two")
        await api.until(lambda: api.toasts)
        await bot.until_confirmed()

    assert bot.dialogue.passed_over == [(key("7"), "700000002")]


@pytest.mark.parametrize("button", ["Yes", "Retry"])
@pytest.mark.parametrize("gone", [False, True])
async def test_a_stranger_who_presses_is_turned_away_and_nothing_else_is_done(
    bot: TelegramBot, api: BotApi, mina: Person, button: str, *, gone: bool
) -> None:
    group, stranger = api.group(-100), api.person(STRANGER, "Eve")
    choices = (Choice("Yes", "/clear yes"), Choice("Retry", "retry:17"))
    bot.dialogue.answers["why?"] = Reply("Sure?", choices=choices)
    async with bot.listening():
        mina.says(group, "@ostro_bot why?")
        (menu,) = await bot.until_answers(group, "Sure?")
        if gone:
            api.delete_message(group, menu.id)
        stranger.presses(group, menu.id, button)
        await api.until(lambda: api.toasts)
        await bot.until_confirmed()
    eve = Author(str(STRANGER), "Eve", "en")

    assert [one.text for one in api.toasts] == ["closed"]
    assert bot.dialogue.turned_away == [Visitor(key("-100"), "group", eve, "Friends")]
    assert bot.dialogue.texts == ["why?"]
    assert not api.called("getChatMember")
    assert [one.labels for one in api.answers(group)] == ([] if gone else [["Yes", "Retry"]])


async def test_bots_do_not_press(bot: TelegramBot, api: BotApi, mina: Person, chat: Chat) -> None:
    machine = api.person(5, "Machine", is_bot=True)
    bot.dialogue.answers["why?"] = Reply("Sure?", choices=(Choice("Yes", "/yes"),))
    async with bot.listening():
        mina.says(chat, "why?")
        (menu,) = await bot.until_answers(chat, "Sure?")
        machine.presses(chat, menu.id, "Yes")
        await api.until(lambda: api.toasts)
        await bot.until_confirmed()

    assert bot.dialogue.texts == ["why?"]
    assert bot.dialogue.passed_over == []  # nothing failed


@pytest.mark.parametrize("data", ["", "stop", "stop:", "stop:-1", "stop:x", "go:1", "retry:1:2"])
async def test_what_no_button_of_ours_says_does_nothing(
    bot: TelegramBot, api: BotApi, mina: Person, chat: Chat, data: str
) -> None:
    async with bot.listening():
        mina.says(chat, "hi")
        (shown,) = await bot.until_answers(chat, "echo hi")
        mina.forges(chat, shown.id, data)
        await api.until(lambda: api.toasts)
        await bot.until_confirmed()

    assert [one.text for one in api.toasts] == [""]
    assert bot.dialogue.texts == ["hi"]
