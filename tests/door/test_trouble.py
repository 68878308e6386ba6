"""The door while the disk is full: what broke off is done again, and nothing was lost by it."""

from typing import Any

import pytest

from bot.message import ChatKey, Platform
from storage.errors import StorageFullError
from storage.records import PersonRole
from tests.doubles.doorstep import ADA, JUN, MINA, Post, attached, knocking, made, ruled, told
from tests.doubles.rooms import Rooms

TELEGRAM = Platform.TELEGRAM


class Failing:
    """Fails some times, and then does what it stands for."""

    def __init__(self, does: Any, times: int = 1) -> None:  # noqa: ANN401 # whatever it is
        self._does = does
        self._times = times

    async def __call__(self, *given: object, **named: object) -> object:
        if self._times:
            self._times -= 1
            raise StorageFullError("the disk is full")
        return await self._does(*given, **named)


async def test_who_brought_the_code_is_the_owner_also_where_the_rest_failed(
    rooms: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = await rooms.claims.issue()
    claim = knocking(f"/claim {code}", JUN)
    people = rooms.database.people
    monkeypatch.setattr(people, "with_roles", Failing(people.with_roles))
    with pytest.raises(StorageFullError):
        await told(rooms, claim)

    assert (await told(rooms, claim)).startswith("You are my owner now.")
    assert rooms.dialogue._door.role(TELEGRAM, JUN.native_id) is PersonRole.OWNER


async def test_a_request_that_could_not_be_handed_on_is_handed_on_when_it_comes_again(
    rooms: Rooms, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = rooms.database.people
    monkeypatch.setattr(people, "find", Failing(people.find))
    with pytest.raises(StorageFullError):
        await told(rooms, knocking("Hello?"))

    assert await told(rooms, knocking("Hello?"))
    assert [person for person, _ in post.written] == [ADA.native_id]


async def test_who_was_let_in_is_told_so_as_soon_as_that_can_be_done(
    rooms: Rooms, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = rooms.database.people
    monkeypatch.setattr(people, "find", Failing(people.find))
    with pytest.raises(StorageFullError):
        await made(rooms, MINA, PersonRole.MEMBER)
    assert post.written == []
    await rooms.housekeeping.settle()
    await rooms.housekeeping.settle()

    assert [person for person, _ in post.written] == [MINA.native_id]


@pytest.mark.parametrize("text", ["/claim", "/claim  "])
async def test_a_stranger_who_brings_no_code_is_turned_away_once(rooms: Rooms, text: str) -> None:
    assert (await told(rooms, knocking(text, JUN))).startswith("Hello! I am a private bot")
    assert await told(rooms, knocking(text, JUN)) == ""


async def test_who_tries_codes_without_end_is_told_once_to_wait(rooms: Rooms) -> None:
    said = [await told(rooms, knocking(f"/claim {number}", JUN)) for number in range(9)]

    assert [bool(line) for line in said] == [True] * 6 + [False] * 3
    assert "wait an hour" in said[5]


async def test_who_calls_first_in_a_server_where_nothing_could_be_said_is_told(
    rooms: Rooms,
) -> None:
    post = attached(rooms, TELEGRAM)
    server, home = ChatKey(Platform.DISCORD, "5"), "Family"
    await rooms.dialogue.entered(server, home, JUN, says_so=False)
    [(_, request)] = post.written
    assert f"{home} (discord:5/)" in request.text
    calling = knocking("Hello?", JUN, "5/6", Platform.DISCORD, home=home)
    said = [await told(rooms, calling) for _ in range(3)]
    rooms.clock.now += 24 * 60 * 60
    again = [await told(rooms, calling) for _ in range(2)]

    for day in (said, again):
        assert [line.startswith("Hello! I am a private bot") for line in day] == (
            [True] + [False] * (len(day) - 1)
        )
    assert len(post.written) == 2


async def test_where_it_was_said_when_the_bot_came_it_is_not_said_again(rooms: Rooms) -> None:
    group = ChatKey(TELEGRAM, "-5")
    assert (await rooms.dialogue.entered(group, "Family", JUN)).text
    assert await told(rooms, knocking("Hello?", JUN, "-5")) == ""


async def test_a_group_that_is_entered_anew_has_to_be_let_in_anew(rooms: Rooms, post: Post) -> None:
    await ruled(rooms, "-5", allowed=True)
    await rooms.dialogue.moved(ChatKey(TELEGRAM, "-6"), ChatKey(TELEGRAM, "-7"))
    await ruled(rooms, "-7", allowed=True)
    for group in ("-5", "-7"):  # that it was removed from the first was never told
        await rooms.dialogue.entered(ChatKey(TELEGRAM, group), "Family", JUN)

    assert [request.choices[0].command for _, request in post.written] == [
        "/admin allow telegram:-5"
    ]
    assert await told(rooms, knocking("Hello?", JUN, "-5")) == ""
    assert not rooms.dialogue.allows(knocking("Hello?", JUN, "-5").visitor)
    assert rooms.dialogue.allows(knocking("Hello?", JUN, "-7").visitor)


async def test_a_place_that_moved_asks_anew_under_its_new_number(rooms: Rooms, post: Post) -> None:
    await told(rooms, knocking("Hello?", JUN, "-5"))
    await rooms.dialogue.moved(ChatKey(TELEGRAM, "-5"), ChatKey(TELEGRAM, "-100"))
    assert await rooms.database.knocks.open() == []
    await told(rooms, knocking("Hello?", JUN, "-100"))

    assert [request.choices[0].command for _, request in post.written] == [
        "/admin allow telegram:-5",
        "/admin allow telegram:-100",
    ]
