import asyncio
import gc
import hashlib
import threading
from collections.abc import Callable

import aiohttp
import pytest

from tests.doubles.discord.api import DiscordApi
from tests.doubles.discord.failures import server_error, silence
from tests.doubles.discord_listener import listening


@pytest.fixture
def says(api: DiscordApi) -> Callable[[str], int]:
    """Let Mina write to the bot."""
    mina = api.person(7)
    channel = api.direct(mina, 50)
    return lambda text: mina.says(channel, text)


async def test_what_is_said_is_heard(api: DiscordApi, says: Callable[[str], int]) -> None:
    async with listening(api) as house:
        await house.is_connected()
        says("hello")
        await house.hears("hello")

    assert house.listener.entered_times == house.listener.begun_times == 1


async def test_at_the_end_it_says_goodbye(api: DiscordApi) -> None:
    async with listening(api) as house:
        await house.is_connected()
        house.gateway.end()
        await house.running
        (session,) = api.gateway.sessions
        await api.until(lambda: session.over and not api.gateway.connected)


@pytest.mark.parametrize(
    "end",
    [
        lambda api: api.gateway.cut(),
        lambda api: api.gateway.close(4000),
        lambda api: api.gateway.close(1000),
        lambda api: api.gateway.ask_to_reconnect(),
        lambda api: api.gateway.invalidate(resumable=True),
    ],
    ids=["cut", "closed", "closed politely", "asked", "not resumed at once"],
)
async def test_a_connection_that_ends_is_made_anew_and_nothing_is_lost_or_doubled(
    api: DiscordApi,
    says: Callable[[str], int],
    end: Callable[[DiscordApi], None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with listening(api) as house:
        await house.is_connected()
        says("one")
        await house.hears("one")
        end(api)
        says("two")
        await house.hears("one", "two")
        says("three")
        await house.hears("one", "two", "three")
    (session,) = api.gateway.sessions

    assert (session.resumed, house.listener.begun_times) == (1, 1)
    assert caplog.messages == []


async def test_a_session_that_discord_forgot_is_followed_by_another(
    api: DiscordApi, says: Callable[[str], int], caplog: pytest.LogCaptureFixture
) -> None:
    async with listening(api) as house:
        await house.is_connected()
        api.gateway.refuse_resume()
        api.gateway.cut()
        await house.until(lambda: house.listener.begun_times == 2)
        says("hello")
        await house.hears("hello")
        api.gateway.invalidate()
        await house.until(lambda: house.listener.begun_times == 3)

    assert len(api.gateway.sessions) == 3
    assert not any(record.exc_info for record in caplog.records)


async def test_a_network_that_is_away_at_the_start_is_waited_for(
    api: DiscordApi, caplog: pytest.LogCaptureFixture
) -> None:
    api.down()
    async with listening(api) as house:
        await house.until(lambda: caplog.messages)
        api.up()
        await house.is_connected()

    begun, over = caplog.messages
    assert begun.startswith("Discord cannot be reached (")
    assert begun.endswith("trying again until it works")
    assert over == "Discord is reached again"
    assert house.listener.entered_times == 1


async def test_a_network_that_goes_away_is_told_once_and_waited_for(
    api: DiscordApi, says: Callable[[str], int], caplog: pytest.LogCaptureFixture
) -> None:
    async with listening(api) as house:
        await house.is_connected()
        api.down()
        await house.until(lambda: caplog.messages)
        says("hello")
        api.up()
        await house.hears("hello")
        await house.until(lambda: len(caplog.messages) == 2)

    assert caplog.messages[1] == "Discord is reached again"
    assert not any(record.exc_info for record in caplog.records)


async def test_errors_of_discord_itself_are_waited_for(api: DiscordApi) -> None:
    api.fail("get_me", server_error(503), times=3)
    api.fail("get_application", server_error(503), times=2)
    async with listening(api) as house:
        await house.is_connected()

    assert len(api.called("get_me")) == 6


async def test_connections_to_log_in_with_are_closed_again(
    api: DiscordApi, recwarn: pytest.WarningsRecorder
) -> None:
    api.fail("get_me", server_error(503), times=3)
    async with listening(api) as house:
        await house.is_connected()
    gc.collect()

    assert [str(one.message) for one in recwarn.list] == []


async def test_a_gateway_that_does_not_speak_is_left_after_a_while(
    api: DiscordApi, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("bot.platforms.discord.gateway.CONNECT_SECONDS", 0.2)
    async with listening(api) as house:
        await house.is_connected()
        api.black_hole()
        await house.gateway.redo()
        await house.until(lambda: caplog.messages)
        api.up()
        await house.until(lambda: len(caplog.messages) == 2)

    assert caplog.messages[0].startswith("Discord cannot be reached (TimeoutError)")


async def test_a_line_that_went_dead_is_noticed_and_made_anew(
    api: DiscordApi, says: Callable[[str], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with listening(api) as house:
        await house.is_connected()
        monkeypatch.setattr("bot.platforms.discord.line.SILENT_SECONDS", 0.3)
        says("one")
        await house.hears("one")
        api.go_stale()
        says("two")
        await house.hears("one", "two")
    (session,) = api.gateway.sessions

    assert session.resumed > 0


async def test_redone_connections_go_on_with_the_session_though_the_old_ones_are_dead(
    api: DiscordApi, says: Callable[[str], int], recwarn: pytest.WarningsRecorder
) -> None:
    async with listening(api) as house:
        await house.is_connected()
        api.fail("get_application", silence())
        asking = asyncio.create_task(house.client.application_info())
        await api.until(lambda: len(api.called("get_application")) == 2)
        api.go_stale()
        says("good morning")
        await house.gateway.redo()
        await house.hears("good morning")
        with pytest.raises(aiohttp.ClientError):
            await asking
        await house.client.application_info()
    (session,) = api.gateway.sessions

    assert session.resumed == 1
    assert [str(one.message) for one in recwarn.list] == []


async def test_redoing_does_nothing_before_there_is_anything(api: DiscordApi) -> None:
    api.fail("get_me", silence())
    async with listening(api) as house:
        await api.until(lambda: api.called("get_me"))
        await house.gateway.redo()
        api.release()
        await house.is_connected()


async def test_what_cannot_be_read_is_logged_and_nothing_else_is_lost(
    api: DiscordApi, says: Callable[[str], int], caplog: pytest.LogCaptureFixture
) -> None:
    async with listening(api) as house:
        await house.is_connected()
        parsers = house.client._connection.parsers
        parse = parsers.pop("MESSAGE_CREATE")
        parsers["MESSAGE_CREATE"] = lambda told: told["nothing"]
        says("one")
        await house.until(lambda: caplog.messages)
        parsers["MESSAGE_CREATE"] = parse
        says("two")
        await house.hears("two")

    assert caplog.messages == ["what Discord told could not be read"]


def in_python(end: threading.Event) -> None:
    while not end.is_set():
        sum(range(1000))


def in_c(end: threading.Event) -> None:
    while not end.is_set():
        hashlib.pbkdf2_hmac("sha256", b"", b"", 100_000)


@pytest.mark.parametrize("work", [in_python, in_c])
async def test_heartbeats_and_everything_else_go_on_while_a_model_thread_is_busy(
    api: DiscordApi, says: Callable[[str], int], work: Callable[[threading.Event], None]
) -> None:
    api.gateway.heartbeat_seconds = 0.1
    end = threading.Event()
    model = threading.Thread(target=work, args=(end,))
    async with listening(api) as house:
        await house.is_connected()
        model.start()
        try:
            before = len(api.gateway.beats)
            await api.until(lambda: len(api.gateway.beats) >= before + 5)
            says("hello")
            await house.hears("hello")
        finally:
            end.set()
            model.join()
