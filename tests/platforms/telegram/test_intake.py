import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise

import pytest
from telegram import Update, User

from bot.errors import PlatformError
from bot.platforms.telegram.intake import Intake
from bot.platforms.telegram.lanes import Lanes
from bot.platforms.telegram.network import Network, Timeouts
from storage.errors import StorageFullError
from tests.doubles.hurry import hurried
from tests.doubles.telegram.api import TOKEN, BotApi
from tests.doubles.telegram.chats import Chat
from tests.doubles.telegram.failures import (
    Failure,
    Way,
    flood,
    lost,
    proxy_page,
    reset,
    server_error,
    silence,
)
from tests.doubles.telegram.people import Person
from tests.doubles.telegram.wire import RefusalError

QUICK = Timeouts(poll=1, grace=0.2, connect=0.5, read=0.2, write=0.5, pool=0.5)
CONFLICT = Failure(Way.REFUSED, RefusalError(409, "Conflict: terminated by other getUpdates"))
UNAUTHORIZED = Failure(Way.REFUSED, RefusalError(401, "Unauthorized"))


class Desk:
    """Stores the texts that come in, in a list."""

    def __init__(self, api: BotApi) -> None:
        self.api = api
        self.stored: list[str] = []
        self.passed_over: list[int] = []
        self.held: dict[str, asyncio.Event] = {}
        self.troubles: dict[str, list[Exception]] = {}
        self.met: list[str | None] = []

    async def take(self, update: Update) -> None:
        text = (update.message and update.message.text) or ""
        if text in self.held:
            await self.held[text].wait()
        if self.troubles.get(text):
            raise self.troubles[text].pop(0)
        self.stored.append(text)

    async def pass_over(self, update: Update) -> None:
        self.passed_over.append(update.update_id)

    def meet(self, me: User) -> None:
        self.met.append(me.username)

    def hold(self, text: str) -> asyncio.Event:
        self.held[text] = asyncio.Event()
        return self.held[text]

    @asynccontextmanager
    async def open(self, token: str = TOKEN) -> AsyncIterator["asyncio.Task[None]"]:
        """Take in what comes; the end breaks it off wherever it is."""
        network, time = Network(token, self.api.url, QUICK), hurried()
        lanes = Lanes(self.take, self.pass_over, time)
        running = asyncio.create_task(Intake(network, lanes, time, self.meet).run())
        try:
            yield running
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            await lanes.close()
            await network.close()

    async def until_stored(self, *texts: str) -> None:
        async with asyncio.timeout(10):
            while len(self.stored) < len(texts):  # noqa: ASYNC110 # what is waited for has no event
                await asyncio.sleep(0.005)
        assert self.stored == list(texts)

    async def until_confirmed(self) -> None:
        await self.api.until(lambda: not self.api.unconfirmed)


@pytest.fixture
def desk(api: BotApi) -> Desk:
    return Desk(api)


async def until_polling(api: BotApi, more: int = 1) -> None:
    before = len(api.called("getUpdates"))
    await api.until(lambda: len(api.called("getUpdates")) >= before + more)


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


async def test_an_answer_that_was_lost_on_its_way_loses_nothing_and_doubles_nothing(
    api: BotApi, desk: Desk, mina: Person, chat: Chat
) -> None:
    desk.hold("slow")
    async with desk.open():
        mina.says(chat, "slow")
        await until_polling(api, 2)
        api.fail("getUpdates", lost())
        mina.says(chat, "more")
        desk.held["slow"].set()
        await desk.until_stored("slow", "more")
        await desk.until_confirmed()

    assert desk.stored == ["slow", "more"]


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


async def test_a_network_that_was_away_is_two_lines_and_nothing_is_lost(
    api: BotApi,
    desk: Desk,
    mina: Person,
    chat: Chat,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "ostro")
    async with desk.open():
        await until_polling(api)
        api.down()
        mina.says(chat, "are you there?")
        async with asyncio.timeout(10):
            while not caplog.messages:  # noqa: ASYNC110 # what is waited for has no event
                await asyncio.sleep(0.005)
        await asyncio.sleep(0.3)  # half a minute of tries
        api.up()
        await desk.until_stored("are you there?")
        await desk.until_confirmed()

    assert len(caplog.messages) == 2
    assert caplog.messages[0].startswith("Telegram cannot be reached")
    assert caplog.messages[1] == "Telegram is reached again"


