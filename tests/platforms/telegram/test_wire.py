import asyncio
import json
import traceback
from urllib.parse import quote

import pytest
from aiohttp import web
from telegram.error import NetworkError, TimedOut
from telegram.request import HTTPXRequest

from bot.platforms.telegram.network import Network
from bot.platforms.telegram.wire import WaitError, Wire
from tests.doubles.telegram.api import TOKEN, BotApi
from tests.doubles.telegram.failures import flood, proxy_page


@pytest.mark.parametrize("status", [200, 401, 403, 404, 409, 502])
async def test_a_page_in_place_of_an_answer_is_a_network_that_fails_whatever_its_status(
    api: BotApi, network: Network, status: int
) -> None:
    api.fail("getMe", proxy_page(status))
    with pytest.raises(NetworkError) as raised:
        await network.introduce()

    assert type(raised.value) is NetworkError
    assert f"HTTP {status}" in str(raised.value)


async def answering(answer: bytes) -> tuple[web.AppRunner, str]:
    """Serve one answer to everything."""

    async def handle(_request: web.Request) -> web.Response:
        return web.Response(body=answer)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handle)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    return runner, f"http://127.0.0.1:{runner.addresses[0][1]}/bot"


async def asked(answer: object) -> list[tuple[int, bool]]:
    """Return the number of each update in an answer, and whether there is more in it."""
    runner, url = await answering(json.dumps(answer).encode())
    network = Network(TOKEN, url)
    try:
        updates = await network.updates(None, wait=False)
    finally:
        await network.close()
        await runner.cleanup()
    return [(each.update_id, each.message is not None) for each in updates]


async def test_an_update_that_cannot_be_read_keeps_no_other_away(
    caplog: pytest.LogCaptureFixture,
) -> None:
    chat = {"id": 7, "type": "private"}
    fine = {"message_id": 1, "date": 0, "chat": chat, "text": "fine"}
    updates = [
        {"update_id": 1, "message": fine},
        {"update_id": 2, "message": {"text": "secret words", "chat": "no chat"}},
        {"update_id": 3, "message": fine},
    ]

    assert await asked({"ok": True, "result": updates}) == [(1, True), (2, False), (3, True)]
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert "2" in caplog.messages[0]


@pytest.mark.parametrize("answer", [{"ok": True}, {"error": "no"}, [1], "text", None])
async def test_json_that_is_no_answer_is_a_network_that_fails(answer: object) -> None:
    with pytest.raises(NetworkError):
        await asked(answer)


async def test_a_wait_that_is_asked_for_is_told_in_seconds_and_without_a_warning(
    api: BotApi, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PTB_TIMEDELTA", raising=False)  # without, the library's own error warns
    api.fail("getMe", flood(7))
    with pytest.raises(WaitError) as raised:
        await network.introduce()

    assert raised.value.seconds == 7


async def test_connections_are_closed_only_once_all_on_them_has_ended() -> None:
    story: list[str] = []
    asked = asyncio.Event()

    class Slow(HTTPXRequest):
        """Takes a moment to break off."""

        async def do_request(self, *_args: object, **_kwargs: object) -> tuple[int, bytes]:
            asked.set()
            try:
                await asyncio.Event().wait()
            finally:
                await asyncio.sleep(0)
                story.append("broken off")
            raise AssertionError

        async def shutdown(self) -> None:
            story.append("closed")
            await super().shutdown()

    wire = Wire(Slow, TOKEN)
    asking = asyncio.create_task(wire.post("http://here"))
    await asked.wait()
    await wire.redo()
    with pytest.raises(NetworkError):
        await asking
    await wire.shutdown()

    assert story == ["broken off", "closed", "closed"]


class Talkative(HTTPXRequest):
    """Fails with an error that quotes the address which was asked."""

    def __init__(self, kind: type[Exception]) -> None:
        super().__init__()
        self._kind = kind

    async def do_request(self, url: str, *_args: object, **_kwargs: object) -> tuple[int, bytes]:
        raise self._kind(f"could not reach {url} or {quote(url, safe='')}")


@pytest.mark.parametrize("kind", [NetworkError, TimedOut, ValueError])
async def test_an_error_that_quotes_the_address_does_not_quote_the_token(
    kind: type[Exception],
) -> None:
    wire = Wire(lambda: Talkative(kind), TOKEN)
    with pytest.raises(NetworkError, match="could not reach") as raised:
        await wire.post(f"http://here/bot{TOKEN}/getMe")
    secret = TOKEN.partition(":")[2]

    assert secret not in "".join(traceback.format_exception(raised.value))
    assert isinstance(raised.value, kind) or kind is ValueError
    await wire.shutdown()
