"""How an answer comes in: in private chats."""

from bot.generation.model import Reading, Thinking
from tests.doubles.model import Gate
from tests.doubles.telegram.api import BotApi
from tests.doubles.telegram.chats import Chat
from tests.doubles.telegram.people import Person
from tests.doubles.telegram_home import Home, say


async def test_an_answer_is_one_message_that_begins_with_its_first_sentence_and_grows_by_edits(
    home: Home, api: BotApi, mina: Person, chat: Chat
) -> None:
    first, second = Gate(), Gate()
    home.model.will("The sea is wide. It ", first, "is deep, ", second, "too.")
    async with home.open():
        mina.says(chat, "Tell me of the sea.")
        (begun,) = await home.shows(chat, "The sea is wide. It ▌")
        first.open()
        await home.shows(chat, "The sea is wide. It is deep, ▌")
        second.open()
        (ended,) = await home.shows(chat, "The sea is wide. It is deep, too.")
    (sent,) = api.called("sendMessage", chat)

    assert (begun.labels, ended.labels) == ([say("button.stop")], [say("button.retry")])
    assert (ended.id, ended.edits) == (begun.id, begun.edits + 2)
    assert sent.params["text"] == "The sea is wide."


async def test_the_phone_rings_once_and_with_the_answer(
    home: Home, api: BotApi, mina: Person, chat: Chat
) -> None:
    reading, writing = Gate(), Gate()
    home.model.will(Reading(10, 400, 9.0), reading, "The sea is wide. And ", writing, "deep.")
    async with home.open():
        mina.says(chat, "Tell me of the sea.")
        await home.shows(chat, say("progress.reading", percent=2, seconds=9))
        before = api.rings(chat)
        reading.open()
        await home.shows(chat, "The sea is wide. And ▌")
        writing.open()
        await home.shows(chat, "The sea is wide. And deep.")

    assert (before, api.rings(chat)) == (0, 1)


async def test_typing_is_shown_again_and_again_until_the_answer_begins(
    home: Home, api: BotApi, mina: Person, chat: Chat
) -> None:
    reading, writing = Gate(), Gate()
    home.model.will(reading, "The sea is wide. And ", writing, "deep.")
    async with home.open():
        mina.says(chat, "Tell me of the sea.")
        await api.until(lambda: len(api.called("sendChatAction", chat)) >= 4)
        reading.open()
        await home.shows(chat, "The sea is wide. And ▌")
        typed = len(api.called("sendChatAction", chat))
        writing.open()
        await home.shows(chat, "The sea is wide. And deep.")
        other = api.person(8, "Bob")
        await home.answered(other, api.private(other), "And me?")

    assert len(api.called("sendChatAction", chat)) == typed


async def test_edits_keep_to_the_pace_of_their_chat(
    home: Home, api: BotApi, mina: Person, chat: Chat
) -> None:
    gates = [Gate() for _ in range(8)]
    steps = [step for gate in gates for step in (gate, "One more line of it.\n")]
    home.model.will("The sea is wide.\nListen.\n", *steps)
    async with home.open():
        mina.says(chat, "Tell me of the sea.")
        for edits, gate in enumerate(gates):
            await home.edited(chat, edits + 1)
            gate.open()
        await home.finds(chat, lambda one: say("button.retry") in one.labels)

    assert len(api.called("editMessageText", chat)) >= 8
    assert api.rates  # it would have been a violation to write faster


async def test_thoughts_are_not_shown_but_that_there_are_some_is(
    home: Home, api: BotApi, mina: Person, chat: Chat
) -> None:
    gate = Gate()
    home.model.will(Thinking(3.2), gate, "Because of the salt.")
    async with home.open():
        mina.says(chat, "Why?")
        await home.shows(chat, say("progress.thinking", seconds=3))
        gate.open()
        await home.shows(chat, "Because of the salt.")

    assert api.rings(chat) == 1
