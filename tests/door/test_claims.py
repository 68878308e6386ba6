"""Whoever brings the code becomes the owner."""

import asyncio
from pathlib import Path

import pytest

from bot.delivery.stream import AnswerStream
from bot.message import Author, ChatKey, Platform, Visitor
from bot.reply import NOTHING, Reply
from storage.records import PersonRole
from tests.doubles.doorstep import (
    ADA,
    CLOSED,
    JUN,
    MINA,
    Post,
    attached,
    closed,
    knocking,
    made,
    told,
)
from tests.doubles.rooms import Rooms, open_rooms

TELEGRAM = Platform.TELEGRAM
FALSE = "A" * 22
"""It looks like a code, and is none."""


@pytest.mark.parametrize("command", ["claim", "start", "CLAIM"])
async def test_who_brings_the_code_is_the_owner(path: Path, command: str) -> None:
    async with open_rooms(path, access=closed(), platform=TELEGRAM) as rooms:
        post = attached(rooms, TELEGRAM)
        code = await rooms.claims.issue()
        reply = await rooms.dialogue.take(knocking(f"/{command} {code}", JUN))

        assert isinstance(reply, Reply)
        assert reply.text.startswith("You are my owner now.")
        assert reply.private
        assert post.admins[-1] == ["8"]
        owner = await rooms.database.people.find(TELEGRAM, "8")
        assert owner is not None
        assert (owner.role, owner.name) == (PersonRole.OWNER, "Jun")
        assert isinstance(await rooms.dialogue.take(knocking("Hi", JUN)), AnswerStream)
        assert (await told(rooms, knocking(f"/claim {code}", MINA))) != ""
        assert await rooms.database.people.find(TELEGRAM, "7") is None


async def test_a_new_owner_hears_of_those_who_asked_before_there_was_one(path: Path) -> None:
    async with open_rooms(path, access=closed(), platform=TELEGRAM) as rooms:
        await told(rooms, knocking("Hi", MINA))
        await told(rooms, knocking("Hi", JUN))
        reply = await told(rooms, knocking(f"/claim {await rooms.claims.issue()}", JUN))

        assert "Somebody asks to talk to me already: /admin people shows who." in reply
        assert [one.native_id for one in await rooms.database.knocks.open()] == ["7"]


async def test_who_asked_and_becomes_the_owner_asks_no_more(path: Path) -> None:
    async with open_rooms(path, access=closed(), platform=TELEGRAM) as rooms:
        await told(rooms, knocking("Hi", MINA))
        await told(rooms, knocking(f"/claim {await rooms.claims.issue()}", MINA))

        assert await rooms.database.knocks.open() == []
        owner = await rooms.database.people.find(TELEGRAM, "7")
        assert owner is not None
        assert owner.language == "ko-KR"


async def test_a_member_and_an_admin_can_become_owner_by_the_code(rooms: Rooms) -> None:
    for author, role in ((JUN, PersonRole.MEMBER), (MINA, PersonRole.ADMIN)):
        await made(rooms, author, role)
        await told(rooms, knocking(f"/claim {await rooms.claims.issue()}", author))
        found = await rooms.database.people.find(TELEGRAM, author.native_id)
        assert found is not None
        assert found.role is PersonRole.OWNER


async def test_a_wrong_code_is_told_and_stores_nothing(rooms: Rooms, post: Post) -> None:
    reply = await told(rooms, knocking(f"/claim {FALSE}", JUN))

    assert "not right" in reply
    assert await rooms.database.people.find(TELEGRAM, "8") is None
    assert post.written == []


async def test_a_code_that_was_not_given_is_asked_for(rooms: Rooms) -> None:
    await made(rooms, JUN, PersonRole.MEMBER)
    assert "/claim CODE" in await told(rooms, knocking("/claim", JUN))
    assert "/claim CODE" in await told(rooms, knocking("/claim  ", JUN))


async def test_after_five_wrong_codes_even_the_right_one_is_refused(rooms: Rooms) -> None:
    for _ in range(5):
        await told(rooms, knocking(f"/claim {FALSE}", JUN))
    code = await rooms.claims.issue()

    assert "wait an hour" in await told(rooms, knocking(f"/claim {code}", JUN))
    assert not (await told(rooms, knocking("/claim 1", MINA))).startswith("That was too often")


@pytest.mark.parametrize("text", ["/claim {}", "/start {}"])
@pytest.mark.parametrize("where", [None, "-100"])
async def test_who_is_blocked_claims_in_vain(rooms: Rooms, text: str, where: str | None) -> None:
    await made(rooms, JUN, PersonRole.BLOCKED)
    code = await rooms.claims.issue()

    assert await rooms.dialogue.take(knocking(text.format(code), JUN, where)) == NOTHING
    blocked = await rooms.database.people.find(TELEGRAM, "8")
    assert blocked is not None
    assert blocked.role is PersonRole.BLOCKED
    assert (await told(rooms, knocking(f"/claim {code}", MINA))) == (
        rooms.dialogue._voice.phrases.say("ko", "claim.right")
    )


async def test_an_owner_uses_up_no_code(rooms: Rooms) -> None:
    code = await rooms.claims.issue()

    assert await told(rooms, knocking(f"/claim {code}", ADA)) == "You are my owner already."
    assert (await told(rooms, knocking(f"/claim {code}", JUN))).startswith("You are my owner now.")


@pytest.mark.parametrize("text", ["/start", "/start spring_sale", "/start 1", "/start " + "A" * 64])
async def test_a_link_that_brings_no_code_greets_or_turns_away(rooms: Rooms, text: str) -> None:
    stranger, owner = await told(rooms, knocking(text, JUN)), await told(rooms, knocking(text, ADA))

    assert stranger.startswith(CLOSED)
    assert "/help" in owner


async def test_what_is_not_said_to_the_bot_is_no_claim(rooms: Rooms) -> None:
    code = await rooms.claims.issue()
    incoming = knocking(f"/claim {code}", JUN, "-100", addressed=False)

    assert await rooms.dialogue.take(incoming) == NOTHING
    assert not rooms.dialogue.allows(Visitor(ChatKey(TELEGRAM, "8"), "private", JUN))


async def test_a_code_brought_by_two_at_once_makes_one_owner(rooms: Rooms) -> None:
    code = await rooms.claims.issue()
    replies = await asyncio.gather(
        *(
            told(rooms, knocking(f"/claim {code}", Author(f"{one}", "Jun", "en")))
            for one in range(20, 25)
        )
    )

    assert sorted(one.startswith("You are my owner now.") for one in replies) == [False] * 4 + [
        True
    ]
