"""The machine sleeps, and the network comes and goes."""

import asyncio

from tests.doubles.telegram.api import BotApi
from tests.doubles.telegram.chats import Chat
from tests.doubles.telegram.failures import silence
from tests.doubles.telegram.people import Person
from tests.doubles.telegram_home import Home


async def test_what_was_written_while_the_machine_slept_is_answered_when_it_wakes(
    home: Home, api: BotApi, mina: Person, chat: Chat
) -> None:
    async with home.open():
        await home.answered(mina, chat, "Good night.")
        api.go_stale()
        home.clock.now += 8 * 3600
        await home.answered(mina, chat, "Good morning.")


async def test_a_network_that_takes_everything_and_gives_nothing_back_is_noticed(
    home: Home, api: BotApi, mina: Person, chat: Chat
) -> None:
    async with home.open():
        await home.answered(mina, chat, "Hello?")
        api.black_hole()
        mina.says(chat, "Into the tunnel.")
        asyncio.get_running_loop().call_soon(api.up)
        await home.finds(chat, lambda one: one.text == "re: Into the tunnel.")


async def test_a_network_that_is_away_at_the_start_ends_nothing(
    home: Home, api: BotApi, mina: Person, chat: Chat
) -> None:
    api.down()
    mina.says(chat, "Hello?")
    async with home.open():
        api.up()
        await home.shows(chat, "re: Hello?")


async def test_a_poll_that_is_never_answered_is_given_up(
    home: Home, api: BotApi, mina: Person, chat: Chat
) -> None:
    async with home.open():
        await home.answered(mina, chat, "Hello?")
        api.fail("getUpdates", silence())
        mina.says(chat, "Still there?")
        await home.finds(chat, lambda one: one.text == "re: Still there?")
