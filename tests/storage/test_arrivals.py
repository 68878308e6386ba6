import pytest

from storage.arrivals import Arrival
from storage.database import Database
from storage.records import Chat, Person

EVENT = ("terminal", "default", "7")


@pytest.fixture
async def mina(database: Database) -> Person:
    return await database.people.open("terminal", "mina", "Mina")


async def look(database: Database, event: tuple[str, str, str] | None = EVENT) -> Arrival:
    return await database.arrivals.look(event, "terminal", "default", "mina")


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
    await database.exchanges.add(chat.id, mina.id, "Mina", "Part 1", not_before=1500.0)
    assert (await look(database)).goes_on


async def test_what_waits_for_no_part_is_somebody_elses_or_was_begun_is_not(
    database: Database, chat: Chat, mina: Person
) -> None:
    exchanges = database.exchanges
    bo = await database.people.open("terminal", "bo", "Bo")
    elsewhere = await database.chats.open("terminal", "elsewhere", "private", "")
    await exchanges.add(chat.id, mina.id, "Mina", "Whole")
    await exchanges.add(chat.id, bo.id, "Bo", "Part 1", not_before=1500.0)
    await exchanges.add(elsewhere.id, mina.id, "Mina", "Part 1", not_before=1500.0)
    begun = await exchanges.add(chat.id, mina.id, "Mina", "Part 1", not_before=1500.0)
    assert begun is not None
    await exchanges.start(begun.id, begun.revision, seed=1)
    gone = await exchanges.add(chat.id, mina.id, "Mina", "Part 1", not_before=1500.0)
    assert gone is not None
    await exchanges.withdraw(gone.id, gone.revision)
    assert not (await look(database)).goes_on
