"""Discord over HTTP and websockets on 127.0.0.1: in a test's event loop, or in its own thread.

async with serving(DiscordApi()) as api:  # with serving_in_thread(DiscordApi()) as api:
    mina = api.person(7, "Mina")
    channel = api.channel(api.guild(100), 200)
    ...  # let a bot run with api.token, pointed_at(api)
    mina.says(channel, "@bot hello")
    await api.until(lambda: api.answers(channel))  # api.wait_until(...)
"""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

from aiohttp import web

from tests.doubles.discord.answers import CutError, PageError
from tests.doubles.discord.api import DiscordApi
from tests.doubles.discord.gateway import Connection
from tests.doubles.discord.request import Call
from tests.doubles.discord.routes import ROUTES, WITHOUT_TOKEN
from tests.doubles.discord.wire import NOT_FOUND, UNAUTHORIZED, Json, RefusalError
from tests.doubles.telegram.door import Door, cut

_PAGE = "<html><body><h1>Bad Gateway</h1></body></html>"
_MOST_BYTES = 64 * 1024 * 1024


@asynccontextmanager
async def serving(api: DiscordApi) -> AsyncIterator[DiscordApi]:
    """Serve in this event loop until the end of the block, then see that no rule was broken."""
    async with _serving(api):
        yield api
    api.assert_no_violations()


@contextmanager
def serving_in_thread(api: DiscordApi) -> Iterator[DiscordApi]:
    """Serve in a thread until the end of the block, then see that no rule was broken."""
    ready, stop = threading.Event(), asyncio.Event()

    async def serve() -> None:
        async with _serving(api):
            loops.append(asyncio.get_running_loop())
            ready.set()
            await stop.wait()

    loops: list[asyncio.AbstractEventLoop] = []
    thread = threading.Thread(target=lambda: asyncio.run(serve()), name="discord")
    thread.start()
    assert ready.wait(10), "Discord did not start"
    try:
        yield api
    finally:
        loops[0].call_soon_threadsafe(stop.set)
        thread.join()
    api.assert_no_violations()


@asynccontextmanager
async def _serving(api: DiscordApi) -> AsyncIterator[None]:
    app = web.Application(client_max_size=_MOST_BYTES)
    runner = web.AppRunner(app, handler_cancellation=True, access_log=None, shutdown_timeout=1)
    window = _Window(api)
    app.middlewares.append(window.confess)
    for name, (method, path, _) in ROUTES.items():
        prefix = "" if path.startswith("/attachments") else "/api/v10"
        app.router.add_route(method, prefix + path, window.route(name))
    app.router.add_get("/", window.gateway)
    app.router.add_route("*", "/{path:.+}", window.nowhere)
    await runner.setup()
    assert runner.server is not None
    door = Door(runner.server)
    door.up()
    api.open_at(door)
    try:
        yield
    finally:
        await door.close()
        await runner.cleanup()


class _Window:
    """Turns requests into calls, and results into answers."""

    def __init__(self, api: DiscordApi) -> None:
        self._api = api

    @web.middleware
    async def confess(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        """Let a request that nothing can be made of fail the test."""
        try:
            return await handler(request)
        except (OSError, web.RequestPayloadError):  # the client went away
            raise
        except Exception as fault:  # noqa: BLE001 # whatever it is, the test must hear of it
            self._api.violations.append(f"no answer to {request.path}: {fault!r}")
            return _answer(RefusalError(500, 0, "Internal Server Error").body(), 500)

    def route(self, name: str) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        """Return what answers one route."""

        async def answer(request: web.Request) -> web.StreamResponse:
            await self._network(request)
            call = await _call(request, name)
            return await self._answered(request, call)

        return answer

    async def gateway(self, request: web.Request) -> web.StreamResponse:
        """Serve a connection of the gateway until it ends."""
        await self._network(request)
        api = self._api
        return await Connection(request, api.state, api.gateway, api.door).run(lambda: api.token)

    async def nowhere(self, request: web.Request) -> web.StreamResponse:
        """Refuse a route that the double does not know, and fail the test."""
        await self._network(request)
        self._api.violations.append(f"an unknown route: {request.method} {request.path}")
        return _answer(NOT_FOUND.body(), NOT_FOUND.status)

    async def _answered(self, request: web.Request, call: Call) -> web.StreamResponse:
        self._api.note(call)
        try:
            self._check_token(request, call)
            result, status = await self._api.answer(call), 200
        except RefusalError as refusal:
            result, status = refusal.body(), refusal.status
        except PageError as page:
            self._api.note_status(call, page.status)
            return web.Response(status=page.status, text=_PAGE, content_type="text/html")
        except CutError:
            return _cut(request)
        await self._network(request)
        status = 204 if result is None else status
        self._api.note_status(call, status)
        if isinstance(result, bytes):
            return web.Response(body=result)
        return _answer(result, status, call.headers)

    def _check_token(self, request: web.Request, call: Call) -> None:
        right = f"Bot {self._api.token}"
        if call.method not in WITHOUT_TOKEN and request.headers.get("Authorization") != right:
            raise UNAUTHORIZED.again()

    async def _network(self, request: web.Request) -> None:
        """Let nothing through where the network is silent; its end breaks the connection."""
        if self._api.door.is_silent(request.protocol):
            await asyncio.Event().wait()


async def _call(request: web.Request, name: str) -> Call:
    call = Call(0.0, name, dict(request.match_info), dict(request.query))
    if request.content_type == "multipart/form-data":
        fields = dict(await request.post())
        call.params |= json.loads(str(fields.pop("payload_json", "{}")))
        for value in fields.values():
            assert isinstance(value, web.FileField), f"a field that is no file: {value!r}"
            call.files.append((value.filename, value.file.read()))
    elif request.body_exists and request.content_type == "application/json":
        body = json.loads(await request.text())
        if isinstance(body, list):
            call.body = body
        else:
            call.params |= body
    return call


def _answer(body: object, status: int, headers: dict[str, str] | None = None) -> web.Response:
    told = dict(headers or {})
    if status == 204:
        return web.Response(status=status, headers=told)
    if status == 429 and isinstance(body, dict):
        told |= {"Via": "1.1 google", "Retry-After": str(_whole(body))}
    told["Content-Type"] = "application/json"  # exactly so: discord.py looks for nothing else
    return web.Response(status=status, body=json.dumps(body).encode(), headers=told)


def _whole(body: Json) -> int:
    return int(body["retry_after"]) + 1


def _cut(request: web.Request) -> web.Response:
    transport = request.transport
    if transport is not None:
        cut(transport)
    return web.Response()
