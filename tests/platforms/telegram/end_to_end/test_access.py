"""Who is answered, and how people are let in."""

from bot.access import Access
from tests.doubles.outside import contents
from tests.doubles.telegram.api import BotApi
from tests.doubles.telegram.chats import Chat
from tests.doubles.telegram.people import Person
from tests.doubles.telegram_home import Home, asks, asks_for_place, closed, say

ALLOW, BLOCK = say("access.allow"), say("access.block")
CLOSED, CLOSED_HERE = say("access.closed"), say("access.closed_here")


async def test_a_stranger_is_told_once_and_so_is_the_owner_and_nothing_said_is_kept(
    home: Home, api: BotApi, mina: Person, chat: Chat, owner: Person, theirs: Chat
) -> None:
    async with home.open(access=closed()):
        message = mina.says(chat, "open sesame")
        mina.says(chat, "/start")
        mina.edits(chat, message, "open sesame now")
        mina.sends_file(chat, "sesame.txt", b"sesame", "sesame")
        await home.shows(chat, CLOSED)
        request = await home.finds(theirs, lambda one: one.text == asks("Mina", "7"))
        await home.answered(owner, theirs, "Hello?")
        await home.confirmed()
        files = contents(home.path.parent)

    assert len(api.answers(chat)) == 1
    assert request.labels == [ALLOW, BLOCK]
    assert home.asked == ["Hello?"]
    assert not any(b"sesame" in found for found in files.values())
    assert not api.called("getFile")


async def test_who_is_let_in_by_a_press_is_answered(
    home: Home, mina: Person, chat: Chat, owner: Person, theirs: Chat
) -> None:
    async with home.open(access=closed()):
        mina.says(chat, "Please?")
        (request,) = await home.shows(theirs, asks("Mina", "7"))
        owner.presses(theirs, request.id, ALLOW)
        (done,) = await home.shows(theirs, say("admin.allowed", who="Mina (telegram:7)"))
        await home.answered(mina, chat, "Hello?")
    async with home.open(access=closed()):
        await home.answered(mina, chat, "Still?")

    assert done.id == request.id
    assert not {ALLOW, BLOCK} & set(done.labels)


async def test_who_is_blocked_by_a_press_hears_nothing_more_wherever_they_are(
    home: Home, api: BotApi, mina: Person, chat: Chat, owner: Person, theirs: Chat
) -> None:
    group = api.group(-100)
    async with home.open(access=closed()):
        owner.adds(group)
        await home.shows(group, say("access.entered"))
        mina.says(chat, "Please?")
        (request,) = await home.shows(theirs, asks("Mina", "7"))
        owner.presses(theirs, request.id, BLOCK)
        await home.shows(theirs, say("admin.blocked", who="Mina (telegram:7)"))
        mina.says(chat, "Why?")
        mina.says(group, "@ostro_bot why?")
        owner.says(group, "@ostro_bot hello?")
        await home.finds(group, lambda one: one.text == "re: Owner: hello?")
        await home.confirmed()

    assert [one.text for one in api.answers(chat)] == [CLOSED]
    assert home.asked == ["Owner: hello?"]


async def test_a_request_can_be_answered_by_the_owner_alone(
    home: Home, api: BotApi, mina: Person, chat: Chat, theirs: Chat
) -> None:
    async with home.open(access=closed()):
        mina.says(chat, "Please?")
        (told,) = await home.shows(chat, CLOSED)
        await home.shows(theirs, asks("Mina", "7"))
        for number, data in enumerate(("/admin allow telegram:7", "/start", "stop:1"), 1):
            mina.forges(chat, told.id, data)
            await home.toasts(*[""] * number)
        mina.says(chat, "/admin allow telegram:7")
        await home.confirmed()

    assert [one.text for one in api.answers(chat)] == [CLOSED]
    assert [one.text for one in api.answers(theirs)] == [asks("Mina", "7")]
    assert home.asked == []


async def test_a_stranger_can_neither_press_nor_edit(
    home: Home, api: BotApi, mina: Person, owner: Person, theirs: Chat
) -> None:
    group = api.group(-100)
    async with home.open(access=closed()):
        message = mina.says(group, "@ostro_bot me?")
        await home.shows(theirs, asks_for_place("Friends", "-100"))
        owner.says(group, "/persona@ostro_bot")
        menu = await home.finds(group, lambda one: "coder" in one.labels)
        mina.presses(group, menu.id, "coder")
        mina.edits(group, message, "@ostro_bot and now?")
        await home.toasts("")
        await home.confirmed()

    assert [one.text for one in api.answers(group)] == [CLOSED_HERE, menu.text]
    assert home.asked == []


async def test_where_it_is_open_everyone_is_answered(home: Home, mina: Person, chat: Chat) -> None:
    async with home.open(access=Access((), open_to_all=True)):
        await home.answered(mina, chat, "Hello?")
