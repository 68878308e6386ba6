"""What waited while the bot was away."""

from tests.doubles.telegram.api import BotApi
from tests.doubles.telegram.chats import Chat
from tests.doubles.telegram.people import Person
from tests.doubles.telegram_home import Home, say

HOUR = 3600.0
ANSWER = say("button.answer")


async def test_a_message_that_waited_at_telegram_is_answered_if_it_is_young_enough(
    home: Home, mina: Person, chat: Chat
) -> None:
    mina.says(chat, "Hello?")
    home.clock.now += HOUR - 1
    async with home.open(catch_up_seconds=HOUR):
        await home.shows(chat, "re: Hello?")


async def test_an_older_one_gets_one_line_with_a_button_that_answers_it(
    home: Home, api: BotApi, mina: Person, chat: Chat
) -> None:
    mina.says(chat, "Hello?")
    home.clock.now += HOUR + 1
    async with home.open(catch_up_seconds=HOUR):
        (line,) = await home.shows(chat, say("answer.expired"))
        asked = list(home.asked)
        mina.presses(chat, line.id, ANSWER)
        (answer,) = await home.shows(chat, "re: Hello?")

    assert (line.labels, asked) == ([ANSWER], [])
    assert answer.id == line.id
    assert api.turning == []


async def test_what_waited_in_our_own_queue_gets_the_line_too(
    home: Home, mina: Person, chat: Chat
) -> None:
    async with home.open(answering=False):
        mina.says(chat, "Hello?")
        await home.confirmed()
    home.clock.now += HOUR + 1
    async with home.open(catch_up_seconds=HOUR):
        await home.shows(chat, say("answer.expired"))

    assert home.asked == []


async def test_each_of_several_that_waited_too_long_can_be_answered(
    home: Home, mina: Person, chat: Chat
) -> None:
    for question in ("One?", "Two?"):
        mina.says(chat, question)
    home.clock.now += HOUR + 1
    async with home.open(catch_up_seconds=HOUR):
        first, second = await home.shows(chat, *[say("answer.expired")] * 2)
        mina.presses(chat, first.id, ANSWER)
        await home.shows(chat, "re: One?", second.text)
        await home.answered(mina, chat, "Three?")
        mina.presses(chat, second.id, ANSWER)
        await home.shows(chat, "re: One?", "re: Two?", "re: Three?")
