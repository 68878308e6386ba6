"""Who is answered."""

from bot.access import Access
from tests.doubles.outside import contents
from tests.doubles.telegram.api import BotApi
from tests.doubles.telegram.chats import Chat
from tests.doubles.telegram.people import Person
from tests.doubles.telegram_home import Home, say

OWNERS = Access(["telegram:9", "discord:7"], open_to_all=False)


async def test_a_stranger_learns_their_number_once_and_leaves_no_trace(
    home: Home, api: BotApi, mina: Person, chat: Chat
) -> None:
    owner = api.person(9, "Owner")
    async with home.open(access=OWNERS):
        mina.says(chat, "open sesame")
        mina.says(chat, "/start")
        await home.shows(chat, say("access.closed", who="telegram:7"))
        await home.answered(owner, api.private(owner), "Hello?")
        await home.confirmed()
        files = contents(home.path.parent)

    assert len(api.answers(chat)) == 1
    assert home.asked == ["Hello?"]
    assert not any(b"sesame" in found or b"Mina" in found for found in files.values())


async def test_in_a_group_owners_are_answered_and_others_are_not(
    home: Home, api: BotApi, mina: Person
) -> None:
    owner, group = api.person(9, "Owner"), api.group(-100)
    async with home.open(access=OWNERS):
        mina.says(group, "@ostro_bot me too?")
        owner.says(group, "@ostro_bot hello?")
        await home.shows(group, "re: Owner: hello?")
        await home.confirmed()

    assert home.asked == ["Owner: hello?"]


async def test_a_stranger_can_neither_press_nor_edit(home: Home, api: BotApi, mina: Person) -> None:
    owner, group = api.person(9, "Owner"), api.group(-100)
    async with home.open(access=OWNERS):
        mina.says(group, "@ostro_bot me?")
        owner.says(group, "/persona@ostro_bot")
        menu = await home.finds(group, lambda one: "coder" in one.labels)
        mina.presses(group, menu.id, "coder")
        mina.edits(group, 1, "@ostro_bot and now?")
        await home.toasts("")
        await home.confirmed()

    assert [one.text for one in api.answers(group)] == [menu.text]
    assert home.asked == []


async def test_where_it_is_open_everyone_is_answered(home: Home, mina: Person, chat: Chat) -> None:
    async with home.open(access=Access((), open_to_all=True)):
        await home.answered(mina, chat, "Hello?")
