import sqlite3
from dataclasses import replace

import pytest

from storage.database import Database
from storage.exchanges import Exchanges
from storage.records import Chat, Exchange, Quote, State, Work
from tests.doubles.clock import ManualClock
from tests.doubles.stored import ask, ask_and_answer, give_answer, redone, reread


async def test_a_question_is_stored_as_pending(
    database: Database, exchanges: Exchanges, chat: Chat
) -> None:
    person = await database.people.open("terminal", "mina", "Mina")
    added = await exchanges.add(
        chat.id,
        person.id,
        "Mina",
        "왜요?",
        quote=Quote("그래요.", "bot-1", "Ostro"),
        outlet={"topic": 3, "reply": {"to": "9"}},
        not_before=1500.0,
    )
    assert added == Exchange(
        id=1,
        chat_id=chat.id,
        epoch=0,
        person_id=person.id,
        author_name="Mina",
        question="왜요?",
        quote="그래요.",
        quote_author="bot-1",
        quote_author_name="Ostro",
        answer=None,
        answer_ids=None,
        vocabulary=None,
        draft=None,
        draft_ids=None,
        draft_vocabulary=None,
        state=State.PENDING,
        work=Work.ANSWER,
        revision=0,
        attempts=0,
        not_before=1500.0,
        ended=None,
        error=None,
        prompt_tokens=None,
        answer_tokens=None,
        seconds=None,
        seeds=(),
        outlet={"topic": 3, "reply": {"to": "9"}},
        created_at=1000.0,
        started_at=None,
        answered_at=None,
        delivered_at=None,
    )
    assert await exchanges.get(1) == added


async def test_a_question_belongs_to_the_epoch_in_which_it_is_asked(
    database: Database, exchanges: Exchanges, chat: Chat
) -> None:
    await database.chats.clear(chat.id)
    assert (await ask(exchanges, chat.id)).epoch == 1


async def test_an_id_is_never_used_again(
    database: Database, exchanges: Exchanges, chat: Chat
) -> None:
    first = await ask_and_answer(exchanges, chat.id)
    await database.chats.clear(chat.id)
    assert (await ask(exchanges, chat.id)).id > first.id


async def test_an_attempt_is_counted_with_its_seed(
    exchanges: Exchanges, asked: Exchange, clock: ManualClock
) -> None:
    clock.now = 1001.0
    await exchanges.start(asked.id, 0, seed=7)
    clock.now = 1002.0
    second = await exchanges.start(asked.id, 0, seed=4_294_967_294)
    assert second is not None
    assert (second.attempts, second.seeds) == (2, (7, 4_294_967_294))
    assert (second.state, second.started_at) == (State.PENDING, 1002.0)
    assert second == await reread(exchanges, asked)


async def test_an_answer_is_stored_with_all_that_is_known_of_it(
    exchanges: Exchanges, asked: Exchange, clock: ManualClock
) -> None:
    await exchanges.keep_draft(asked.id, 0, "Bec", [1], "fingerprint")
    clock.now = 1010.0
    assert await exchanges.finish(
        asked.id,
        0,
        answer="Because.",
        ids=[5, 151_000],
        vocabulary="qwen",
        ended="length",
        prompt_tokens=20,
        answer_tokens=2,
        seconds=0.5,
    )
    assert await reread(exchanges, asked) == replace(
        asked,
        state=State.ANSWERED,
        answer="Because.",
        answer_ids=(5, 151_000),
        vocabulary="qwen",
        ended="length",
        prompt_tokens=20,
        answer_tokens=2,
        seconds=0.5,
        answered_at=1010.0,
    )


async def test_an_answer_and_a_draft_may_lack_their_ids(
    exchanges: Exchanges, asked: Exchange
) -> None:
    await exchanges.keep_draft(asked.id, 0, "Bec", None, "qwen")
    draft = await reread(exchanges, asked)
    assert (draft.draft, draft.draft_ids) == ("Bec", None)
    await exchanges.finish(
        asked.id,
        0,
        answer="Because.",
        ids=None,
        vocabulary="qwen",
        ended="stop",
        prompt_tokens=20,
        answer_tokens=2,
        seconds=0.5,
    )
    now = await reread(exchanges, asked)
    assert (now.answer, now.answer_ids) == ("Because.", None)


async def test_a_failure_is_kept_with_its_reason(exchanges: Exchanges, asked: Exchange) -> None:
    assert await exchanges.fail(asked.id, 0, "The model failed.")
    now = await reread(exchanges, asked)
    assert (now.state, now.ended, now.error) == (State.FAILED, "error", "The model failed.")


async def test_a_withdrawn_question_is_cancelled(exchanges: Exchanges, asked: Exchange) -> None:
    await exchanges.keep_draft(asked.id, 0, "Bec", [1], "fingerprint")
    assert await exchanges.withdraw(asked.id, 0)
    assert await reread(exchanges, asked) == replace(asked, state=State.CANCELLED)


async def test_a_draft_is_kept_and_its_attempt_given_back(
    exchanges: Exchanges, asked: Exchange
) -> None:
    await exchanges.start(asked.id, 0, seed=7)
    await exchanges.start(asked.id, 0, seed=8)
    assert await exchanges.keep_draft(asked.id, 0, "Bec", [1, 2], "fingerprint")
    now = await reread(exchanges, asked)
    assert (now.draft, now.draft_ids, now.draft_vocabulary) == ("Bec", (1, 2), "fingerprint")
    assert (now.state, now.attempts, now.answer) == (State.PENDING, 1, None)


async def test_a_delivery_is_noted_with_its_time(
    exchanges: Exchanges, answered: Exchange, clock: ManualClock
) -> None:
    clock.now = 1020.0
    assert await exchanges.delivered(answered.id, 0)
    now = await reread(exchanges, answered)
    assert now == replace(answered, state=State.DELIVERED, delivered_at=1020.0)


async def test_a_delivery_without_revision_is_of_the_stored_one(
    exchanges: Exchanges, answered: Exchange
) -> None:
    again = await redone(exchanges, answered)
    assert not await exchanges.delivered(answered.id)
    await give_answer(exchanges, again)
    assert not await exchanges.delivered(answered.id, 0)
    assert await exchanges.delivered(answered.id)


async def test_an_answer_for_nobody_is_undeliverable(
    exchanges: Exchanges, answered: Exchange
) -> None:
    assert await exchanges.undeliverable(answered.id)
    now = await reread(exchanges, answered)
    assert (now.state, now.answer) == (State.UNDELIVERABLE, "Because.")


async def test_a_question_of_nobody_is_not_answered_any_more(
    exchanges: Exchanges, asked: Exchange
) -> None:
    assert await exchanges.undeliverable(asked.id)
    assert not await give_answer(exchanges, asked)


async def test_what_was_delivered_stays_delivered(exchanges: Exchanges, answered: Exchange) -> None:
    assert await exchanges.delivered(answered.id)
    assert not await exchanges.undeliverable(answered.id)


async def test_a_reason_for_ending_that_nobody_knows_is_a_mistake(
    exchanges: Exchanges, asked: Exchange
) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        await give_answer(exchanges, asked, ended="tired")
