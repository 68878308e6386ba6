"""Groups and servers that want the bot, and who may let it in."""

from pathlib import Path

import pytest

from bot.access import Access
from bot.delivery.stream import AnswerStream
from bot.message import Author, ChatKey, Platform
from bot.reply import NOTHING, Reply
from storage.records import PersonRole, Rule
from tests.doubles.doorstep import (
    ADA,
    CLOSED,
    JUN,
    Post,
    attached,
    knocking,
    made,
    ruled,
    told,
)
from tests.doubles.rooms import Rooms, open_rooms

TELEGRAM, DISCORD = Platform.TELEGRAM, Platform.DISCORD
CLOSED_HERE = "Hello! I am a private bot and answer only where my owner has let me. I have told"
ENTERED = "Hello, I am here. Mention me, reply to me or write /ask TEXT, and I answer."


@pytest.mark.parametrize(
    ("platform", "where", "target"),
    [
        (TELEGRAM, "-100", "telegram:-100"),
        (TELEGRAM, "-100/5", "telegram:-100"),
        (DISCORD, "1/2", "discord:1/"),
        (DISCORD, "1/2/3", "discord:1/"),
    ],
)
async def test_a_place_knocks_as_a_whole_and_once_a_day(
    rooms: Rooms, post: Post, platform: Platform, where: str, target: str
) -> None:
    mina, jun = Author("7", "Mina", "en"), Author("8", "Jun", "en")
    first = await told(rooms, knocking("Hi", mina, where, platform))
    second = await told(rooms, knocking("Hi", jun, where, platform))

    assert first.startswith(CLOSED_HERE)
    assert second == ""
    [(_, request)] = post.written
    assert request.text.endswith(f"Family ({target})")
    assert [one.command for one in request.choices] == [
        f"/admin allow {target}",
        f"/admin block {target}",
    ]


async def test_what_is_not_said_to_the_bot_knocks_not(rooms: Rooms, post: Post) -> None:
    assert await rooms.dialogue.take(knocking("Hi", JUN, "-100", addressed=False)) == NOTHING
    assert await rooms.database.knocks.open() == []
    assert post.written == []


async def test_a_place_that_is_kept_out_hears_nothing(rooms: Rooms, post: Post) -> None:
    await ruled(rooms, "-100", allowed=False)

    assert await rooms.dialogue.take(knocking("Hi", JUN, "-100")) == NOTHING
    assert await rooms.dialogue.take(knocking("Hi", JUN, "-100/5")) == NOTHING
    assert isinstance(await rooms.dialogue.take(knocking("Hi", ADA, "-100")), AnswerStream)
    assert await rooms.database.knocks.open() == []
    assert post.written == []


async def test_in_a_place_that_is_let_in_everyone_is_answered_there_alone(rooms: Rooms) -> None:
    await ruled(rooms, "-100", allowed=True)

    assert isinstance(await rooms.dialogue.take(knocking("Hi", JUN, "-100/5")), AnswerStream)
    assert (await told(rooms, knocking("Hi", JUN))).startswith(CLOSED)
    assert (await told(rooms, knocking("Hi", JUN, "-1001"))).startswith(CLOSED_HERE)


async def entered(
    rooms: Rooms, by: Author | None, where: str = "-100", platform: Platform = TELEGRAM
) -> Reply:
    return await rooms.dialogue.entered(ChatKey(platform, where), "Family", by)


async def test_whom_the_bot_belongs_to_lets_it_in_by_adding_it(rooms: Rooms) -> None:
    assert await entered(rooms, ADA) == Reply(ENTERED)
    assert await rooms.database.places.rules() == [
        Rule(TELEGRAM, "-100", allowed=True, title="Family")
    ]
    assert isinstance(await rooms.dialogue.take(knocking("Hi", JUN, "-100")), AnswerStream)
    assert await entered(rooms, ADA) == Reply(ENTERED)  # it was removed and added again


async def test_an_admin_lets_it_in_too(rooms: Rooms) -> None:
    await made(rooms, JUN, PersonRole.ADMIN)

    assert await entered(rooms, JUN) == Reply(ENTERED)
    assert len(await rooms.database.places.rules()) == 1


@pytest.mark.parametrize("by", [JUN, None])
@pytest.mark.parametrize("role", [None, PersonRole.MEMBER])
async def test_where_somebody_else_adds_it_the_owner_is_asked(
    rooms: Rooms, post: Post, by: Author | None, role: PersonRole | None
) -> None:
    if role is not None:
        await made(rooms, JUN, role)
    reply = await entered(rooms, by)

    assert reply.text.startswith(CLOSED_HERE)
    assert await rooms.database.places.rules() == []
    [request] = [one for person, one in post.written if person == "1"]
    assert request.choices[0].command == "/admin allow telegram:-100"
    assert await entered(rooms, by) == NOTHING


async def test_who_is_blocked_adds_it_in_vain(rooms: Rooms, post: Post) -> None:
    await made(rooms, JUN, PersonRole.BLOCKED)

    assert await entered(rooms, JUN) == NOTHING
    assert await rooms.database.knocks.open() == []
    assert await rooms.database.places.rules() == []
    assert post.written == []


@pytest.mark.parametrize("by", [ADA, JUN, None])
async def test_a_place_that_was_kept_out_stays_so_whoever_adds_it(
    rooms: Rooms, post: Post, by: Author | None
) -> None:
    await ruled(rooms, "-100", allowed=False)

    assert await entered(rooms, by) == NOTHING
    assert [one.allowed for one in await rooms.database.places.rules()] == [False]
    assert post.written == []


@pytest.mark.parametrize("by", [JUN, None])
async def test_where_it_is_open_nothing_is_asked(path: Path, by: Author | None) -> None:
    access = Access(["telegram:1"], open_to_all=True)
    async with open_rooms(path, access=access, platform=TELEGRAM) as rooms:
        post = attached(rooms, TELEGRAM)

        assert await entered(rooms, by) == Reply(ENTERED)
        assert await rooms.database.places.rules() == []
        assert post.written == []


async def test_who_adds_it_again_must_be_let_in_again(rooms: Rooms) -> None:
    await entered(rooms, ADA)
    await rooms.dialogue.left(ChatKey(TELEGRAM, "-100"))

    assert await rooms.database.places.rules() == []
    assert (await told(rooms, knocking("Hi", JUN, "-100"))).startswith(CLOSED_HERE)


async def test_who_was_kept_out_is_so_after_being_added_again(rooms: Rooms) -> None:
    await ruled(rooms, "-100", allowed=False)
    await rooms.dialogue.left(ChatKey(TELEGRAM, "-100"))

    assert await entered(rooms, JUN) == NOTHING


async def test_a_place_that_has_another_id_is_the_same_place(rooms: Rooms) -> None:
    await entered(rooms, ADA, "-5")
    await rooms.dialogue.moved(ChatKey(TELEGRAM, "-5"), ChatKey(TELEGRAM, "-100"))

    assert isinstance(await rooms.dialogue.take(knocking("Hi", JUN, "-100")), AnswerStream)
    assert (await told(rooms, knocking("Hi", JUN, "-5"))).startswith(CLOSED_HERE)
