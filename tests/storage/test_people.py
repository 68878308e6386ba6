from dataclasses import replace

import pytest

from storage.database import Database
from storage.records import Person


async def test_somebody_new_is_a_member(database: Database) -> None:
    assert await database.people.open("telegram", "7", "Mina") == Person(
        1, "telegram", "7", "Mina", "member", None
    )


@pytest.mark.parametrize("language", [None, "ko"])
async def test_somebody_known_is_the_same_person_with_the_newest_name(
    database: Database, language: str | None
) -> None:
    first = await database.people.open("telegram", "7", "Mina", "ko")
    renamed = await database.people.open("telegram", "7", "민아", language)
    assert renamed == replace(first, name="민아")
    assert renamed.language == "ko"


async def test_a_new_language_replaces_the_stored_one(database: Database) -> None:
    await database.people.open("telegram", "7", "Mina")
    assert (await database.people.open("telegram", "7", "Mina", "ko")).language == "ko"
    assert (await database.people.open("telegram", "7", "Mina", "en")).language == "en"


async def test_the_same_id_on_another_platform_is_somebody_else(database: Database) -> None:
    first = await database.people.open("telegram", "7", "Mina")
    other = await database.people.open("discord", "7", "Mina")
    assert first.id != other.id


async def test_somebody_who_was_seen_is_found(database: Database) -> None:
    seen = await database.people.open("telegram", "7", "Mina", "ko")
    assert await database.people.find("telegram", "7") == seen
    assert await database.people.find("telegram", "8") is None
    assert await database.people.find("discord", "7") is None
