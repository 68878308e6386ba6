from dataclasses import replace

import pytest

from storage.database import Database
from storage.deliveries import Deliveries
from storage.exchanges import Exchanges
from storage.records import Chat, Exchange, State, Work
from tests.doubles.stored import give_answer, redone, reread

EVENT = ("telegram", "7", "601")


@pytest.fixture
async def asked(exchanges: Exchanges, chat: Chat) -> Exchange:
    """A question that is message 41, and waits for a time."""
    added = await exchanges.add(
        chat.id, None, "Mina", "Wy?", message_id="41", asked_at=900.0, not_before=1001.0
    )
    assert added is not None
    return added


@pytest.fixture
async def paste(database: Database, exchanges: Exchanges, chat: Chat) -> Exchange:
    """A question of the messages 41, 42 and 43."""
    mina = await database.people.open("telegram", "7", "Mina")
    await exchanges.add(
        chat.id, mina.id, "Mina", "하나 👋🏽", message_id="41", asked_at=900.0, not_before=1001.0
    )
    for message_id, text in (("42", "two\n2"), ("43", "셋")):
        whole = await exchanges.extend(
            chat.id,
            mina.id,
            text,
            event=None,
            message_id=message_id,
            said_at=900.0,
            within=1.0,
            not_before=1001.0,
        )
    assert whole is not None
    return whole


async def test_an_edit_in_the_queue_replaces_the_text_alone(
    exchanges: Exchanges, asked: Exchange
) -> None:
    edited = await exchanges.edit(asked.id, "41", "Why?", event=EVENT)
    assert edited == replace(asked, question="Why?", revision=1)
    assert await reread(exchanges, asked) == edited


async def test_an_edit_voids_the_answer_under_way(exchanges: Exchanges, asked: Exchange) -> None:
    started = await exchanges.start(asked.id, 0, seed=1)
    assert started is not None
    await exchanges.start(asked.id, 0, seed=2)
    edited = await exchanges.edit(asked.id, "41", "Why?", event=EVENT)
    assert edited == replace(
        started, question="Why?", revision=1, attempts=0, work=Work.EDIT, seeds=(1, 2)
    )
    assert not await give_answer(exchanges, started)
    assert not await exchanges.keep_draft(asked.id, 0, "Bec", [1], "fingerprint")
    assert not await exchanges.withdraw(asked.id, 0)
    assert not await exchanges.fail(asked.id, 0, "late")
    assert await exchanges.start(asked.id, 1, seed=3)


async def test_a_draft_of_an_answer_to_another_question_is_dropped(
    exchanges: Exchanges, asked: Exchange
) -> None:
    await exchanges.start(asked.id, 0, seed=1)
    await exchanges.keep_draft(asked.id, 0, "Bec", [1], "fingerprint")
    edited = await exchanges.edit(asked.id, "41", "Why?", event=EVENT)
    assert edited is not None
    assert (edited.draft, edited.draft_ids, edited.draft_vocabulary) == (None, None, None)
    assert edited.work is Work.EDIT


async def test_an_answer_to_another_question_is_dropped_but_not_where_it_stands(
    exchanges: Exchanges, deliveries: Deliveries, asked: Exchange
) -> None:
    started = await exchanges.start(asked.id, 0, seed=1)
    assert started is not None
    await give_answer(exchanges, asked)
    await deliveries.note(asked.id, 0, "50")
    await deliveries.delivered(asked.id)
    edited = await exchanges.edit(asked.id, "41", "Why?", event=EVENT)
    assert edited == replace(
        started, question="Why?", revision=1, attempts=0, work=Work.EDIT, not_before=None
    )
    assert await deliveries.parts(asked.id) == {0: "50"}


async def test_an_answer_that_is_being_delivered_is_not_taken_for_the_new_one(
    exchanges: Exchanges, deliveries: Deliveries, asked: Exchange
) -> None:
    await give_answer(exchanges, asked)
    edited = await exchanges.edit(asked.id, "41", "Why?", event=EVENT)
    assert edited is not None
    await give_answer(exchanges, edited)
    assert not await deliveries.delivered(asked.id, 0)
    assert await deliveries.delivered(asked.id, 1)


async def test_an_edit_asks_again_what_was_taken_back(
    exchanges: Exchanges, asked: Exchange
) -> None:
    await exchanges.withdraw(asked.id, 0)
    edited = await exchanges.edit(asked.id, "41", "Why?", event=EVENT)
    assert edited == replace(asked, question="Why?", revision=1, work=Work.EDIT, not_before=None)


async def test_an_edit_asks_again_what_failed(exchanges: Exchanges, asked: Exchange) -> None:
    await exchanges.fail(asked.id, 0, "The model failed.")
    edited = await exchanges.edit(asked.id, "41", "Why?", event=EVENT)
    assert edited is not None
    assert (edited.state, edited.error, edited.ended) == (State.PENDING, None, None)


