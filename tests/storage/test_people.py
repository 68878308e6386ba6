import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from storage.database import Database
from storage.records import Person, PersonRole


async def test_to_somebody_new_nothing_is_granted(database: Database) -> None:
    assert await database.people.open("telegram", "7", "Mina") == Person(
        1, "telegram", "7", "Mina", None, None
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


@pytest.mark.parametrize("role", [*PersonRole, None])
async def test_a_role_is_kept_in_place_of_any_other(
    database: Database, role: PersonRole | None
) -> None:
    seen = await database.people.open("telegram", "7", "Mina", "ko")
    await database.people.set_role("telegram", "7", PersonRole.ADMIN)
    changed = await database.people.set_role("telegram", "7", role)
    assert changed == replace(seen, role=role)
    assert changed.role is role
    assert await database.people.find("telegram", "7") == changed
    assert await database.people.open("telegram", "7", "Mina") == changed


async def test_a_role_can_be_granted_to_somebody_who_was_never_seen(database: Database) -> None:
    granted = await database.people.set_role("telegram", "7", PersonRole.MEMBER)
    assert granted == Person(1, "telegram", "7", "", PersonRole.MEMBER, None)
    seen = await database.people.open("telegram", "7", "Mina", "ko")
    assert seen == Person(1, "telegram", "7", "Mina", PersonRole.MEMBER, "ko")


async def test_a_name_that_comes_with_a_role_replaces_the_stored_one_and_none_does_not(
    database: Database,
) -> None:
    people = database.people
    assert (await people.set_role("telegram", "7", PersonRole.MEMBER, "Mina")).name == "Mina"
    assert (await people.set_role("telegram", "7", PersonRole.ADMIN)).name == "Mina"
    assert (await people.set_role("telegram", "7", PersonRole.ADMIN, "민아")).name == "민아"


async def test_a_role_is_of_one_platform(database: Database) -> None:
    await database.people.open("discord", "7", "Jun")
    await database.people.set_role("telegram", "7", PersonRole.OWNER)
    other = await database.people.find("discord", "7")
    assert other is not None
    assert other.role is None


async def test_those_with_roles_are_found_in_order_and_no_others(database: Database) -> None:
    people = database.people
    first = await people.set_role("telegram", "9", PersonRole.BLOCKED)
    await people.open("telegram", "7", "Mina")
    second = await people.set_role("discord", "1", PersonRole.OWNER)
    await people.set_role("discord", "2", PersonRole.MEMBER)
    await people.set_role("discord", "2", None)
    assert await people.with_roles() == [first, second]


async def test_the_number_of_somebody_who_was_forgotten_is_not_given_again(
    database: Database,
) -> None:
    gone = await database.people.open("telegram", "7", "Mina")
    await database.erasing.forget_person("telegram", "7")
    assert (await database.people.open("telegram", "8", "Jun")).id > gone.id


async def test_who_is_known_already_is_found_without_writing(
    database: Database, path: Path
) -> None:
    mina = await database.people.open("telegram", "7", "Mina", "ko")
    with closing(sqlite3.connect(path)) as other:
        before = other.execute("PRAGMA data_version").fetchone()
        assert await database.people.open("telegram", "7", "Mina", "ko") == mina
        assert await database.people.open("telegram", "7", "Mina") == mina
        assert other.execute("PRAGMA data_version").fetchone() == before
        await database.people.open("telegram", "7", "Mina", "en")
        assert other.execute("PRAGMA data_version").fetchone() != before
