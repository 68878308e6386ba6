"""Where requests become calls, and results become answers."""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from typing import Generic

from aiohttp import web

from tests.doubles.loopback.answers import CutError, PageError
from tests.doubles.loopback.denied import DeniedError
from tests.doubles.loopback.door import cut
from tests.doubles.loopback.double import C, Double

_PAGE = "<html><body><h1>Bad Gateway</h1></body></html>"


class Window(ABC, Generic[C]):
    """Speaks HTTP for a server.

    Args:
        api: the server.
        fault: what a client hears where the double itself fails.
    """

    def __init__(self, api: Double[C], fault: DeniedError) -> None:
        self._api = api
        self._fault = fault

    @abstractmethod
    def lay_out(self, router: web.UrlDispatcher) -> None:
        """Say what is where."""

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
            return self._refused(self._fault)

    async def _answered(self, request: web.Request, call: C) -> web.StreamResponse:
        """Answer a call that is noted already."""
        try:
            self._check_token(request, call)
            answer = self._told(call, await self._api.answer(call))
        except DeniedError as denied:
            answer = self._refused(denied, call)
        except PageError as page:
            self._api.note_status(call, page.status)
            return web.Response(status=page.status, text=_PAGE, content_type="text/html")
        except CutError:
            return _cut(request)
        await self._pass(request)
        self._api.note_status(call, answer.status)
        return answer

    @abstractmethod
    def _check_token(self, request: web.Request, call: C) -> None:
        """Refuse a request that comes without the right token."""

    @abstractmethod
    def _told(self, call: C, result: object) -> web.Response:
        """Return how a result is told."""

    @abstractmethod
    def _refused(self, denied: DeniedError, call: C | None = None) -> web.Response:
        """Return how a refusal is told; ``call`` None: to a request that became none."""

    async def _pass(self, request: web.Request) -> None:
        await self._api.door.let_through(request.protocol)


def _cut(request: web.Request) -> web.Response:
    if request.transport is not None:
        cut(request.transport)
    return web.Response()