async def test_a_network_that_is_away_at_the_start_is_waited_for(
    api: BotApi, desk: Desk, mina: Person, chat: Chat
) -> None:
    mina.says(chat, "hello")
    api.down()
    async with desk.open() as running:
        await asyncio.sleep(0.1)
        met, done = list(desk.met), running.done()
        api.up()
        await desk.until_stored("hello")

    assert (met, done) == ([], False)


async def test_a_network_that_swallows_everything_is_noticed(
    api: BotApi, desk: Desk, mina: Person, chat: Chat
) -> None:
    async with desk.open():
        await until_polling(api)
        api.black_hole()
        mina.says(chat, "from the tunnel")
        await until_polling(api, 0)
        await asyncio.sleep(2)  # until the first poll has timed out, and a second one too
        api.up()
        await desk.until_stored("from the tunnel")


async def test_connections_that_died_in_silence_are_noticed(
    api: BotApi, desk: Desk, mina: Person, chat: Chat
) -> None:
    async with desk.open():
        await until_polling(api)
        api.go_stale()
        mina.says(chat, "hello?")
        await desk.until_stored("hello?")


@pytest.mark.parametrize(
    "failure", [server_error(), proxy_page(), proxy_page(404), reset(), silence()]
)
async def test_servers_that_fail_are_asked_again(
    api: BotApi, desk: Desk, mina: Person, chat: Chat, failure: Failure
) -> None:
    for method in ("getMe", "deleteWebhook", "getUpdates"):
        api.fail(method, failure, times=3)
    mina.says(chat, "hello")
    async with desk.open() as running:
        await desk.until_stored("hello")

        assert not running.done()


async def test_a_wait_that_is_asked_for_is_kept(
    api: BotApi, desk: Desk, mina: Person, chat: Chat
) -> None:
    api.fail("getUpdates", flood(20))
    mina.says(chat, "hello")
    async with desk.open():
        await desk.until_stored("hello")
    refused, next_one = api.called("getUpdates")[:2]

    assert next_one.at - refused.at >= 20


async def test_a_rival_is_one_line_and_stops_nothing(
    api: BotApi, desk: Desk, mina: Person, chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    api.fail("getUpdates", CONFLICT, times=4)
    mina.says(chat, "hello")
    async with desk.open():
        await desk.until_stored("hello")

    assert len(caplog.messages) == 2
    assert "another program" in caplog.messages[0]


async def test_a_wrong_token_is_one_line_that_says_where_to_get_one(
    api: BotApi, desk: Desk
) -> None:
    secret = "AAnotTheTokenAtAll"  # noqa: S105 # opens nothing
    for token in (f"4242:{secret}", secret):
        async with desk.open(token) as running:
            with pytest.raises(PlatformError, match="@BotFather") as raised:
                await running
        assert secret not in f"{raised.value!r}{raised.value.__cause__!r}"
        assert "\n" not in str(raised.value)

    assert api.called("getUpdates") == []


async def test_a_token_that_is_taken_back_later_ends_it_too(api: BotApi, desk: Desk) -> None:
    async with desk.open() as running:
        await until_polling(api)
        api.fail("getUpdates", UNAUTHORIZED)
        with pytest.raises(PlatformError, match="TELEGRAM_TOKEN"):
            await running


async def test_numbers_that_begin_anew_after_a_quiet_week_are_heard(
    api: BotApi, desk: Desk, mina: Person, chat: Chat
) -> None:
    async with desk.open():
        mina.says(chat, "before")
        await desk.until_stored("before")
        await api.until(lambda: "offset" not in api.called("getUpdates")[-1].params, 20)
        api._state.updates._next_id = 5
        mina.says(chat, "after")
        await desk.until_stored("before", "after")
        await desk.until_confirmed()


async def test_what_asks_for_nothing_is_confirmed(api: BotApi, desk: Desk, chat: Chat) -> None:
    del chat
    async with desk.open():
        await until_polling(api)
        with api._state.changes.change():
            api._state.updates.put("poll_answer", {})
            api._state.updates._waiting.append({"update_id": 800_000_000, "unheard_of": {}})
        await desk.until_confirmed()
