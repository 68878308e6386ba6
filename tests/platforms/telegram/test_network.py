import asyncio
import logging
import subprocess
import sys
import time

import pytest
from telegram import Bot
from telegram.error import Conflict, InvalidToken, NetworkError, TelegramError, TimedOut

from bot.platforms.telegram.network import Network, Timeouts
from bot.settings import PROJECT
from tests.doubles.telegram.api import TOKEN, BotApi
from tests.doubles.telegram.failures import silence

QUICK = Timeouts(poll=1, grace=0.1, connect=0.5, read=0.2, write=0.5, pool=0.5)


async def until_polling(api: BotApi, times: int) -> None:
    await api.until(lambda: len(api.called("getUpdates")) >= times)


async def test_it_knows_who_it_is(network: Network) -> None:
    me = await network.introduce()

    assert me.username == "ostro_bot"
    assert network.bot.bot is me


async def test_updates_come_until_later_ones_are_asked_for(api: BotApi, network: Network) -> None:
    person = api.person(7)
    for text in ("one", "two"):
        person.says(api.private(person), text)
    first = await network.updates(None, wait=True)
    again = await network.updates(None, wait=True)
    rest = await network.updates(first[1].update_id, wait=True)

    assert [each.effective_message.text for each in first if each.effective_message] == [
        "one",
        "two",
    ]
    assert [each.update_id for each in again] == [each.update_id for each in first]
    assert [each.update_id for each in rest] == [first[1].update_id]


async def test_what_is_asked_for(api: BotApi, network: Network) -> None:
    await network.updates(None, wait=False)
    await network.drop_webhook()
    polled, dropped = api.called("getUpdates")[0], api.called("deleteWebhook")[0]

    assert polled.params.get("timeout", 0) == 0
    assert polled.params["allowed_updates"] == [
        "message",
        "edited_message",
        "callback_query",
        "my_chat_member",
    ]
    assert dropped.params["drop_pending_updates"] is False


async def test_a_connection_that_died_in_silence_is_noticed_in_time(
    api: BotApi, network: Network
) -> None:
    await network.updates(None, wait=False)
    api.go_stale()
    with pytest.raises(TimedOut):
        await network.updates(None, wait=True)  # it would hang for ever
    api.heal()

    assert await network.updates(None, wait=False) == ()


def test_the_usual_timeouts_leave_two_of_fifteen_seconds() -> None:
    usual = Timeouts()

    assert usual.poll + usual.grace <= 13
    assert usual.grace == 10  # what the issue asks for


async def test_redone_connections_break_the_poll_under_way_at_once(
    api: BotApi, network: Network
) -> None:
    await network.close()
    network = Network(TOKEN, api.url, Timeouts(poll=60))
    polling = asyncio.create_task(network.updates(None, wait=True))
    await until_polling(api, 1)
    begun = time.monotonic()
    await network.redo()
    with pytest.raises(NetworkError):
        await polling
    person = api.person(7)
    person.says(api.private(person), "hello")

    assert len(await network.updates(None, wait=True)) == 1
    assert time.monotonic() - begun < 30
    await network.close()


async def test_connections_that_went_stale_work_once_they_are_redone(
    api: BotApi, network: Network
) -> None:
    await asyncio.gather(network.introduce(), network.updates(None, wait=False))
    api.go_stale()
    await network.redo()

    assert (await network.introduce()).username == "ostro_bot"
    assert await network.updates(None, wait=False) == ()


async def test_nobody_who_asks_meanwhile_finds_no_connections(network: Network) -> None:
    async def ask() -> str:
        try:
            await network.introduce()
        except NetworkError as error:
            return error.message
        return "fine"

    asking = [asyncio.create_task(ask()) for _ in range(10)]
    await asyncio.sleep(0)
    redoing = asyncio.create_task(network.redo())
    await asyncio.sleep(0)
    asking += [asyncio.create_task(ask()) for _ in range(10)]
    await redoing
    outcomes = await asyncio.gather(*asking)

    assert outcomes[10:] == ["fine"] * 10
    assert not any("not initialized" in outcome for outcome in outcomes)


async def test_a_refused_token_is_called_one(api: BotApi) -> None:
    for token in ("4242:AAwrong", "nonsense"):
        network = Network(token, api.url, QUICK)
        with pytest.raises(InvalidToken) as raised:
            await network.introduce()
        assert token not in repr(raised.value)
        await network.close()


async def test_two_who_poll_are_told_apart_from_a_network_that_fails(
    api: BotApi, network: Network
) -> None:
    other = Network(TOKEN, api.url, QUICK)
    polling = asyncio.create_task(network.updates(None, wait=True))
    await until_polling(api, 1)
    await other.updates(None, wait=False)
    with pytest.raises(Conflict):
        await polling
    await other.close()


async def test_the_token_is_in_no_error_and_in_no_representation(
    api: BotApi, network: Network
) -> None:
    raised: list[TelegramError] = []

    async def ask(network: Network) -> None:
        with pytest.raises(TelegramError) as caught:
            await network.introduce()
        raised.append(caught.value)

    api.fail("getMe", silence())
    await ask(network)
    api.down()
    await ask(network)
    for url in ("nonsense", "http://127.0.0.1:99999/bot", "http://nowhere.invalid/bot"):
        other = Network(TOKEN, url, QUICK)
        await ask(other)
        await other.close()
    secret = TOKEN.partition(":")[2]

    assert secret not in "".join(f"{error!r}{error}" for error in raised)
    assert all(len(error.message) <= 200 for error in raised)
    assert secret not in repr(network.bot)
    assert isinstance(network.bot, Bot)


TALK = """
import asyncio, sys
from bot.log import configure
from bot.platforms.telegram.network import Network, Timeouts
configure("debug", verbose=True)
async def talk():
    network = Network(sys.argv[1], sys.argv[2], Timeouts(poll=1))
    await network.introduce()
    await network.updates(None, wait=False)
    await network.close()
    print(repr(network.bot))
asyncio.run(talk(), debug=True)
"""


async def test_the_token_is_in_no_log_however_much_is_logged(api: BotApi) -> None:
    talk = await asyncio.create_subprocess_exec(
        *(sys.executable, "-W", "error", "-c", TALK, TOKEN, api.url),
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    said, _ = await talk.communicate()

    assert talk.returncode == 0, said.decode()
    assert b"_QuietBot" in said
    assert TOKEN.partition(":")[2].encode() not in said
    assert logging.getLogger("httpx").level == logging.NOTSET
