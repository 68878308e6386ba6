"""What is under way when the bot ends, and what the next start makes of it."""

import asyncio

from tests.doubles.model import Gate
from tests.doubles.telegram.api import BotApi
from tests.doubles.telegram.chats import Chat
from tests.doubles.telegram.failures import server_error
from tests.doubles.telegram.people import Person
from tests.doubles.telegram_home import Home, say

UNHURRIED = 10.0
"""Times as fast as it is: what is on its way at the end has 0.7 s."""


async def test_an_answer_under_way_says_that_it_goes_on_and_goes_on_in_its_place(
    home: Home, api: BotApi, mina: Person, chat: Chat
) -> None:
    home.model.will("The sea is wide. And ", Gate())
    async with home.open(speed=UNHURRIED):
        mina.says(chat, "Tell me of the sea.")
        (begun,) = await home.shows(chat, "The sea is wide. And ▌")
    (paused,) = api.answers(chat)
    home.model.will("deep.")
    async with home.open():
        (ended,) = await home.shows(chat, "The sea is wide. And deep.")

    assert paused.text == f"The sea is wide. And\n\n{say('answer.going_on')}"
    assert (paused.id, ended.id) == (begun.id, begun.id)
    assert ended.labels == [say("button.retry")]
    assert api.rings(chat) == 1


async def test_who_waits_when_it_ends_is_told_and_answered_at_the_next_start(
    home: Home, api: BotApi, mina: Person, chat: Chat
) -> None:
    bob = api.person(8, "Bob")
    bobs, gate = api.private(bob), Gate()
    home.model.will(gate, "never")
    async with home.open(speed=UNHURRIED):
        mina.says(chat, "Me first.")
        await home.reaches(gate)
        bob.says(bobs, "And me?")
        await home.shows(bobs, say("progress.waiting_unmeasured", ahead=1))
    paused = [one.text for one in api.answers(bobs)]
    async with home.open():
        await home.shows(chat, "re: Me first.")
        await home.shows(bobs, "re: And me?")

    assert paused == [say("answer.going_on")]
    assert api.rings(bobs) == 1


async def test_an_answer_that_was_stored_and_not_shown_is_shown_at_the_next_start(
    home: Home, api: BotApi, mina: Person, chat: Chat
) -> None:
    async with home.open():
        api.fail("sendMessage", server_error(), times=None)
        mina.says(chat, "Hello?")
        await api.until(lambda: api.called("sendMessage", chat))
    before = (home.states(), api.answers(chat))
    api.heal()
    async with home.open():
        await home.shows(chat, "re: Hello?")

    assert before == ([("Hello?", "answered")], [])
    assert home.asked == ["Hello?"]


async def test_what_waits_at_the_end_of_a_queue_that_never_ran_is_answered_in_order(
    home: Home, mina: Person, chat: Chat
) -> None:
    async with home.open(answering=False):
        for question in ("One?", "Two?", "Three?"):
            mina.says(chat, question)
        await home.confirmed()
    async with home.open():
        await home.shows(chat, "re: One?", "re: Two?", "re: Three?")

    assert home.asked == ["One?", "Two?", "Three?"]


async def test_it_ends_also_where_the_network_swallows_everything_and_goes_on_afterwards(
    home: Home, api: BotApi, mina: Person, chat: Chat
) -> None:
    home.model.will("The sea is wide. And ", Gate())
    async with asyncio.timeout(10), home.open():
        mina.says(chat, "Tell me of the sea.")
        (begun,) = await home.shows(chat, "The sea is wide. And ▌")
        api.black_hole()
    api.up()
    home.model.will("deep.")
    async with home.open():
        (ended,) = await home.shows(chat, "The sea is wide. And deep.")

    assert ended.id == begun.id
