"""Discord over HTTP and websockets on 127.0.0.1: in a test's event loop, or in its own thread.

async with serving(DiscordApi()) as api:  # with serving_in_thread(DiscordApi()) as api:
    mina = api.person(7, "Mina")
    channel = api.channel(api.guild(100), 200)
    ...  # let a bot run with api.token, pointed_at(api)
    mina.says(channel, "@bot hello")
    await api.until(lambda: api.answers(channel))  # api.wait_until(...)
"""

import json
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AbstractContextManager

from aiohttp import web

from tests.doubles.discord.api import DiscordApi
from tests.doubles.discord.gateway import Connection
from tests.doubles.discord.request import Call
from tests.doubles.discord.routes import ROUTES, WITHOUT_TOKEN
from tests.doubles.discord.wire import NOT_FOUND, UNAUTHORIZED, Json, RefusalError
from tests.doubles.loopback import serving as loopback
from tests.doubles.loopback.denied import DeniedError
from tests.doubles.loopback.window import Window


def serving(api: DiscordApi) -> AbstractAsyncContextManager[DiscordApi]:
    """Serve in this event loop until the end of the block, then see that no rule was broken."""
    return loopback.serving(api, _Window(api))


def serving_in_thread(api: DiscordApi) -> AbstractContextManager[DiscordApi]:
    """Serve in a thread until the end of the block, then see that no rule was broken."""
    return loopback.serving_in_thread(api, _Window(api))


class _Window(Window[Call]):
    """Turns requests into calls, and results into answers."""

    _api: DiscordApi

    def __init__(self, api: DiscordApi) -> None:
        super().__init__(api, RefusalError(500, 0, "Internal Server Error"))

    def lay_out(self, router: web.UrlDispatcher) -> None:
        for name, (method, path, _) in ROUTES.items():
            prefix = "" if path.startswith("/attachments") else "/api/v10"
            router.add_route(method, prefix + path, self.route(name))
        router.add_get("/", self.gateway)
        router.add_route("*", "/{path:.+}", self.nowhere)

    def route(self, name: str) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        """Return what answers one route."""

        async def answer(request: web.Request) -> web.StreamResponse:
            await self._pass(request)
            call = await _call(request, name)
            self._api.note(call)
            return await self._answered(request, call)

        return answer

    async def gateway(self, request: web.Request) -> web.StreamResponse:
        """Serve a connection of the gateway until it ends."""
        await self._pass(request)
        api = self._api
        return await Connection(request, api.state, api.gateway, api.door).run(lambda: api.token)

    async def nowhere(self, request: web.Request) -> web.StreamResponse:
        """Refuse a route that the double does not know, and fail the test."""
        await self._pass(request)
        self._api.violations.append(f"an unknown route: {request.method} {request.path}")
        return self._refused(NOT_FOUND)

    def _check_token(self, request: web.Request, call: Call) -> None:
        right = f"Bot {self._api.token}"
        if call.method not in WITHOUT_TOKEN and request.headers.get("Authorization") != right:
            raise UNAUTHORIZED.again()

    def _told(self, call: Call, result: object) -> web.Response:
        if isinstance(result, bytes):
            return web.Response(body=result)
        return _answer(result, 204 if result is None else 200, call.headers)

    def _refused(self, denied: DeniedError, call: Call | None = None) -> web.Response:
        return _answer(denied.body(), denied.status, call.headers if call else {})


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


def _answer(body: object, status: int, headers: dict[str, str]) -> web.Response:
    told = dict(headers)
    if status == 204:
        return web.Response(status=status, headers=told)
    if status == 429 and isinstance(body, dict):
        told |= {"Via": "1.1 google", "Retry-After": str(_whole(body))}
    told["Content-Type"] = "application/json"  # exactly so: discord.py looks for nothing else
    return web.Response(status=status, body=json.dumps(body).encode(), headers=told)


def _whole(body: Json) -> int:
    return int(body["retry_after"]) + 1
