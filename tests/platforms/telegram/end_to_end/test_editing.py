"""A question is changed after it was sent."""

from tests.doubles.model import Gate
from tests.doubles.telegram.api import BotApi
from tests.doubles.telegram.chats import Chat
from tests.doubles.telegram.people import Person
from tests.doubles.telegram_home import Home, say


async def test_a_question_that_is_edited_while_it_waits_is_answered_as_it_is_then(
    home: Home, api: BotApi, mina: Person, chat: Chat
) -> None:
    bob, gate = api.person(8, "Bob"), Gate()
    home.model.will(gate, "For Bob.")
    async with home.open():
        bob.says(api.private(bob), "Me first.")
        await home.reaches(gate)
        asked = mina.says(chat, "Tell me of teh sea.")
        await home.shows(chat, say("progress.waiting_unmeasured", ahead=1))
        mina.edits(chat, asked, "Tell me of the sea.")
        await home.confirmed()
        gate.open()
        await home.shows(chat, "re: Tell me of the sea.")

    assert home.asked == ["Me first.", "Tell me of the sea."]


async def test_a_question_that_is_edited_while_it_is_answered_is_answered_anew_in_its_place(
    home: Home, api: BotApi, mina: Person, chat: Chat
) -> None:
    home.model.will("The sea is wide. And ", Gate())
    async with home.open():
        asked = mina.says(chat, "Tell me of the sea.")
        (begun,) = await home.shows(chat, "The sea is wide. And ▌")
        mina.edits(chat, asked, "Tell me of the moon.")
        (ended,) = await home.shows(chat, "re: Tell me of the moon.")

    assert ended.id == begun.id
    assert home.model.conversations[-1].turns == ()
    assert api.rings(chat) == 1


async def test_a_question_that_is_edited_after_its_answer_gets_another_one_in_its_place(
    home: Home, api: BotApi, mina: Person, chat: Chat
) -> None:
    async with home.open():
        first = await home.answered(mina, chat, "Hello?")
        asked = mina.says(chat, "Tell me of the sea.")
        _, old = await home.shows(chat, first.text, "re: Tell me of the sea.")
        mina.edits(chat, asked, "Tell me of the moon.")
        _, new = await home.shows(chat, first.text, "re: Tell me of the moon.")

    assert new.id == old.id
    assert [turn.question for turn in home.model.conversations[-1].turns] == ["Hello?"]
    assert api.rings(chat) == 2


async def test_an_edited_question_with_a_shorter_answer_takes_fewer_messages(
    home: Home, api: BotApi, mina: Person, chat: Chat
) -> None:
    home.model.will("A long line of an answer.\n" * 300)
    async with home.open():
        asked = mina.says(chat, "Tell me all.")
        await home.finds(chat, lambda one: say("button.retry") in one.labels)
        long = api.answers(chat)
        mina.edits(chat, asked, "Be short.")
        (short,) = await home.shows(chat, "re: Be short.")

    assert len(long) == 2
    assert short.id == long[0].id


async def test_an_edit_of_an_older_question_gets_one_line(
    home: Home, mina: Person, chat: Chat
) -> None:
    async with home.open():
        asked = mina.says(chat, "Tell me of the sea.")
        await home.shows(chat, "re: Tell me of the sea.")
        await home.answered(mina, chat, "And the moon?")
        mina.edits(chat, asked, "Tell me of the stars.")
        await home.shows(chat, "re: Tell me of the sea.", "re: And the moon?", say("edit.old"))

    assert home.asked == ["Tell me of the sea.", "And the moon?"]


async def test_in_a_group_an_edited_question_is_answered_anew_too(
    home: Home, api: BotApi, mina: Person
) -> None:
    group = api.group(-100)
    async with home.open():
        asked = mina.says(group, "@ostro_bot what of teh sea?")
        (old,) = await home.shows(group, "re: Mina: what of teh sea?")
        mina.edits(group, asked, "@ostro_bot what of the sea?")
        (new,) = await home.shows(group, "re: Mina: what of the sea?")

    assert new.id == old.id