async def test_what_is_asked_again_and_edited_before_its_first_attempt_keeps_its_work(
    exchanges: Exchanges, asked: Exchange
) -> None:
    await exchanges.withdraw(asked.id, 0)
    again = await redone(exchanges, asked)
    edited = await exchanges.edit(asked.id, "41", "Why?", event=EVENT)
    assert edited == replace(again, question="Why?", revision=2)


async def test_an_edit_of_one_part_of_a_paste_leaves_the_others(
    exchanges: Exchanges, paste: Exchange
) -> None:
    for message_id, text, whole in (
        ("42", "둘은 더 길어요", "하나 👋🏽\n둘은 더 길어요\n셋"),
        ("41", "1", "1\n둘은 더 길어요\n셋"),
        ("43", "three", "1\n둘은 더 길어요\nthree"),
        ("42", "", "1\n\nthree"),
    ):
        edited = await exchanges.edit(paste.id, message_id, text, event=None)
        assert edited is not None
        assert edited.question == whole


async def test_an_edited_paste_still_waits_for_parts(exchanges: Exchanges, paste: Exchange) -> None:
    edited = await exchanges.edit(paste.id, "43", "셋!", event=None)
    assert edited is not None
    assert edited.not_before == 1001.0
    assert edited.person_id is not None
    whole = await exchanges.extend(
        paste.chat_id,
        edited.person_id,
        "넷",
        event=None,
        message_id="44",
        said_at=900.0,
        within=1.0,
        not_before=None,
    )
    assert whole is not None
    assert whole.question == "하나 👋🏽\ntwo\n2\n셋!\n넷"
    edited = await exchanges.edit(paste.id, "44", "4", event=None)
    assert edited is not None
    assert edited.question == "하나 👋🏽\ntwo\n2\n셋!\n4"


async def test_an_edit_that_changes_no_text_changes_nothing(
    exchanges: Exchanges, paste: Exchange
) -> None:
    assert await exchanges.edit(paste.id, "42", "two\n2", event=None) is None
    assert await reread(exchanges, paste) == paste


async def test_an_edit_of_a_message_that_is_no_part_changes_nothing(
    exchanges: Exchanges, asked: Exchange
) -> None:
    assert await exchanges.edit(asked.id, "99", "Why?", event=EVENT) is None
    assert await reread(exchanges, asked) == asked


async def test_an_edit_changes_no_other_exchange_with_messages_of_the_same_names(
    exchanges: Exchanges, asked: Exchange, paste: Exchange
) -> None:
    assert await exchanges.edit(asked.id, "41", "?", event=EVENT)
    assert await reread(exchanges, paste) == paste
    for message_id, text in (("43", "3"), ("41", "1")):
        edited = await exchanges.edit(paste.id, message_id, text, event=None)
    assert edited is not None
    assert edited.question == "1\ntwo\n2\n3"


async def test_whoever_was_gone_and_edits_a_question_waits_for_it_again(
    exchanges: Exchanges, deliveries: Deliveries, asked: Exchange
) -> None:
    await deliveries.undeliverable(asked.id)
    again = await exchanges.edit(asked.id, "41", "Why?", event=EVENT)
    assert again is not None
    assert (again.question, again.state, again.work) == ("Why?", State.PENDING, Work.EDIT)


async def test_a_redelivered_edit_is_taken_in_once(exchanges: Exchanges, asked: Exchange) -> None:
    await exchanges.edit(asked.id, "41", "Why?", event=EVENT)
    last = await exchanges.edit(asked.id, "41", "How?", event=("telegram", "7", "602"))
    assert await exchanges.edit(asked.id, "41", "Why?", event=EVENT) is None
    assert await reread(exchanges, asked) == last


@pytest.mark.parametrize(("message_id", "text"), [("41", "Why?"), ("41", "Wy?"), ("99", "Why?")])
async def test_the_event_of_an_edit_is_noted_whether_it_changes_something_or_not(
    database: Database, exchanges: Exchanges, asked: Exchange, message_id: str, text: str
) -> None:
    await exchanges.edit(asked.id, message_id, text, event=EVENT)
    assert await database.incoming.known(EVENT)


async def test_an_edit_of_a_question_that_was_cleared_is_noted_alone(
    database: Database, exchanges: Exchanges, chat: Chat, asked: Exchange
) -> None:
    await exchanges.start(asked.id, 0, seed=1)
    await database.chats.clear(chat.id)
    assert await exchanges.edit(asked.id, "41", "Why?", event=EVENT) is None
    assert await exchanges.all(chat.id) == []
    assert await database.incoming.known(EVENT)
