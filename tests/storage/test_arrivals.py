from collections.abc import Awaitable, Callable

import pytest

from storage.arrivals import Arrival
from storage.database import Database
from storage.records import Chat, Exchange, Person
from tests.doubles.stored import ask

EVENT = ("terminal", "default", "7")


@pytest.fixture
async def mina(database: Database) -> Person:
    return await database.people.open("terminal", "mina", "Mina")


async def look(database: Database, event: tuple[str, str, str] | None = EVENT) -> Arrival:
    return await database.arrivals.look(event, "terminal", "default", "mina")


async def begin(
    database: Database, chat: Chat, person: Person, not_before: float | None = 1500.0
) -> Exchange:
    """Ask what further parts may follow."""
    added = await database.exchanges.add(
        *(chat.id, person.id, person.name, "Part 1"), message_id="8", not_before=not_before
    )
    assert added is not None
    return added


async def test_of_what_comes_for_the_first_time_nothing_is_known(database: Database) -> None:
    assert await look(database) == Arrival(known=False, chat=None, person=None, goes_on=False)


async def test_where_it_was_said_and_who_said_it_are_found(
    database: Database, chat: Chat, mina: Person
) -> None:
    await database.chats.open("telegram", "default", "private", "Another")
    await database.people.open("telegram", "mina", "Another")
    assert await look(database) == Arrival(known=False, chat=chat, person=mina, goes_on=False)


async def test_a_person_is_found_also_where_the_chat_is_new(
    database: Database, mina: Person
) -> None:
    assert await look(database) == Arrival(known=False, chat=None, person=mina, goes_on=False)


async def test_what_was_taken_in_before_is_known_and_what_nobody_brings_again_is_not(
    database: Database, chat: Chat, mina: Person
) -> None:
    await database.incoming.record(EVENT)
    assert await look(database) == Arrival(known=True)
    assert await look(database, None) == Arrival(known=False, chat=chat, person=mina)


async def test_a_question_that_waits_for_parts_is_gone_on_with(
    database: Database, chat: Chat, mina: Person
) -> None:
    await begin(database, chat, mina)
    assert (await look(database)).goes_on


async def nothing(_: Database, __: Exchange) -> None:
    """Let no more happen."""


async def answer_it(database: Database, asked: Exchange) -> None:
    await database.exchanges.start(asked.id, asked.revision, seed=1)


async def take_it_back(database: Database, asked: Exchange) -> None:
    await database.exchanges.withdraw(asked.id, asked.revision)


async def ask_more(database: Database, asked: Exchange) -> None:
    await ask(database.exchanges, asked.chat_id)


async def ask_elsewhere(database: Database, _: Exchange) -> None:
    elsewhere = await database.chats.open("terminal", "elsewhere", "private", "")
    await ask(database.exchanges, elsewhere.id)


async def join(database: Database, asked: Exchange) -> None:
    assert await extend(database, asked) is not None


async def extend(database: Database, asked: Exchange) -> Exchange | None:
    assert asked.person_id is not None
    return await database.exchanges.extend(
        asked.chat_id,
        asked.person_id,
        "More",
        event=None,
        message_id="9",
        said_at=1000.0,
        within=5.0,
        not_before=1500.0,
    )


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        *((nothing, True), (join, True), (ask_elsewhere, True)),
        *((answer_it, False), (take_it_back, False), (ask_more, False)),
    ],
)
async def test_a_part_is_joined_just_where_the_question_is_found_to_wait_for_it(
    database: Database,
    chat: Chat,
    mina: Person,
    later: Callable[[Database, Exchange], Awaitable[None]],
    expected: bool,  # noqa: FBT001 # a case
) -> None:
    asked = await begin(database, chat, mina)
    await later(database, asked)
    assert (await look(database)).goes_on == expected
    assert (await extend(database, asked) is not None) == expected


async def test_what_waits_for_no_part_or_is_somebody_elses_is_not_gone_on_with(
    database: Database, chat: Chat, mina: Person
) -> None:
    bo = await database.people.open("terminal", "bo", "Bo")
    elsewhere = await database.chats.open("terminal", "elsewhere", "private", "")
    await begin(database, elsewhere, mina)
    assert not (await look(database)).goes_on
    await begin(database, chat, bo)
    assert not (await look(database)).goes_on
    await begin(database, chat, mina, not_before=None)
    assert not (await look(database)).goes_on
