import asyncio
import logging

import pytest

from bot.errors import PlatformError
from tests.doubles.telegram.api import BotApi
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
from tests.doubles.telegram_desk import Desk, until_polling

CONFLICT = Failure(Way.REFUSED, RefusalError(409, "Conflict: terminated by other getUpdates"))
UNAUTHORIZED = Failure(Way.REFUSED, RefusalError(401, "Unauthorized"))


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
