"""Strangers at the door, and the owners who are told of them."""

from pathlib import Path

import pytest

from bot.delivery.stream import AnswerStream
from bot.message import Author, Platform
from bot.reply import NOTHING, Choice, Reply
from storage.records import Knock, PersonRole
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
from tests.doubles.outside import contents
from tests.doubles.rooms import Rooms, open_rooms

TELEGRAM, DISCORD = Platform.TELEGRAM, Platform.DISCORD
DAY = 24 * 3600.0


async def test_a_stranger_is_told_once_a_day_and_so_is_the_owner(rooms: Rooms, post: Post) -> None:
    first = await told(rooms, knocking("Hi", JUN))
    again = [await told(rooms, knocking(text, JUN)) for text in ("Hi?", "/start", "/clear")]
    rooms.clock.now += DAY
    next_day = await told(rooms, knocking("Hi", JUN))

    assert first == next_day
    assert first.startswith(CLOSED)
    assert again == [""] * 3
    assert [person for person, _ in post.written] == ["1", "1"]


async def test_the_owner_decides_by_one_press(rooms: Rooms, post: Post) -> None:
    await told(rooms, knocking("Hi", JUN))

    [(_, request)] = post.written
    assert request.text == "Asks to talk to me: Jun (telegram:8)"
    assert request.choices == (
        Choice("Allow", "/admin allow telegram:8"),
        Choice("Block", "/admin block telegram:8"),
    )


@pytest.mark.parametrize("verb", ["allow", "block"])
async def test_what_the_owner_presses_holds(rooms: Rooms, post: Post, verb: str) -> None:
    await told(rooms, knocking("Hi", JUN))
    [(_, request)] = post.written
    [command] = [one.command for one in request.choices if verb in one.command]
    await told(rooms, knocking(command, ADA))
    answer = await rooms.dialogue.take(knocking("Hi", JUN))
    rooms.clock.now += DAY

    assert isinstance(answer, AnswerStream) == (verb == "allow")
    assert verb == "allow" or answer == await rooms.dialogue.take(knocking("Hi", JUN)) == NOTHING
    assert [who for who, _ in post.written] == (["1", "8"] if verb == "allow" else ["1"])
    assert await rooms.database.knocks.open() == []


async def test_of_a_stranger_only_who_and_when_is_kept(rooms: Rooms, path: Path) -> None:
    await told(rooms, knocking("Sesame, open!", event_id="55", message_id="56"))

    assert await rooms.database.knocks.open() == [
        Knock(TELEGRAM, "7", place=False, name="Mina", language="ko-KR", asked_at=rooms.clock.now)
    ]
    assert b"Sesame" not in b"".join(contents(path.parent).values())
    assert await rooms.database.chats.on(TELEGRAM) == []
    assert await rooms.database.people.find(TELEGRAM, "7") is None


async def test_a_stranger_is_told_in_their_language_and_the_owner_in_theirs(
    rooms: Rooms, post: Post
) -> None:
    await rooms.dialogue.take(knocking("안녕", Author("1", "Ada", "ko-KR")))
    in_korean = await told(rooms, knocking("Hi", MINA))
    await told(rooms, knocking("Hi", JUN))

    assert "비공개 봇" in in_korean
    assert [request.choices[0].label for _, request in post.written] == ["허락하기", "허락하기"]


async def test_owners_on_all_platforms_are_told(path: Path) -> None:
    access = closed("telegram:1", "discord:2", "discord:3")
    async with open_rooms(path, access=access, platform=TELEGRAM) as rooms:
        await rooms.database.people.open("discord", "3", "보라", "ko")
        telegram, discord = attached(rooms, TELEGRAM), attached(rooms, DISCORD)
        await told(rooms, knocking("Hi", JUN))

    assert [person for person, _ in telegram.written] == ["1"]
    labels = {person: request.choices[0].label for person, request in discord.written}
    assert labels == {"2": "Allow", "3": "허락하기"}


