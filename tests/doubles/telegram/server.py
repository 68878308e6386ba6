"""The Bot API over HTTP on 127.0.0.1: in the event loop of a test, or in a thread of its own.

async with serving(BotApi()) as api:  # with serving_in_thread(BotApi()) as api:
    ada = api.person(1, "Ada")
    chat = api.private(ada)
    ...  # let a bot run with api.token at api.url
    ada.says(chat, "hello")
    await api.until(lambda: api.answers(chat))  # api.wait_until(...)
"""

from contextlib import AbstractAsyncContextManager, AbstractContextManager

from aiohttp import web

from tests.doubles.loopback import serving as loopback
from tests.doubles.loopback.denied import DeniedError
from tests.doubles.loopback.window import Window
from tests.doubles.telegram.api import BotApi
from tests.doubles.telegram.calls import Call
from tests.doubles.telegram.wire import Json, RefusalError, decoded


def serving(api: BotApi) -> AbstractAsyncContextManager[BotApi]:
    """Serve in this event loop until the end of the block, then see that no rule was broken."""
    return loopback.serving(api, _Window(api))


def serving_in_thread(api: BotApi) -> AbstractContextManager[BotApi]:
    """Serve in a thread until the end of the block, then see that no rule was broken."""
    return loopback.serving_in_thread(api, _Window(api))


class _Window(Window[Call]):
    """Turns requests into calls, and results into answers."""

    _api: BotApi

    def __init__(self, api: BotApi) -> None:
        super().__init__(api, RefusalError(500, "Internal Server Error"))

    def lay_out(self, router: web.UrlDispatcher) -> None:
        router.add_route("*", "/bot{token}/{method}", self.method)
        router.add_route("GET", "/file/bot{token}/{path:.+}", self.file)

    async def method(self, request: web.Request) -> web.StreamResponse:
        """Answer one method."""
        await self._pass(request)
        method = request.match_info["method"]
        params = await _params(request)
        call = self._api.note(method, params)
        return await self._answered(request, call)

    async def file(self, request: web.Request) -> web.StreamResponse:
        """Hand a file out."""
        await self._pass(request)
        call = self._api.note("file", {"path": request.match_info["path"]})
        try:
            self._check_token(request, call)
            content = self._api.file(request.match_info["path"])
        except RefusalError as refusal:
            return self._refused(refusal)
        return web.Response(body=content)

    def _check_token(self, request: web.Request, _call: Call) -> None:
        token = request.match_info["token"]
        if token == self._api.token:
            return
        if not token.partition(":")[0].isdecimal() or ":" not in token:
            raise RefusalError(404, "Not Found")
        raise RefusalError(401, "Unauthorized")

    def _told(self, _call: Call, result: object) -> web.Response:
        return web.json_response({"ok": True, "result": result})

    def _refused(self, denied: DeniedError, _call: Call | None = None) -> web.Response:
        return web.json_response(denied.body(), status=denied.status)


async def _params(request: web.Request) -> Json:
    fields: Json = dict(request.query)
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            fields[name] = (value.filename, value.file.read(), value.content_type)
        else:
            fields[name] = value
    return decoded(fields)
