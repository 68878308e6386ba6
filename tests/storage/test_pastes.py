from dataclasses import replace

import pytest

from storage.database import Database
from storage.exchanges import Exchanges
from storage.records import Asked, Chat, Exchange, Person, State
from tests.doubles.stored import ask, ask_and_answer, redone, reread

SOON = 1001.0
"""The time that a message waits for its next part."""


@pytest.fixture
async def mina(database: Database) -> Person:
    return await database.people.open("telegram", "7", "Mina")


@pytest.fixture
async def begun(exchanges: Exchanges, chat: Chat, mina: Person) -> Exchange:
    """The first part of a long paste, said at 900."""
    added = await exchanges.add(
        chat.id, mina.id, "Mina", "one", message_id="41", asked_at=900.0, not_before=SOON
    )
    assert added is not None
    return added


async def join(  # noqa: PLR0913 # as many as it passes on
    exchanges: Exchanges,
    exchange: Exchange,
    text: str,
    message_id: str = "42",
    *,
    person_id: int | None = None,
    said_at: float = 901.0,
    not_before: float | None = SOON,
    event: tuple[str, str, str] | None = None,
    longest: int | None = None,
) -> Exchange | None:
    """Say what may be a further part; parts may be two seconds apart."""
    return await exchanges.extend(
        exchange.chat_id,
        person_id or exchange.person_id or 0,
        text,
        event=event,
        message_id=message_id,
        said_at=said_at,
        within=2.0,
        not_before=not_before,
        longest=longest,
    )


async def test_a_further_part_is_joined_to_the_question(
    exchanges: Exchanges, begun: Exchange
) -> None:
    whole = await join(exchanges, begun, "둘", not_before=1002.0)
    assert whole == replace(begun, question="one\n둘", not_before=1002.0, revision=1)
    assert await exchanges.all(begun.chat_id) == [whole]


async def test_a_worker_that_began_before_a_part_was_joined_is_void(
    exchanges: Exchanges, begun: Exchange
) -> None:
    assert await join(exchanges, begun, "two")
    assert await exchanges.start(begun.id, begun.revision, seed=1) is None


async def test_parts_are_joined_one_after_the_other(exchanges: Exchanges, begun: Exchange) -> None:
    await join(exchanges, begun, "two", "42", said_at=902.0)
    whole = await join(exchanges, begun, "three", "43", said_at=904.0)
    assert whole is not None
    assert (whole.question, whole.revision) == ("one\ntwo\nthree", 2)


async def test_after_the_last_part_it_waits_for_no_other(
    exchanges: Exchanges, begun: Exchange
) -> None:
    whole = await join(exchanges, begun, "two", not_before=None)
    assert whole is not None
    assert whole.not_before is None
    assert await join(exchanges, begun, "another thing", "43") is None


@pytest.mark.parametrize(("said_at", "joined"), [(902.0, True), (902.5, False), (899.0, True)])
async def test_a_part_is_said_soon_after_the_one_before(
    exchanges: Exchanges,
    begun: Exchange,
    said_at: float,
    joined: bool,  # noqa: FBT001 # a case
) -> None:
    assert (await join(exchanges, begun, "two", said_at=said_at) is not None) == joined
    assert (await reread(exchanges, begun) == begun) != joined


async def test_only_the_same_person_goes_on(
    database: Database, exchanges: Exchanges, begun: Exchange
) -> None:
    other = await database.people.open("telegram", "8", "Jun")
    assert await join(exchanges, begun, "I too!", person_id=other.id) is None
    assert await reread(exchanges, begun) == begun


async def test_a_question_that_waits_for_nothing_is_not_gone_on_with(
    exchanges: Exchanges, chat: Chat, mina: Person
) -> None:
    asked = await exchanges.add(chat.id, mina.id, "Mina", "Why?", message_id="41", asked_at=900.0)
    assert asked is not None
    assert await join(exchanges, asked, "And how?") is None


async def test_a_question_that_is_no_message_is_not_gone_on_with(
    exchanges: Exchanges, chat: Chat, mina: Person
) -> None:
    asked = await exchanges.add(chat.id, mina.id, "Mina", "Why?", asked_at=900.0, not_before=SOON)
    assert asked is not None
    assert await join(exchanges, asked, "And how?") is None


