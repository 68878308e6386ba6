"""What is asked is stored before Telegram hears that it came, and answered once."""

import sqlite3
from contextlib import closing

import pytest

from bot.delivery.stream import AnswerStream
from bot.dialogue import Dialogue
from bot.message import ChatKey, Incoming, Platform
from bot.reply import Reply
from tests.doubles.telegram.api import BotApi
from tests.doubles.telegram.chats import Chat
from tests.doubles.telegram.people import Person
from tests.doubles.telegram_home import Home, say


async def test_a_message_is_not_confirmed_while_it_cannot_be_stored(
    home: Home, api: BotApi, mina: Person, chat: Chat
) -> None:
    async with home.open(answering=False):
        await api.until(lambda: api.called("getUpdates"))
        with closing(sqlite3.connect(home.path, isolation_level=None)) as rival:
            rival.execute("BEGIN IMMEDIATE")
            mina.says(chat, "Hello?")
            asked = len(api.called("getUpdates"))
            await api.until(lambda: len(api.called("getUpdates")) >= asked + 3)
            before = len(api.unconfirmed)
            rival.execute("ROLLBACK")
        await home.confirmed()

    assert before == 1
    assert home.states() == [("Hello?", "pending")]


async def test_a_message_that_comes_again_is_answered_once(
    home: Home, api: BotApi, mina: Person, chat: Chat
) -> None:
    mina.says(chat, "Hello?")
    updates = api.unconfirmed
    async with home.open():
        await home.shows(chat, "re: Hello?")
        await home.confirmed()
    api.redeliver(updates)
    async with home.open():
        await home.confirmed()
        await home.answered(mina, chat, "Once more?")

    assert home.asked == ["Hello?", "Once more?"]


async def test_a_message_that_comes_again_after_clear_is_not_answered_again(
    home: Home, api: BotApi, mina: Person, chat: Chat
) -> None:
    mina.says(chat, "Hello?")
    updates = api.unconfirmed
    async with home.open():
        await home.shows(chat, "re: Hello?")
        await home.confirmed()
        mina.says(chat, "/clear")
        await home.shows(chat, "re: Hello?", say("clear.done"))
        await home.confirmed()
    api.redeliver(updates)
    async with home.open():
        await home.confirmed()
        await home.answered(mina, chat, "Something new.")

    assert home.asked == ["Hello?", "Something new."]


async def test_an_update_that_always_fails_is_noted_passed_over_and_stops_nobody(
    home: Home,
    api: BotApi,
    mina: Person,
    chat: Chat,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    taken = Dialogue.take

    async def take(self: Dialogue, incoming: Incoming) -> Reply | AnswerStream:
        if incoming.text == "poison":
            raise ValueError("a fault of ours")
        return await taken(self, incoming)

    async with home.open():
        await home.answered(mina, chat, "First?")  # of others nothing is noted
        await home.confirmed()
    monkeypatch.setattr(Dialogue, "take", take)
    mina.says(chat, "poison")
    updates = api.unconfirmed
    mina.says(chat, "Hello?")
    async with home.open() as rooms:
        await home.shows(chat, "re: First?", "re: Hello?")
        await home.confirmed()
        noted = await rooms.dialogue.known(
            ChatKey(Platform.TELEGRAM, str(chat.id)), str(updates[0]["update_id"])
        )
    caplog.clear()
    api.redeliver(updates)
    async with home.open():
        await home.confirmed()

    assert noted
    assert caplog.messages == []  # it was not even tried


async def test_an_update_that_nobody_can_read_stops_nobody(
    home: Home, mina: Person, chat: Chat
) -> None:
    mina.sends(chat, {"text": "?", "entities": [{"type": "bold"}]})
    mina.says(chat, "Hello?")
    async with home.open():
        await home.shows(chat, "re: Hello?")
        await home.confirmed()
