"""Messages, topics, groups and people go away while they are answered."""

from tests.doubles.model import Gate
from tests.doubles.telegram.api import BotApi
from tests.doubles.telegram.chats import Chat
from tests.doubles.telegram.people import Person
from tests.doubles.telegram_home import Home, say

BEGUN, WHOLE = "The sea is wide. And ", "The sea is wide. And deep."


async def test_an_answer_that_is_deleted_while_it_comes_in_is_sent_anew(
    home: Home, api: BotApi, mina: Person, chat: Chat
) -> None:
    gate = Gate()
    home.model.will(BEGUN, gate, "deep.")
    async with home.open():
        mina.says(chat, "Tell me of the sea.")
        (begun,) = await home.shows(chat, f"{BEGUN}▌")
        api.delete_message(chat, begun.id)
        gate.open()
        (ended,) = await home.shows(chat, WHOLE)

    assert ended.id != begun.id
    assert api.rings(chat) == 1


async def test_a_question_that_is_deleted_is_answered_without_a_reply(
    home: Home, api: BotApi, mina: Person
) -> None:
    group, gate = api.group(-100), Gate()
    home.model.will(gate, WHOLE)
    async with home.open():
        asked = mina.says(group, "@ostro_bot the sea?")
        await home.reaches(gate)
        api.delete_message(group, asked)
        gate.open()
        (answer,) = await home.shows(group, WHOLE)

    assert answer.reply_to is None


async def test_a_topic_that_vanishes_is_answered_outside_of_it(
    home: Home, api: BotApi, mina: Person
) -> None:
    forum, gate = api.group(-300, forum=True), Gate()
    topic = api.topic(forum, mina)
    home.model.will(BEGUN, gate, "deep.")
    async with home.open():
        mina.says(forum, "@ostro_bot the sea?", topic=topic)
        await home.finds(forum, lambda one: one.text.endswith("▌"))
        api.vanish_topic(forum, topic)
        gate.open()
        (answer,) = await home.shows(forum, WHOLE)

    assert answer.topic is None


async def test_who_blocks_the_bot_is_not_answered_and_delays_nobody(
    home: Home, api: BotApi, mina: Person, chat: Chat
) -> None:
    bob = api.person(8, "Bob")
    bobs = api.private(bob)
    home.model.will(BEGUN, Gate())
    async with home.open():
        mina.says(chat, "Tell me of the sea.")
        await home.shows(chat, f"{BEGUN}▌")
        mina.says(chat, "And of the moon.")
        await home.confirmed()
        mina.blocks(chat)
        await home.answered(bob, bobs, "Am I next?")
        mina.unblocks(chat)
        await home.answered(mina, chat, "I am back.")

    assert "And of the moon." not in home.asked
    assert home.states()[0] == ("Tell me of the sea.", "undeliverable")


async def test_a_group_that_becomes_a_supergroup_gets_its_answer_there_and_is_remembered(
    home: Home, api: BotApi, mina: Person
) -> None:
    old, gate = api.group(-5, basic=True), Gate()
    home.model.will("Hello.")
    home.model.will(BEGUN, gate, "deep.")
    async with home.open():
        mina.says(old, "@ostro_bot hello")
        await home.shows(old, "Hello.")
        mina.says(old, "@ostro_bot the sea?")
        await home.shows(old, "Hello.", f"{BEGUN}▌")
        new = api.migrate(old, -1005, mina)
        gate.open()
        await home.shows(new, WHOLE)
        mina.says(new, "@ostro_bot still here?")
        await home.finds(new, lambda one: "still here?" in one.text)
    turns = [turn.question for turn in home.model.conversations[-1].turns]

    assert turns == ["Mina: hello", "Mina: the sea?"]


async def test_a_bot_that_is_removed_from_a_group_says_nothing_there_any_more(
    home: Home, api: BotApi, mina: Person, chat: Chat
) -> None:
    group = api.group(-100)
    home.model.will(BEGUN, Gate())
    async with home.open():
        mina.says(group, "@ostro_bot the sea?")
        await home.finds(group, lambda one: one.text.endswith("▌"))
        mina.blocks(group)
        await home.answered(mina, chat, "Why did I do that?")
        await home.confirmed()

    assert home.states()[0][1] == "undeliverable"
    assert say("answer.cut") not in api.answers(group)[-1].text
