import hmac

import pytest

import storage.claims
from storage.claims import Claims
from storage.database import Database
from storage.errors import StorageFullError
from storage.records import Person, PersonRole
from tests.doubles.clock import ManualClock

DIGEST = bytes(range(32))
OTHER = bytes(32)


@pytest.fixture
def claims(database: Database) -> Claims:
    return database.claims


async def redeemed(claims: Claims, digest: bytes) -> bool:
    return await claims.redeem(digest, "telegram", "7", "Mina", "ko")


async def test_where_none_is_open_none_is_redeemed(claims: Claims) -> None:
    assert not await redeemed(claims, DIGEST)
    assert not await redeemed(claims, b"")


async def test_a_claim_is_redeemed_once(claims: Claims) -> None:
    await claims.put(DIGEST, 2000.0)
    assert await redeemed(claims, DIGEST)
    assert not await redeemed(claims, DIGEST)


@pytest.mark.parametrize("wrong", [OTHER, DIGEST[:-1], DIGEST + b"\0", b""])
async def test_another_digest_redeems_nothing_and_leaves_the_claim(
    claims: Claims, wrong: bytes
) -> None:
    await claims.put(DIGEST, 2000.0)
    assert not await redeemed(claims, wrong)
    assert await redeemed(claims, DIGEST)


async def test_a_new_claim_voids_the_one_before(claims: Claims) -> None:
    await claims.put(DIGEST, 2000.0)
    await claims.put(OTHER, 2000.0)
    assert not await redeemed(claims, DIGEST)
    assert await redeemed(claims, OTHER)


async def test_an_expired_claim_is_redeemed_by_nobody_and_deleted(
    claims: Claims, clock: ManualClock
) -> None:
    await claims.put(DIGEST, 2000.0)
    clock.now = 2000.0
    assert not await redeemed(claims, OTHER)
    assert await claims._connection.rows("SELECT * FROM claims") == []
    assert not await redeemed(claims, DIGEST)


async def test_a_claim_holds_until_the_moment_at_which_it_expires(
    claims: Claims, clock: ManualClock
) -> None:
    await claims.put(DIGEST, 2000.0)
    clock.now = 1999.0
    assert await redeemed(claims, DIGEST)


async def test_the_comparison_takes_the_same_time_whatever_is_given(
    claims: Claims, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared = []

    def compare(one: bytes, other: bytes) -> bool:
        compared.append({one, other})
        return one == other

    monkeypatch.setattr(hmac, "compare_digest", compare)
    await claims.put(DIGEST, 2000.0)
    assert not await redeemed(claims, OTHER)
    assert await redeemed(claims, DIGEST)
    assert compared == [{DIGEST, OTHER}, {DIGEST}]


async def test_who_redeems_a_claim_is_owner_and_asks_to_be_let_in_no_more(
    claims: Claims, database: Database
) -> None:
    await claims.put(DIGEST, 2000.0)
    for native_id in ("7", "8"):
        await database.knocks.add("telegram", native_id, place=False, name="", language=None)
    assert not await redeemed(claims, OTHER)
    assert await database.people.find("telegram", "7") is None
    assert await redeemed(claims, DIGEST)

    owner = await database.people.find("telegram", "7")
    assert isinstance(owner, Person)
    assert (owner.role, owner.name, owner.language) == (PersonRole.OWNER, "Mina", "ko")
    assert [one.native_id for one in await database.knocks.open()] == ["8"]


async def test_a_claim_that_makes_nobody_owner_is_still_good(
    claims: Claims, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise StorageFullError("the disk is full")

    await claims.put(DIGEST, 2000.0)
    with monkeypatch.context() as patch:
        patch.setattr(storage.claims, "grant", fail)
        with pytest.raises(StorageFullError):
            await redeemed(claims, DIGEST)
    assert await redeemed(claims, DIGEST)
