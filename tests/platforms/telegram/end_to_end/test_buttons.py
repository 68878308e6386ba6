"""The buttons below an answer, in private chats and in groups."""

import pytest

from bot.access import Access
from bot.delivery.stream import Ended
from tests.doubles.model import Gate
from tests.doubles.telegram.api import BotApi
from tests.doubles.telegram.chats import Chat
from tests.doubles.telegram.people import Person
from tests.doubles.telegram_home import Home, say

STOP, RETRY, CONTINUE = (say(f"button.{name}") for name in ("stop", "retry", "continue"))


async def test_stop_keeps_what_there_is_and_offers_to_go_on(
    home: Home, mina: Person, chat: Chat
) -> None:
    home.model.will("The sea is wide. And ", Gate())
    async with home.open():
        mina.says(chat, "Tell me of the sea.")
        (begun,) = await home.shows(chat, "The sea is wide. And ▌")
        mina.presses(chat, begun.id, STOP)
        (ended,) = await home.shows(chat, f"The sea is wide. And\n\n{say('answer.cut')}")
        await home.toasts(say("stop.done"))

    assert (begun.labels, ended.labels) == ([STOP], [RETRY, CONTINUE])


async def test_retry_puts_another_answer_into_the_same_message(
    home: Home, api: BotApi, mina: Person, chat: Chat
) -> None:
    home.model.will("First thoughts.")
    home.model.will("Second thoughts.")
    async with home.open():
        mina.says(chat, "Well?")
        (first,) = await home.shows(chat, "First thoughts.")
        mina.presses(chat, first.id, RETRY)
        (second,) = await home.shows(chat, "Second thoughts.")
        await home.toasts("")

    assert second.id == first.id
    assert home.model.conversations[-1].turns == ()
    assert api.rings(chat) == 1


async def test_continue_goes_on_where_the_length_limit_was_in_the_same_message(
    home: Home, mina: Person, chat: Chat
) -> None:
    home.model.will("The sea is", ended=Ended.LENGTH)
    home.model.will(" wide.")
    async with home.open():
        mina.says(chat, "Tell me of the sea.")
        (cut,) = await home.shows(chat, f"The sea is\n\n{say('answer.length')}")
        mina.presses(chat, cut.id, CONTINUE)
        (whole,) = await home.shows(chat, "The sea is wide.")

    assert (cut.labels, whole.labels) == ([RETRY, CONTINUE], [RETRY])
    assert whole.id == cut.id


async def test_buttons_stand_below_the_newest_answer_only_and_an_old_press_gets_a_short_answer(
    home: Home, mina: Person, chat: Chat
) -> None:
    async with home.open():
        first = await home.answered(mina, chat, "One?")
        second = await home.answered(mina, chat, "Two?")
        await home.finds(chat, lambda one: one.id == first.id and not one.buttons)
        mina.presses(chat, first.id, RETRY, late=True)
        await home.toasts(say("press.old"))

    assert second.labels == [RETRY]
    assert home.asked == ["One?", "Two?"]


async def test_buttons_survive_a_restart(home: Home, mina: Person, chat: Chat) -> None:
    async with home.open():
        before = await home.answered(mina, chat, "Well?")
    mina.presses(chat, before.id, RETRY)
    home.model.will("On second thoughts.")
    async with home.open():
        (after,) = await home.shows(chat, "On second thoughts.")

    assert after.id == before.id


async def test_a_press_on_a_forgotten_answer_gets_a_short_answer(
    home: Home, mina: Person, chat: Chat
) -> None:
    async with home.open():
        answer = await home.answered(mina, chat, "Well?")
        mina.says(chat, "/clear")
        await home.finds(chat, lambda one: one.text == say("clear.done"))
        mina.presses(chat, answer.id, RETRY, late=True)
        await home.toasts(say("press.old"))

    assert home.asked == ["Well?"]


async def test_in_a_group_there_is_stop_while_it_streams_and_nothing_afterwards(
    home: Home, api: BotApi, mina: Person
) -> None:
    group, gate = api.group(-100), Gate()
    home.model.will("The sea is wide. And ", gate, "deep.", ended=Ended.LENGTH)
    async with home.open():
        mina.says(group, "@ostro_bot the sea?")
        begun = await home.finds(group, lambda one: one.text.endswith("▌"))
        gate.open()
        ended = await home.finds(group, lambda one: say("answer.length") in one.text)

    assert (begun.labels, ended.labels) == ([STOP], [])


@pytest.mark.parametrize(
    ("number", "toast"), [(7, "stop.done"), (9, "stop.done"), (8, "press.not_yours")]
)
async def test_in_a_group_the_person_who_asked_and_the_owner_can_stop_and_others_cannot(
    home: Home, api: BotApi, mina: Person, number: int, toast: str
) -> None:
    people = {7: mina, 8: api.person(8, "Bob"), 9: api.person(9, "Owner")}
    group, gate = api.group(-100), Gate()
    home.model.will("The sea is wide. And ", gate, "deep.")
    async with home.open(access=Access(["telegram:9"], open_to_all=True)):
        mina.says(group, "@ostro_bot the sea?")
        begun = await home.finds(group, lambda one: one.text.endswith("▌"))
        people[number].presses(group, begun.id, STOP)
        await home.toasts(say(toast))
        gate.open()
        ended = await home.finds(group, lambda one: not one.labels)

    assert (say("answer.cut") in ended.text) == (toast == "stop.done")
