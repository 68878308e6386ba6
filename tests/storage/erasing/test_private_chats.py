"""The private chats of who is forgotten go as a whole."""

from pathlib import Path

import pytest

from storage.chats import Chats
from storage.database import Database
from storage.erasing import Erasing
from storage.exchanges import Exchanges
from storage.records import OPENER, Forgotten, Person
from tests.doubles.outside import run_sql
from tests.doubles.stored import give_answer
from tests.storage.erasing.conftest import MINA, ask


@pytest.mark.parametrize(
    ("native_id", "asked_in"),
    [("7", False), ("7/3", False), ("555", True)],
    ids=["named after them", "a part of that", "asked in"],
)
async def test_their_private_chats_are_gone_with_all_that_was_chosen_there(
    erasing: Erasing,
    chats: Chats,
    exchanges: Exchanges,
    mina: Person,
    native_id: str,
    asked_in: bool,  # noqa: FBT001 # a parameter of the test
) -> None:
    private = await chats.open("telegram", native_id, "private", "Mina")
    await chats.set_persona(private.id, "custom", "Call me Captain.")
    unknown = await ask(exchanges, private, None)
    if asked_in:
        await ask(exchanges, private, mina)
    assert await erasing.forget_person(*MINA) == Forgotten(
        1 + asked_in, 0, (private.id,), (native_id,)
    )
    assert await chats.find("telegram", native_id) is None
    assert await exchanges.get(unknown.id) is None


async def test_the_number_of_a_chat_that_is_gone_is_not_given_again(
    erasing: Erasing, chats: Chats
) -> None:
    gone = await chats.open("telegram", "7", "private", "Mina")
    await erasing.forget_person(*MINA)
    assert (await chats.open("telegram", "7", "private", "Mina")).id > gone.id


async def test_an_empty_private_chat_is_gone_too(erasing: Erasing, chats: Chats) -> None:
    private = await chats.open("telegram", "7", "private", "Mina")
    assert await erasing.forget_person(*MINA) == Forgotten(0, 0, (private.id,), ("7",))
    assert await chats.find("telegram", "7") is None


async def test_a_private_chat_that_is_marked_as_theirs_is_gone_though_it_is_empty(
    erasing: Erasing, chats: Chats
) -> None:
    private = await chats.open("telegram", "555", "private", "Mina")
    await chats.set_option(private.id, OPENER, "7")
    kept = await chats.open("telegram", "556", "private", "Jun")
    await chats.set_option(kept.id, OPENER, "71")
    assert await erasing.forget_person(*MINA) == Forgotten(0, 0, (private.id,), ("555",))
    assert [chat.id for chat in await chats.on("telegram")] == [kept.id]


async def test_a_group_of_their_number_is_nobodys_private_chat(
    erasing: Erasing, chats: Chats
) -> None:
    group = await chats.open("telegram", "7", "group", "Kitchen")
    await erasing.forget_person(*MINA)
    assert await chats.get(group.id) == group


async def test_what_hangs_on_a_chat_that_is_gone_goes_with_it(
    database: Database, erasing: Erasing, exchanges: Exchanges, mina: Person, path: Path
) -> None:
    private = await database.chats.open("telegram", "7", "private", "Mina")
    for number in range(2):
        asked = await exchanges.add(private.id, mina.id, "", "Why?", message_id=str(number))
        assert asked is not None
        await give_answer(exchanges, asked)
        await database.deliveries.note(asked.id, 0, f"answer {number}")
        if number == 0:
            await database.chats.clear(private.id)
    assert run_sql(path, "SELECT count(*) FROM leftovers") == [(1,)]
    await erasing.forget_person(*MINA)
    for table in ("exchanges", "deliveries", "sources", "leftovers", "chats", "people"):
        assert run_sql(path, f"SELECT * FROM {table}") == []  # noqa: S608 # names of ours
    assert run_sql(path, "PRAGMA foreign_key_check") == []
