from itertools import pairwise

from storage.errors import StorageFullError
from tests.doubles.telegram.api import BotApi
from tests.doubles.telegram.chats import Chat
from tests.doubles.telegram.people import Person
from tests.doubles.telegram_desk import Desk, until_polling


def waiting(api: BotApi) -> list[str]:
    return [each["message"]["text"] for each in api.unconfirmed]


async def test_the_first_thing_is_who_the_bot_is_and_that_it_polls(
    api: BotApi, desk: Desk, mina: Person, chat: Chat
) -> None:
    mina.says(chat, "it was waiting")
    async with desk.open():
        await desk.until_stored("it was waiting")

    assert [each.method for each in api.calls[:3]] == ["getMe", "deleteWebhook", "getUpdates"]
    assert "offset" not in api.called("getUpdates")[0].params
    assert desk.met == ["ostro_bot"]


async def test_what_is_stored_is_confirmed(desk: Desk, mina: Person, chat: Chat) -> None:
    async with desk.open():
        for text in ("one", "two", "three"):
            mina.says(chat, text)
        await desk.until_stored("one", "two", "three")
        await desk.until_confirmed()


async def test_what_is_not_stored_is_not_confirmed_and_keeps_no_other_chat_waiting(
    api: BotApi, desk: Desk, mina: Person, chat: Chat
) -> None:
    noah = api.person(8, "Noah")
    slow = desk.hold("slow")
    async with desk.open():
        mina.says(chat, "fine")
        await desk.until_confirmed()
        mina.says(chat, "slow")
        mina.says(chat, "after it")
        noah.says(api.private(noah), "quick")
        await desk.until_stored("fine", "quick")
        await until_polling(api, 3)
        noah.says(api.private(noah), "quicker")
        await desk.until_stored("fine", "quick", "quicker")
        unconfirmed = waiting(api)
        slow.set()
        await desk.until_stored("fine", "quick", "quicker", "slow", "after it")
        await desk.until_confirmed()

    assert unconfirmed == ["slow", "after it", "quick", "quicker"]


async def test_waiting_for_a_slow_chat_is_no_busy_asking(
    api: BotApi, desk: Desk, mina: Person, chat: Chat
) -> None:
    desk.hold("slow")
    async with desk.open():
        mina.says(chat, "slow")
        await api.until(lambda: len(api.called("getUpdates")) >= 10, 60)
    polls = [each.at for each in api.called("getUpdates")[2:10]]

    assert all(later - earlier > 0.9 for earlier, later in pairwise(polls))


async def test_a_kill_before_it_is_stored_lets_it_come_again(
    api: BotApi, desk: Desk, mina: Person, chat: Chat
) -> None:
    held = desk.hold("two")
    async with desk.open():
        for text in ("one", "two", "three"):
            mina.says(chat, text)
        await desk.until_stored("one")
    again = Desk(api)
    async with again.open():
        await again.until_stored("one", "two", "three")
        await again.until_confirmed()

    assert desk.stored == ["one"]
    assert not held.is_set()


async def test_one_that_always_fails_is_passed_over_and_confirmed(
    api: BotApi, desk: Desk, mina: Person, chat: Chat
) -> None:
    desk.troubles["poison"] = [ValueError("no")] * 3
    async with desk.open():
        mina.says(chat, "poison")
        number = api.unconfirmed[0]["update_id"]
        mina.says(chat, "fine")
        await desk.until_stored("fine")
        await desk.until_confirmed()

    assert desk.passed_over == [number]


async def test_what_cannot_be_stored_is_confirmed_only_when_it_is(
    api: BotApi, desk: Desk, mina: Person, chat: Chat
) -> None:
    desk.troubles["big"] = [StorageFullError("the disk is full")] * 8
    async with desk.open():
        mina.says(chat, "big")
        await until_polling(api, 5)
        before = waiting(api)
        await desk.until_stored("big")
        await desk.until_confirmed()

    assert before == ["big"]
    assert desk.passed_over == []


async def test_numbers_that_begin_anew_after_a_quiet_week_are_heard(
    api: BotApi, desk: Desk, mina: Person, chat: Chat
) -> None:
    async with desk.open():
        mina.says(chat, "before")
        await desk.until_stored("before")
        await desk.until_confirmed()
        await api.until(lambda: "offset" not in api.called("getUpdates")[-1].params, 20)
        api.count_anew(5)
        mina.says(chat, "after")
        await desk.until_stored("before", "after")
        await desk.until_confirmed()


async def test_what_asks_for_nothing_is_confirmed(api: BotApi, desk: Desk, chat: Chat) -> None:
    del chat
    async with desk.open():
        await until_polling(api)
        api.redeliver([{"update_id": 800_000_000, "unheard_of": {}}])
        await desk.until_confirmed()


async def test_a_chat_that_moves_waits_for_its_old_id_and_keeps_its_new_one_waiting(
    api: BotApi, desk: Desk, mina: Person
) -> None:
    old, slow = api.group(-5, basic=True), desk.hold("slow")
    async with desk.open():
        mina.says(old, "slow")
        mina.says(api.migrate(old, -100, mina), "after it")
        await until_polling(api, 3)
        early = list(desk.stored)
        slow.set()
        await desk.until_stored("slow", "", "", "after it")

    assert early == []
