"""How somebody becomes the owner, and what admins are offered."""

import pytest

from bot.access import Access
from bot.calls import ADMIN
from storage.records import PersonRole
from tests.doubles.rooms import Rooms
from tests.doubles.telegram.api import BotApi
from tests.doubles.telegram.chats import Chat
from tests.doubles.telegram.failures import NEVER_WROTE
from tests.doubles.telegram.people import Person
from tests.doubles.telegram_home import Home, say


def unowned() -> Access:
    """Return that nobody is answered."""
    return Access((), open_to_all=False)


async def role(rooms: Rooms, person: Person) -> PersonRole | None:
    found = await rooms.database.people.find("telegram", str(person.id))
    return None if found is None else found.role


@pytest.mark.parametrize("command", ["/start", "/claim", "/claim@ostro_bot"])
async def test_who_brings_the_code_is_the_owner_from_then_on(
    home: Home, api: BotApi, mina: Person, chat: Chat, command: str
) -> None:
    async with home.open(access=unowned()) as rooms:
        code = await rooms.claims.issue()
        mina.says(chat, "Hello?")
        await home.shows(chat, say("access.unowned"))
        mina.says(chat, f"{command} {code}")
        await home.shows(chat, say("access.unowned"), say("claim.right"))
        await api.until(lambda: ("chat:7", "ko") in api.menus)
        await home.answered(mina, chat, "And now?")
    async with home.open(access=unowned()):
        await home.answered(mina, chat, "Still?")

    assert ADMIN in api.menus["chat:7", ""]
    assert home.asked == ["And now?", "Still?"]


async def test_a_code_is_good_once_and_a_wrong_one_never(
    home: Home, api: BotApi, mina: Person, chat: Chat
) -> None:
    eve = api.person(8, "Eve")
    theirs = api.private(eve)
    async with home.open(access=unowned()) as rooms:
        code = await rooms.claims.issue()
        eve.says(theirs, f"/claim {code[:-1]}")
        await home.shows(theirs, say("claim.wrong"))
        mina.says(chat, f"/start {code}")
        await home.shows(chat, say("claim.right"))
        eve.says(theirs, f"/claim {code}")
        await home.shows(theirs, *[say("claim.wrong")] * 2)
        roles = [await role(rooms, one) for one in (mina, eve)]

    assert roles == [PersonRole.OWNER, None]


async def test_a_code_in_a_group_is_answered_in_private(
    home: Home, api: BotApi, mina: Person, chat: Chat
) -> None:
    group = api.group(-100)
    async with home.open(access=unowned()) as rooms:
        code = await rooms.claims.issue()
        api.anonymous(group).says(group, f"/claim@ostro_bot {code}")
        api.person(5, is_bot=True).says(group, f"/claim@ostro_bot {code}")
        mina.says(group, f"/claim@other_bot {code}")
        await home.confirmed()
        before = await role(rooms, mina)
        mina.says(group, f"/claim@ostro_bot {code}")
        await home.shows(chat, say("claim.right"))
        after = await role(rooms, mina)

    assert (before, after) == (None, PersonRole.OWNER)
    assert api.answers(group) == []


async def test_who_was_never_written_to_is_told_in_the_group_how_they_can_be_and_offered_admin_then(
    home: Home, api: BotApi, mina: Person, chat: Chat
) -> None:
    group = api.group(-100)
    for method in ("sendMessage", "setMyCommands"):
        api.fail(
            method,
            NEVER_WROTE,
            times=None,
            when=lambda params: not chat.messages and _goes_to(params, chat),
        )
    async with home.open(access=unowned()) as rooms:
        mina.says(group, f"/claim@ostro_bot {await rooms.claims.issue()}")
        await home.shows(group, say("access.unreached"))
        mina.says(chat, "/start")
        await home.shows(chat, say("start.text").strip())
        await api.until(lambda: ("chat:7", "ko") in api.menus)


def _goes_to(params: dict[str, object], chat: Chat) -> bool:
    scope = params.get("scope")
    return chat.id in (
        params.get("chat_id"),
        scope.get("chat_id") if isinstance(scope, dict) else 0,
    )


async def test_who_is_made_an_admin_is_offered_their_command_until_they_are_none(
    home: Home, api: BotApi, mina: Person, chat: Chat
) -> None:
    owner = api.person(9, "Owner")
    theirs = api.private(owner)
    async with home.open(access=Access(["telegram:9"], open_to_all=True)):
        await home.answered(mina, chat, "Hello?")
        await api.until(lambda: ("chat:9", "ko") in api.menus)
        owner.says(theirs, "/admin role telegram:7 admin")
        await api.until(lambda: ("chat:7", "ko") in api.menus)
        owner.says(theirs, "/admin role telegram:7 none")
        await api.until(lambda: not any(scope == "chat:7" for scope, _ in api.menus))

    assert ADMIN in api.menus["chat:9", ""]
