"""How groups are let in."""

import pytest

from tests.doubles.telegram.api import BotApi
from tests.doubles.telegram.chats import Chat
from tests.doubles.telegram.people import Person
from tests.doubles.telegram_home import Home, asks, asks_for_place, closed, say

ALLOW, BLOCK = say("access.allow"), say("access.block")
CLOSED, CLOSED_HERE = say("access.closed"), say("access.closed_here")


async def test_a_group_that_the_owner_adds_the_bot_to_is_let_in_and_its_members_in_private_not(
    home: Home, api: BotApi, mina: Person, chat: Chat, owner: Person, theirs: Chat
) -> None:
    group = api.group(-100)
    async with home.open(access=closed()):
        owner.adds(group)
        await home.shows(group, say("access.entered"))
        mina.says(group, "@ostro_bot hello?")
        await home.finds(group, lambda one: one.text == "re: Mina: hello?")
        mina.says(chat, "And here?")
        await home.shows(chat, CLOSED)
        await home.shows(theirs, asks("Mina", "7"))
    async with home.open(access=closed()):
        mina.says(group, "@ostro_bot still?")
        await home.finds(group, lambda one: one.text == "re: Mina: still?")

    assert home.asked == ["Mina: hello?", "Mina: still?"]


@pytest.mark.parametrize("hidden", [False, True])
async def test_where_somebody_else_adds_the_bot_the_owner_is_asked(
    home: Home, api: BotApi, mina: Person, owner: Person, theirs: Chat, *, hidden: bool
) -> None:
    group = api.group(-100, "Cats")
    async with home.open(access=closed()):
        (api.anonymous(group) if hidden else mina).adds(group)
        await home.shows(group, CLOSED_HERE)
        mina.says(group, "@ostro_bot hello?")
        (request,) = await home.shows(theirs, asks_for_place("Cats", "-100"))
        await home.confirmed()
        before = home.asked
        owner.presses(theirs, request.id, ALLOW)
        await home.shows(theirs, say("admin.allowed", who="Cats (telegram:-100)"))
        mina.says(group, "@ostro_bot hello?")
        await home.shows(group, CLOSED_HERE, "re: Mina: hello?")

    assert before == []


async def test_an_unknown_group_asks_once_and_only_if_the_bot_is_called(
    home: Home, api: BotApi, mina: Person, owner: Person, theirs: Chat
) -> None:
    group = api.group(-100, "Cats")
    async with home.open(access=closed()):
        mina.says(group, "hello everyone")
        mina.sends_photo(group)
        api.anonymous(group).says(group, "@ostro_bot hello?")
        owner.says(group, "@ostro_bot hello?")
        await home.shows(group, "re: Owner: hello?")
        await home.confirmed()
        before = api.answers(theirs)
        mina.says(group, "@ostro_bot me too?")
        mina.says(group, "@ostro_bot me too!")
        await home.shows(group, "re: Owner: hello?", CLOSED_HERE)
        await home.shows(theirs, asks_for_place("Cats", "-100"))
        await home.confirmed()

    assert before == []
    assert home.asked == ["Owner: hello?"]


async def test_a_blocked_group_is_silent_but_for_those_in_charge(
    home: Home, api: BotApi, mina: Person, owner: Person, theirs: Chat
) -> None:
    group = api.group(-100, "Cats")
    async with home.open(access=closed()):
        mina.adds(group)
        (request,) = await home.shows(theirs, asks_for_place("Cats", "-100"))
        owner.presses(theirs, request.id, BLOCK)
        await home.shows(theirs, say("admin.blocked", who="Cats (telegram:-100)"))
        mina.says(group, "@ostro_bot hello?")
        owner.says(group, "@ostro_bot hello?")
        await home.shows(group, CLOSED_HERE, "re: Owner: hello?")
        await home.confirmed()

    assert home.asked == ["Owner: hello?"]


async def test_who_adds_the_bot_again_after_it_was_removed_needs_to_be_let_in_again(
    home: Home, api: BotApi, mina: Person, owner: Person, theirs: Chat
) -> None:
    group = api.group(-100, "Cats")
    async with home.open(access=closed()):
        owner.adds(group)
        await home.shows(group, say("access.entered"))
        mina.blocks(group)
        await home.confirmed()
        mina.adds(group, "kicked")
        await home.shows(group, say("access.entered"), CLOSED_HERE)
        await home.shows(theirs, asks_for_place("Cats", "-100"))
        mina.says(group, "@ostro_bot hello?")
        await home.confirmed()

    assert home.asked == []


async def test_a_group_that_only_takes_the_bots_rights_stays_let_in(
    home: Home, api: BotApi, mina: Person, owner: Person
) -> None:
    group = api.group(-100)
    async with home.open(access=closed()):
        owner.adds(group)
        await home.shows(group, say("access.entered"))
        mina.restricts(group, removed=False)
        mina.promotes(group)
        mina.says(group, "@ostro_bot hello?")
        await home.finds(group, lambda one: one.text == "re: Mina: hello?")


async def test_a_group_that_becomes_another_stays_let_in(
    home: Home, api: BotApi, mina: Person, owner: Person
) -> None:
    group = api.group(-5, basic=True)
    async with home.open(access=closed()):
        owner.adds(group)
        await home.shows(group, say("access.entered"))
        new = api.migrate(group, -100, mina)
        mina.says(new, "@ostro_bot hello?")
        await home.shows(new, "re: Mina: hello?")
