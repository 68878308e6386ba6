"""Several messages and people at once."""

from tests.doubles.model import Gate
from tests.doubles.telegram.api import BotApi
from tests.doubles.telegram.chats import Chat
from tests.doubles.telegram.people import Person
from tests.doubles.telegram_home import Home, say


async def test_five_people_at_once_get_their_answers_in_the_order_of_their_chats(
    home: Home, api: BotApi
) -> None:
    people = [api.person(number, f"P{number}") for number in range(11, 16)]
    chats = [api.private(person) for person in people]
    questions = ("One?", "Two?", "Three?")
    for question in questions:
        for person, chat in zip(people, chats, strict=True):
            person.says(chat, question)
    async with home.open():
        for chat in chats:
            await home.shows(chat, *(f"re: {question}" for question in questions))

    assert len(home.asked) == 15
    assert [api.rings(chat) for chat in chats] == [3] * 5


async def test_two_chats_do_not_hear_of_each_other(
    home: Home, api: BotApi, mina: Person, chat: Chat
) -> None:
    bob = api.person(8, "Bob")
    async with home.open():
        await home.answered(mina, chat, "My name is Mina.")
        await home.answered(bob, api.private(bob), "Who am I?")

    assert home.model.conversations[-1].turns == ()


async def test_one_chats_messages_are_answered_in_order_each_knowing_those_before(
    home: Home, mina: Person, chat: Chat
) -> None:
    questions = [f"Question {number}?" for number in range(5)]
    async with home.open():
        for question in questions:
            mina.says(chat, question)
        await home.shows(chat, *(f"re: {question}" for question in questions))

    assert home.asked == questions
    assert [len(one.turns) for one in home.model.conversations] == [0, 1, 2, 3, 4]


async def test_who_asked_first_in_another_chat_is_not_kept_waiting_by_many_messages(
    home: Home, api: BotApi, mina: Person, chat: Chat
) -> None:
    bob, gate = api.person(8, "Bob"), Gate()
    home.model.will(gate, "Yes.")
    async with home.open():
        mina.says(chat, "One?")
        await home.reaches(gate)
        mina.says(chat, "Two?")
        mina.says(chat, "Three?")
        bob.says(api.private(bob), "And me?")
        await home.confirmed()
        gate.open()
        await home.shows(chat, "Yes.", "re: Two?", "re: Three?")

    assert home.asked.index("And me?") == 1


async def test_commands_are_answered_while_an_answer_streams(
    home: Home, mina: Person, chat: Chat
) -> None:
    gate = Gate()
    home.model.will("The sea is wide. And ", gate, "deep.")
    async with home.open():
        mina.says(chat, "Tell me of the sea.")
        await home.shows(chat, "The sea is wide. And ▌")
        mina.says(chat, "/language ko")
        await home.shows(chat, "The sea is wide. And ▌", say("language.set", "ko"))
        gate.open()
        await home.shows(chat, "The sea is wide. And deep.", say("language.set", "ko"))


async def test_stop_is_heard_while_an_answer_streams(home: Home, mina: Person, chat: Chat) -> None:
    home.model.will("The sea is wide. And ", Gate())
    async with home.open():
        mina.says(chat, "Tell me of the sea.")
        await home.shows(chat, "The sea is wide. And ▌")
        mina.says(chat, "/stop")
        await home.shows(chat, f"The sea is wide. And\n\n{say('answer.cut')}", say("stop.done"))


async def test_topics_share_the_twenty_messages_a_minute_of_their_group(
    home: Home, api: BotApi, mina: Person
) -> None:
    forum = api.group(-300, forum=True)
    topics = [api.topic(forum, mina, f"Topic {number}") for number in range(3)]
    for topic in topics:
        for _ in range(8):
            mina.says(forum, "/stop", topic=topic)
    async with home.open():
        for topic in topics:
            await home.shows(forum, *[say("stop.nothing")] * 8, topic=topic)

    assert api.rates  # to write faster would have been a violation