async def test_a_question_that_was_begun_to_be_answered_is_not_gone_on_with(
    exchanges: Exchanges, begun: Exchange
) -> None:
    started = await exchanges.start(begun.id, 0, seed=1)
    assert await join(exchanges, begun, "two") is None
    assert await reread(exchanges, begun) == started
    await exchanges.keep_draft(begun.id, 0, "Bec", [1], "fingerprint")  # gives the attempt back
    assert await join(exchanges, begun, "two") is None


async def test_a_question_that_was_taken_back_is_not_gone_on_with(
    exchanges: Exchanges, begun: Exchange
) -> None:
    await exchanges.withdraw(begun.id, 0)
    assert await join(exchanges, begun, "two") is None


async def test_a_question_may_grow_to_its_longest(exchanges: Exchanges, begun: Exchange) -> None:
    whole = await join(exchanges, begun, "둘", longest=5)
    assert whole is not None
    assert (whole.question, whole.state) == ("one\n둘", State.PENDING)


async def test_a_question_that_would_grow_too_long_is_taken_back_without_the_part(
    exchanges: Exchanges, begun: Exchange
) -> None:
    event = ("telegram", "7", "501")
    taken_back = await join(exchanges, begun, "둘", longest=4, event=event)
    assert taken_back == replace(begun, state=State.CANCELLED, to_show=True)
    assert await exchanges.asked_by(begun.chat_id, "42") is None
    assert await exchanges.pending(begun.chat_id) == []
    assert await join(exchanges, begun, "2", "43") is None
    added = await exchanges.add(begun.chat_id, begun.person_id, "Mina", "둘", event=event)
    assert added is None


async def test_a_question_that_is_asked_again_is_not_gone_on_with(
    exchanges: Exchanges, begun: Exchange
) -> None:
    await exchanges.withdraw(begun.id, 0)
    await redone(exchanges, begun)
    assert await join(exchanges, begun, "two") is None


async def test_only_the_newest_question_of_a_chat_is_gone_on_with(
    database: Database, exchanges: Exchanges, chat: Chat, begun: Exchange
) -> None:
    elsewhere = await database.chats.open("telegram", "7", "private", "")
    await ask(exchanges, elsewhere.id)
    assert await join(exchanges, begun, "two")
    await ask(exchanges, chat.id)
    assert await join(exchanges, begun, "three", "43") is None


async def test_in_another_chat_nothing_is_gone_on_with(
    database: Database, exchanges: Exchanges, begun: Exchange
) -> None:
    elsewhere = await database.chats.open("telegram", "7", "private", "")
    assert await join(exchanges, replace(begun, chat_id=elsewhere.id), "two") is None


async def test_a_redelivered_part_is_joined_once(exchanges: Exchanges, begun: Exchange) -> None:
    event = ("telegram", "7", "501")
    whole = await join(exchanges, begun, "two", event=event)
    assert whole is not None
    assert await join(exchanges, begun, "two", event=event) is None
    assert await reread(exchanges, begun) == whole


async def test_an_event_that_goes_on_with_nothing_may_still_be_asked(
    exchanges: Exchanges, chat: Chat, mina: Person
) -> None:
    event = ("telegram", "7", "501")
    done = replace(await ask_and_answer(exchanges, chat.id), person_id=mina.id)
    assert await join(exchanges, done, "two", event=event) is None
    assert await exchanges.add(chat.id, mina.id, "Mina", "two", event=event)


async def test_a_message_is_found_in_the_question_that_it_is_a_part_of(
    database: Database, exchanges: Exchanges, begun: Exchange
) -> None:
    elsewhere = await database.chats.open("telegram", "7", "private", "")
    other = await exchanges.add(elsewhere.id, None, "Jun", "How?", message_id="41")
    assert other is not None
    await join(exchanges, begun, "two", "42")
    await ask(exchanges, begun.chat_id)
    assert await exchanges.asked_by(begun.chat_id, "41") == Asked(begun.id, begun.question)
    assert await exchanges.asked_by(begun.chat_id, "42") == Asked(begun.id, "two")
    assert await exchanges.asked_by(elsewhere.id, "41") == Asked(other.id, "How?")
    assert await exchanges.asked_by(elsewhere.id, "42") is None
