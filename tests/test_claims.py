"""Codes that make somebody the owner."""

import base64
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.claims import LASTS_SECONDS, Claims, Redeemed, looks_like_code
from bot.message import Author
from storage.database import Database
from tests.doubles.clock import ManualClock
from tests.doubles.outside import contents

RIGHT, WRONG, TOO_MANY, IGNORED = Redeemed
ME = ("telegram", Author("7", "Mina"))
FALSE = "A" * 22
"""It looks like a code, and is none."""


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(1000.0)


@pytest.fixture
async def claims(path: Path, clock: ManualClock) -> AsyncIterator[Claims]:
    async with Database.open(path, clock) as database:
        yield Claims(database.claims, clock)


async def test_a_code_is_128_bits_and_never_the_same(claims: Claims) -> None:
    codes = [await claims.issue() for _ in range(5)]

    assert len(set(codes)) == 5
    for code in codes:
        assert looks_like_code(code)
        assert len(base64.urlsafe_b64decode(code + "==")) == 16


async def test_a_code_can_be_used_once(claims: Claims) -> None:
    code = await claims.issue()

    assert await claims.redeem(*ME, code) is RIGHT
    assert await claims.redeem(*ME, code) is WRONG
    assert await claims.redeem("discord", Author("8", "Jun"), code) is WRONG


async def test_whoever_brings_the_code_may_use_it(claims: Claims) -> None:
    assert await claims.redeem("discord", Author("8", "Jun"), await claims.issue()) is RIGHT


async def test_without_a_code_that_is_open_none_is_right(claims: Claims) -> None:
    assert await claims.redeem(*ME, FALSE) is WRONG


@pytest.mark.parametrize(
    ("seconds", "redeemed"), [(0, RIGHT), (LASTS_SECONDS - 1, RIGHT), (LASTS_SECONDS, WRONG)]
)
async def test_a_code_lasts_an_hour(
    claims: Claims, clock: ManualClock, seconds: float, redeemed: Redeemed
) -> None:
    code = await claims.issue()
    clock.now += seconds

    assert await claims.redeem(*ME, code) is redeemed
    assert LASTS_SECONDS == 3600


async def test_a_new_code_voids_the_one_before(claims: Claims) -> None:
    old, new = await claims.issue(), await claims.issue()

    assert await claims.redeem(*ME, old) is WRONG
    assert await claims.redeem(*ME, new) is RIGHT


async def test_a_code_of_which_a_letter_is_wrong_is_wrong(claims: Claims) -> None:
    code = await claims.issue()
    swapped = code.swapcase()

    for false in (swapped, code[:-1], f"{code}A", f" {code}", ""):
        assert await claims.redeem("telegram", Author(false, "Jun"), false) is WRONG
    assert await claims.redeem(*ME, code) is RIGHT


async def test_after_five_wrong_codes_an_hour_none_of_that_person_is_looked_at(
    claims: Claims, clock: ManualClock
) -> None:
    code = await claims.issue()
    tries = [await claims.redeem(*ME, false) for false in (FALSE, "x", FALSE, "", FALSE)]
    clock.now += 1
    too_often = [await claims.redeem(*ME, one) for one in (code, FALSE, code)]
    clock.now += 3600

    assert tries == [WRONG] * 5
    assert too_often == [TOO_MANY, IGNORED, IGNORED]
    assert await claims.redeem(*ME, await claims.issue()) is RIGHT


async def test_wrong_codes_count_for_an_hour_each(claims: Claims, clock: ManualClock) -> None:
    for _ in range(5):
        await claims.redeem(*ME, FALSE)
        clock.now += 600
    code = await claims.issue()
    assert await claims.redeem(*ME, code) is TOO_MANY
    clock.now += 600  # the first is an hour old

    assert await claims.redeem(*ME, FALSE) is WRONG
    assert await claims.redeem(*ME, code) is IGNORED
    clock.now += 600  # and the second, before which they were not told

    assert await claims.redeem(*ME, code) is RIGHT


async def test_of_people_who_come_no_more_nothing_is_remembered(
    claims: Claims, clock: ManualClock
) -> None:
    for number in range(20):
        for _ in range(7):
            await claims.redeem("telegram", Author(str(number), ""), FALSE)
    clock.now += 3600
    await claims.redeem(*ME, FALSE)

    assert (len(claims._wrong._times), len(claims._told._times)) == (1, 0)


async def test_what_one_tried_keeps_nobody_else_out(claims: Claims) -> None:
    code = await claims.issue()
    for _ in range(6):
        await claims.redeem(*ME, FALSE)

    assert await claims.redeem("discord", Author("7", "Jun"), code) is RIGHT


async def test_only_a_hash_of_the_code_is_in_the_files(claims: Claims, path: Path) -> None:
    code = await claims.issue()
    stored = b"".join(contents(path.parent).values())

    assert hashlib.sha256(code.encode()).digest() in stored
    assert code.encode() not in stored
    assert base64.urlsafe_b64decode(code + "==") not in stored


@pytest.mark.parametrize(
    ("text", "looks"),
    [
        (FALSE, True),
        ("-_" * 11, True),
        ("A" * 21, False),
        ("A" * 23, False),
        ("", False),
        ("A" * 21 + "!", False),
        ("A" * 21 + "é", False),
        ("A" * 22 + "\n", False),
    ],
)
def test_what_may_be_a_code(text: str, *, looks: bool) -> None:
    assert looks_like_code(text) is looks
