import hmac

import pytest

from storage.claims import Claims
from storage.database import Database
from tests.doubles.clock import ManualClock

DIGEST = bytes(range(32))
OTHER = bytes(32)


@pytest.fixture
def claims(database: Database) -> Claims:
    return database.claims


async def test_where_none_is_open_none_is_redeemed(claims: Claims) -> None:
    assert not await claims.redeem(DIGEST)
    assert not await claims.redeem(b"")


async def test_a_claim_is_redeemed_once(claims: Claims) -> None:
    await claims.put(DIGEST, 2000.0)
    assert await claims.redeem(DIGEST)
    assert not await claims.redeem(DIGEST)


@pytest.mark.parametrize("wrong", [OTHER, DIGEST[:-1], DIGEST + b"\0", b""])
async def test_another_digest_redeems_nothing_and_leaves_the_claim(
    claims: Claims, wrong: bytes
) -> None:
    await claims.put(DIGEST, 2000.0)
    assert not await claims.redeem(wrong)
    assert await claims.redeem(DIGEST)


async def test_a_new_claim_voids_the_one_before(claims: Claims) -> None:
    await claims.put(DIGEST, 2000.0)
    await claims.put(OTHER, 2000.0)
    assert not await claims.redeem(DIGEST)
    assert await claims.redeem(OTHER)


async def test_an_expired_claim_is_redeemed_by_nobody_and_deleted(
    claims: Claims, clock: ManualClock
) -> None:
    await claims.put(DIGEST, 2000.0)
    clock.now = 2000.0
    assert not await claims.redeem(OTHER)
    assert await claims._connection.rows("SELECT * FROM claims") == []
    assert not await claims.redeem(DIGEST)


async def test_a_claim_holds_until_the_moment_at_which_it_expires(
    claims: Claims, clock: ManualClock
) -> None:
    await claims.put(DIGEST, 2000.0)
    clock.now = 1999.0
    assert await claims.redeem(DIGEST)


async def test_the_comparison_takes_the_same_time_whatever_is_given(
    claims: Claims, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared = []

    def compare(one: bytes, other: bytes) -> bool:
        compared.append({one, other})
        return one == other

    monkeypatch.setattr(hmac, "compare_digest", compare)
    await claims.put(DIGEST, 2000.0)
    assert not await claims.redeem(OTHER)
    assert await claims.redeem(DIGEST)
    assert compared == [{DIGEST, OTHER}, {DIGEST}]
