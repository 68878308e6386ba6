"""Telegram or the way to it fails; the whole answer arrives all the same."""

import pytest

from tests.doubles.model import Gate
from tests.doubles.telegram.api import BotApi
from tests.doubles.telegram.chats import Chat
from tests.doubles.telegram.failures import (
    Failure,
    flood,
    lost,
    proxy_page,
    reset,
    server_error,
)
from tests.doubles.telegram.people import Person
from tests.doubles.telegram.wire import Json
from tests.doubles.telegram_home import Home, say

FAILURES = {
    "a flood": flood(5),
    "an error of the server": server_error(500),
    "a bad gateway": proxy_page(502),
    "a broken connection": reset(),
    "an answer that was lost": lost(),
}


def _is_last(params: Json) -> bool:
    return say("button.retry") in str(params.get("reply_markup"))


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)
async def test_the_last_edit_arrives_whatever_happens_to_it(
    home: Home, api: BotApi, mina: Person, chat: Chat, failure: Failure
) -> None:
    gate = Gate()
    home.model.will("The sea is wide. And ", gate, "deep.")
    async with home.open():
        mina.says(chat, "Tell me of the sea.")
        await home.shows(chat, "The sea is wide. And ▌")
        api.fail("editMessageText", failure, times=3, when=_is_last)
        gate.open()
        await home.shows(chat, "The sea is wide. And deep.")
        await home.answered(mina, chat, "Thank you.")

    assert home.states()[0] == ("Tell me of the sea.", "delivered")
    assert api.rings(chat) == 2


async def test_a_long_flood_wait_on_the_last_edit_is_waited_out(
    home: Home, api: BotApi, mina: Person, chat: Chat
) -> None:
    gate = Gate()
    home.model.will("The sea is wide. And ", gate, "deep.")
    async with home.open():
        mina.says(chat, "Tell me of the sea.")
        await home.shows(chat, "The sea is wide. And ▌")
        api.fail("editMessageText", flood(120), when=_is_last)
        gate.open()
        await home.shows(chat, "The sea is wide. And deep.")
    refused, done = (call for call in api.called("editMessageText", chat) if _is_last(call.params))

    assert (refused.status, done.status) == (429, 200)
    assert done.at - refused.at >= 119  # earlier would have been a violation too


@pytest.mark.parametrize(
    "failure", [FAILURES["a flood"], FAILURES["an error of the server"], FAILURES["a bad gateway"]]
)
async def test_an_answer_begins_as_soon_as_it_can_be_sent(
    home: Home, api: BotApi, mina: Person, chat: Chat, failure: Failure
) -> None:
    async with home.open():
        api.fail("sendMessage", failure, times=3)
        mina.says(chat, "Hello?")
        await home.shows(chat, "re: Hello?")


async def test_what_a_lost_answer_of_telegram_leaves_is_a_short_line(
    home: Home, api: BotApi, mina: Person, chat: Chat
) -> None:
    home.model.will("The sea is wide. And then it is deep as well. " * 10)
    async with home.open():
        api.fail("sendMessage", lost())
        mina.says(chat, "Tell me of the sea.")
        await home.finds(chat, lambda one: say("button.retry") in one.labels)
    orphan, answer = api.answers(chat)

    assert orphan.text == "The sea is wide."
    assert answer.text.endswith("deep as well.")


async def test_answers_go_on_when_the_network_is_back(
    home: Home, api: BotApi, mina: Person, chat: Chat
) -> None:
    gate = Gate()
    home.model.will("The sea is wide. And ", gate, "deep.")
    async with home.open():
        mina.says(chat, "Tell me of the sea.")
        (begun,) = await home.shows(chat, "The sea is wide. And ▌")
        api.down()
        gate.open()
        mina.says(chat, "Still there?")
        api.up()
        ended, _ = await home.shows(chat, "The sea is wide. And deep.", "re: Still there?")

    assert ended.id == begun.id


async def test_a_reply_of_the_bots_own_arrives_too(
    home: Home, api: BotApi, mina: Person, chat: Chat
) -> None:
    async with home.open():
        api.fail("sendMessage", flood(3))
        api.fail("sendMessage", server_error())
        mina.says(chat, "/stop")
        await home.shows(chat, say("stop.nothing"))


async def test_one_chats_flood_wait_and_silence_delay_no_other_chat(
    home: Home, api: BotApi, mina: Person, chat: Chat
) -> None:
    bob, eve = api.person(8, "Bob"), api.person(9, "Eve")
    bobs, eves = api.private(bob), api.private(eve)
    async with home.open():
        api.fail("sendMessage", flood(100_000), chat=bobs)
        api.fail("sendMessage", server_error(), times=None, chat=eves)
        bob.says(bobs, "Flooded.")
        eve.says(eves, "Unreachable.")
        await api.until(lambda: api.called("sendMessage", bobs))
        await home.answered(mina, chat, "And me?")
        await home.answered(mina, chat, "And again?")
        asked = list(home.asked)

    assert sorted(asked) == ["And again?", "And me?", "Flooded.", "Unreachable."]
    assert (api.answers(bobs), api.answers(eves)) == ([], [])