async def test_an_owner_who_cannot_be_reached_keeps_nobody_waiting(rooms: Rooms) -> None:
    discord = attached(rooms, DISCORD)

    assert (await told(rooms, knocking("Hi", JUN))).startswith(CLOSED)
    assert discord.written == []


async def test_admins_are_not_asked_who_is_let_in(rooms: Rooms, post: Post) -> None:
    await made(rooms, MINA, PersonRole.ADMIN)
    await told(rooms, knocking("Hi", JUN))

    assert [person for person, reply in post.written if reply.choices] == ["1"]


@pytest.mark.parametrize("role", [PersonRole.MEMBER, PersonRole.ADMIN])
async def test_who_is_let_in_is_told_so_once(rooms: Rooms, post: Post, role: PersonRole) -> None:
    await made(rooms, JUN, role)
    await made(rooms, JUN, PersonRole.MEMBER)
    await rooms.housekeeping.settle()

    assert post.written == [
        ("8", Reply("You are let in: write to me, and I answer. /help lists what I can do."))
    ]


async def test_who_was_let_in_before_a_start_is_not_told_again(rooms: Rooms, path: Path) -> None:
    await made(rooms, JUN, PersonRole.MEMBER)
    async with open_rooms(path, access=closed(), platform=TELEGRAM) as later:
        post = attached(later, TELEGRAM)
        await later.housekeeping.settle()

        assert post.written == []


@pytest.mark.parametrize("role", [PersonRole.OWNER, PersonRole.BLOCKED])
async def test_who_was_not_let_in_by_others_is_not_told(
    rooms: Rooms, post: Post, role: PersonRole
) -> None:
    await made(rooms, JUN, role)
    await made(rooms, ADA, PersonRole.MEMBER)

    assert post.written == []


async def test_ten_requests_a_day_come_one_by_one_and_then_one_for_all(
    rooms: Rooms, post: Post
) -> None:
    strangers = [Author(f"{number}", f"Stranger {number}") for number in range(100, 115)]
    lines = [await told(rooms, knocking("Hi", one)) for one in strangers]

    assert len(set(lines)) == 1  # each of them is told the same
    assert [bool(request.choices) for _, request in post.written] == [True] * 10 + [False]
    assert "/admin people lists them all" in post.written[-1][1].text
    assert len(await rooms.database.knocks.open()) == 15
    rooms.clock.now += DAY
    await told(rooms, knocking("Hi", JUN))
    assert post.written[-1][1].choices


async def test_while_there_is_no_owner_it_is_said_how_one_becomes_it(path: Path) -> None:
    async with open_rooms(path, access=closed(), platform=TELEGRAM) as rooms:
        post = attached(rooms, TELEGRAM)
        private = await told(rooms, knocking("Hi", JUN))
        group = await told(rooms, knocking("Hi", JUN, "-100"))

    assert private == group
    assert "no owner yet" in private
    assert "/claim CODE" in private
    assert post.written == []


async def test_who_is_blocked_hears_nothing(rooms: Rooms, post: Post) -> None:
    await made(rooms, JUN, PersonRole.BLOCKED)

    for where in (None, "-100"):
        assert await rooms.dialogue.take(knocking("Hi", JUN, where)) == NOTHING
    assert await rooms.database.knocks.open() == []
    assert post.written == []


async def test_a_name_is_data(rooms: Rooms, post: Post) -> None:
    await told(rooms, knocking("Hi", Author("8", "{who} {0} %s", "en")))

    assert post.written[0][1].text == "Asks to talk to me: {who} {0} %s (telegram:8)"


async def test_a_platform_learns_who_its_admins_are_and_whenever_that_changes(
    rooms: Rooms, post: Post
) -> None:
    discord = attached(rooms, DISCORD)
    await made(rooms, MINA, PersonRole.ADMIN)
    rooms.dialogue.owned_by(DISCORD, "2")

    assert [list(one) for one in post.admins[:1] + post.admins[-1:]] == [["1"], ["1", "7"]]
    assert [list(one) for one in discord.admins[:1] + discord.admins[-1:]] == [[], ["2"]]
