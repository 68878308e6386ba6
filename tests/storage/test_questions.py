import pytest

from storage.database import Database
from storage.errors import ForgottenError
from storage.exchanges import Exchanges
from storage.records import Chat, Exchange, Quote, State, Work
from tests.doubles.clock import ManualClock
from tests.doubles.stored import ask, ask_and_answer


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
        to_show=False,
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


async def test_a_question_was_asked_when_it_was_said(
    exchanges: Exchanges, chat: Chat, clock: ManualClock
) -> None:
    clock.now = 2000.0
    added = await exchanges.add(chat.id, None, "Mina", "Why?", asked_at=1500.0)
    assert added is not None
    assert added.created_at == 1500.0


@pytest.mark.parametrize("who", ["chat", "person"])
async def test_of_a_chat_or_person_that_was_forgotten_meanwhile_nothing_is_stored(
    database: Database, exchanges: Exchanges, chat: Chat, who: str
) -> None:
    mina = await database.people.open("telegram", "7", "Mina")
    gone = {"chat": (chat.id + 1, mina.id), "person": (chat.id, mina.id + 1)}[who]
    with pytest.raises(ForgottenError, match="ask once more"):
        await exchanges.add(*gone, "Mina", "Why?", event=("telegram", "1", "5"))
    assert not await database.incoming.known(("telegram", "1", "5"))
    assert await exchanges.all(chat.id) == []
