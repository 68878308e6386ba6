import sqlite3

import pytest

from storage.database import Database
from storage.knocks import Knocks
from storage.records import Knock, Told
from tests.doubles.clock import ManualClock

DAY = 24 * 3600.0


@pytest.fixture
def knocks(database: Database) -> Knocks:
    return database.knocks


async def knock(knocks: Knocks, native_id: str | int, *, place: bool = False) -> Told | None:
    return await knocks.add(
        "telegram", str(native_id), place=place, name=f"Guest {native_id}", language="ko"
    )


async def test_a_knock_is_kept_as_it_was_last_made(knocks: Knocks, clock: ManualClock) -> None:
    await knocks.add("telegram", "7", place=False, name="Mina", language="ko")
    clock.now += DAY
    await knocks.add("telegram", "7", place=False, name="민아", language=None)
    assert await knocks.open() == [
        Knock("telegram", "7", place=False, name="민아", language=None, asked_at=1000.0 + DAY)
    ]


async def test_knocks_are_listed_newest_first(knocks: Knocks, clock: ManualClock) -> None:
    await knock(knocks, 1)
    await knock(knocks, 2, place=True)
    clock.now += DAY
    await knock(knocks, 1)
    clock.now += 1
    await knock(knocks, 3)
    await knock(knocks, 4)
    found = await knocks.open()
    assert [(one.native_id, one.place) for one in found] == [
        ("4", False),
        ("3", False),
        ("1", False),
        ("2", True),
    ]


async def test_the_same_one_again_within_24_hours_is_none(
    knocks: Knocks, clock: ManualClock
) -> None:
    assert await knock(knocks, 7) is Told.ALONE
    clock.now += DAY - 1
    assert await knock(knocks, 7) is None
    assert (await knocks.open())[0].asked_at == 1000.0
    clock.now += 1
    assert await knock(knocks, 7) is Told.ALONE


async def test_a_place_another_platform_and_a_longer_id_are_not_the_same_one(
    knocks: Knocks,
) -> None:
    assert await knock(knocks, 7) is Told.ALONE
    assert await knock(knocks, 7, place=True) is Told.ALONE
    assert await knock(knocks, 70) is Told.ALONE
    other = await knocks.add("discord", "7", place=False, name="", language=None)
    assert other is Told.ALONE


async def test_ten_are_told_alone_then_once_that_there_are_more_then_nobody(
    knocks: Knocks,
) -> None:
    told = [await knock(knocks, number, place=number % 2 == 0) for number in range(13)]
    assert told == [Told.ALONE] * 10 + [Told.DIGEST] + [Told.NOBODY] * 2
    assert len(await knocks.open()) == 13


async def test_in_any_24_hours_ten_are_told_alone_and_one_digest(
    knocks: Knocks, clock: ManualClock
) -> None:
    for number in range(5):
        assert await knock(knocks, number) is Told.ALONE
    clock.now += DAY / 2
    for number in range(5, 10):
        assert await knock(knocks, number) is Told.ALONE
    assert await knock(knocks, 10) is Told.DIGEST
    clock.now += DAY / 2 - 1
    assert await knock(knocks, 11) is Told.NOBODY
    clock.now += 1  # the first five were a day ago
    for number in range(12, 17):
        assert await knock(knocks, number) is Told.ALONE
    assert await knock(knocks, 17) is Told.NOBODY
    clock.now += DAY / 2  # so were the second five, and the digest
    for number in range(18, 23):
        assert await knock(knocks, number) is Told.ALONE
    assert await knock(knocks, 23) is Told.DIGEST


async def test_a_decision_does_not_let_more_be_told(knocks: Knocks) -> None:
    for number in range(10):
        await knock(knocks, number)
        await knocks.forget("telegram", str(number), place=False)
    assert await knocks.open() == []
    assert await knock(knocks, 0) is Told.DIGEST


async def test_a_clock_that_was_put_back_silences_nobody_for_longer_than_a_day(
    knocks: Knocks, clock: ManualClock
) -> None:
    clock.now = 400 * DAY
    for number in range(12):
        await knock(knocks, number)
    clock.now -= 60.0
    assert await knock(knocks, 0) is None
    assert await knock(knocks, 12) is Told.NOBODY
    clock.now = DAY
    assert await knock(knocks, 0) is Told.ALONE


async def test_only_the_knock_that_was_decided_is_forgotten(knocks: Knocks) -> None:
    for native_id, place in (("12", False), ("12", True), ("123", True), ("123", False)):
        await knock(knocks, native_id, place=place)
    await knocks.add("discord", "12", place=True, name="", language=None)
    await knocks.forget("telegram", "12", place=True)
    left = [(one.platform, one.native_id, one.place) for one in await knocks.open()]
    assert sorted(left) == [
        ("discord", "12", True),
        ("telegram", "12", False),
        ("telegram", "123", False),
        ("telegram", "123", True),
    ]


async def test_with_a_place_the_knocks_of_its_parts_are_decided(knocks: Knocks) -> None:
    for native_id in ("12", "12/3", "12/3/4", "123/4"):
        await knock(knocks, native_id, place=True)
    await knocks.forget("telegram", "12/3", place=True)
    assert [one.native_id for one in await knocks.open()] == ["123/4", "12"]


async def test_old_knocks_are_forgotten(knocks: Knocks, clock: ManualClock) -> None:
    await knock(knocks, 1)
    clock.now += 7 * DAY
    await knock(knocks, 2)
    await knocks.forget_before(clock.now)
    assert [one.native_id for one in await knocks.open()] == ["2"]


async def test_when_owners_were_told_is_kept_for_a_day(
    knocks: Knocks, clock: ManualClock, database: Database
) -> None:
    for number in range(12):
        await knock(knocks, number)
    clock.now += DAY
    await knock(knocks, 12)
    [row] = await database.knocks._connection.rows("SELECT count(*) FROM tellings")
    assert row[0] == 1


async def test_a_knock_that_cannot_be_stored_is_not_counted_as_told(
    knocks: Knocks, database: Database
) -> None:
    connection = database.knocks._connection
    await connection.change(
        "CREATE TRIGGER refuse BEFORE INSERT ON tellings BEGIN SELECT raise(ABORT, 'no'); END"
    )
    with pytest.raises(sqlite3.IntegrityError, match="no"):
        await knock(knocks, 1)
    await connection.change("DROP TRIGGER refuse")
    assert await knocks.open() == []
    assert await knock(knocks, 1) is Told.ALONE
