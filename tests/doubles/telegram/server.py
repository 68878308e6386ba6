"""The Bot API over HTTP on 127.0.0.1: in the event loop of a test, or in a thread of its own.

async with serving(BotApi()) as api:  # with serving_in_thread(BotApi()) as api:
    ada = api.person(1, "Ada")
    chat = api.private(ada)
    ...  # let a bot run with api.token at api.url
    ada.says(chat, "hello")
    await api.until(lambda: api.answers(chat))  # api.wait_until(...)
"""

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

from aiohttp import web

from tests.doubles.telegram.api import BotApi
from tests.doubles.telegram.calls import CutError, PageError
from tests.doubles.telegram.door import Door, cut
from tests.doubles.telegram.wire import Json, RefusalError, decoded

_PAGE = "<html><body><h1>Bad Gateway</h1></body></html>"


@asynccontextmanager
async def serving(api: BotApi) -> AsyncIterator[BotApi]:
    """Serve in this event loop until the end of the block, then see that no rule was broken."""
    async with _serving(api):
        yield api
    api.assert_no_violations()


@contextmanager
def serving_in_thread(api: BotApi) -> Iterator[BotApi]:
    """Serve in a thread until the end of the block, then see that no rule was broken."""
    ready, stop = threading.Event(), asyncio.Event()

    async def serve() -> None:
        async with _serving(api):
            loops.append(asyncio.get_running_loop())
            ready.set()
            await stop.wait()

    loops: list[asyncio.AbstractEventLoop] = []
    thread = threading.Thread(target=lambda: asyncio.run(serve()), name="botapi")
    thread.start()
    assert ready.wait(10), "the Bot API did not start"
    try:
        yield api
    finally:
        loops[0].call_soon_threadsafe(stop.set)
        thread.join()
    api.assert_no_violations()


@asynccontextmanager
async def _serving(api: BotApi) -> AsyncIterator[None]:
    app = web.Application(client_max_size=64 * 1024 * 1024)
    runner = web.AppRunner(app, handler_cancellation=True, access_log=None, shutdown_timeout=1)
    window = _Window(api)
    app.middlewares.append(window.confess)
    app.router.add_route("*", "/bot{token}/{method}", window.method)
    app.router.add_route("GET", "/file/bot{token}/{path:.+}", window.file)
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

    def __init__(self, api: BotApi) -> None:
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
            return web.json_response(RefusalError(500, "Internal Server Error").body(), status=500)

    async def method(self, request: web.Request) -> web.StreamResponse:
        """Answer one method."""
        await self._network(request)
        method = request.match_info["method"]
        params = await _params(request)
        call = self._api.note(method, params)
        try:
            self._check_token(request)
            result = await self._api.answer(call)
            answer, status = {"ok": True, "result": result}, 200
        except RefusalError as refusal:
            answer, status = refusal.body(), refusal.status
        except PageError as page:
            self._api.note_status(call, page.status)
            return web.Response(status=page.status, text=_PAGE, content_type="text/html")
        except CutError:
            return _cut(request)
        await self._network(request)
        self._api.note_status(call, status)
        return web.json_response(answer, status=status)

    async def file(self, request: web.Request) -> web.StreamResponse:
        """Hand a file out."""
        await self._network(request)
        self._api.note("file", {"path": request.match_info["path"]})
        try:
            self._check_token(request)
            content = self._api.file(request.match_info["path"])
        except RefusalError as refusal:
            return web.json_response(refusal.body(), status=refusal.status)
        return web.Response(body=content)

    def _check_token(self, request: web.Request) -> None:
        token = request.match_info["token"]
        if token == self._api.token:
            return
        if not token.partition(":")[0].isdecimal() or ":" not in token:
            raise RefusalError(404, "Not Found")
        raise RefusalError(401, "Unauthorized")

    async def _network(self, request: web.Request) -> None:
        """Let nothing through where the network is silent; its end breaks the connection."""
        if self._api.door.is_silent(request.protocol):
            await asyncio.Event().wait()


async def _params(request: web.Request) -> Json:
    fields: Json = dict(request.query)
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            fields[name] = (value.filename, value.file.read(), value.content_type)
        else:
            fields[name] = value
    return decoded(fields)


def _cut(request: web.Request) -> web.Response:
    transport = request.transport
    if transport is not None:
        cut(transport)
    return web.Response()
