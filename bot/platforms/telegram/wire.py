"""Requests to a Bot API server, with all that can go wrong in them made harmless."""

import asyncio
import json
import logging
from collections.abc import Callable, Coroutine
from typing import Any
from urllib.parse import quote

from telegram import Update
from telegram.error import NetworkError, TelegramError
from telegram.request import BaseRequest, HTTPXRequest

_log = logging.getLogger("ostro.telegram")

_OK = 200
_LONGEST_MESSAGE = 200


class WaitError(TelegramError):
    """Telegram says that too much was asked of it, and how long it wants to be left alone.

    It takes the place of the library's own RetryAfter, which says that in a form of time that an
    environment variable decides on, and warns where it is not set.

    Attributes:
        seconds: so long.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__(f"too much was asked: {seconds:g} s to wait")
        self.seconds = seconds


class Wire(BaseRequest):
    """A pool of connections that can be replaced by a new one while it is used.

    Only what is an answer of a Bot API server counts as one: what a proxy or the login page of a
    network says in its place is a network that fails, whatever its status. Errors do not hold the
    token.

    Args:
        make: returns a new pool.
        token: that is not told.
    """

    def __init__(self, make: Callable[[], HTTPXRequest], token: str) -> None:
        self._make = make
        self._requests = make()
        self._under_way: set[asyncio.Future[tuple[int, bytes]]] = set()
        self._secrets = (token, quote(token, safe=""), token.partition(":")[2] or token)

    @property
    def read_timeout(self) -> float | None:
        """How long an answer is waited for, in seconds."""
        return self._requests.read_timeout

    async def initialize(self) -> None:
        """Open the pool."""
        await self._requests.initialize()

    async def shutdown(self) -> None:
        """Close the pool; what is under way fails. Closed it may be closed again."""
        await self._close(self._requests)

    async def redo(self) -> None:
        """Begin a new pool and close the old one; what is under way there fails."""
        old, self._requests = self._requests, self._make()
        await self._close(old)

    async def _close(self, requests: HTTPXRequest) -> None:
        # A pool that is closed forgets connections that are only being made, and never closes them.
        under_way = list(self._under_way)
        for request in under_way:
            request.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)
        await requests.shutdown()

    async def do_request(
        self,
        url: str,
        method: str,
        *args: Any,  # noqa: ANN401 # what the library hands over is handed on
        **kwargs: Any,  # noqa: ANN401 # the same
    ) -> tuple[int, bytes]:
        """Return status and content of an answer; the library calls this.

        Raises:
            WaitError: there is none before some time has passed.
            TelegramError: there is none.
        """
        try:
            status, answer = await self._asked(
                self._requests.do_request(url, method, *args, **kwargs)
            )
        except TelegramError as error:
            raise type(error)(self._told(error.message)) from None
        except Exception as error:  # noqa: BLE001 # an address that is none, for example
            raise NetworkError(self._told(repr(error))) from None
        if method == "GET":  # a file
            if status != _OK:
                raise NetworkError(f"a file was refused: HTTP {status}")
            return status, answer
        return status, _checked(status, answer)

    async def _asked(self, asking: Coroutine[None, None, tuple[int, bytes]]) -> tuple[int, bytes]:
        """Return an answer. Its request can be broken off without its caller being cancelled."""
        request = asyncio.ensure_future(asking)
        self._under_way.add(request)
        try:
            return await request
        except asyncio.CancelledError:
            me = asyncio.current_task()
            if me is not None and me.cancelling():
                raise
            raise NetworkError("the connections were closed") from None
        finally:
            self._under_way.discard(request)

    def _told(self, message: str) -> str:
        """Return a message without the token, and of a length for a log."""
        for secret in self._secrets:
            message = message.replace(secret, "TOKEN")
        return message[:_LONGEST_MESSAGE]


def _checked(status: int, answer: bytes) -> bytes:
    """Return an answer in which the library can read every update.

    It reads all updates of an answer at once, and one that it cannot read would be asked for again
    without end. Such a one is left with its number alone: it is confirmed like one for nobody.

    Raises:
        NetworkError: it is no answer of a Bot API server.
        WaitError: it is that there is none yet.
    """
    try:
        said = json.loads(answer)
    except ValueError:
        said = None
    if not isinstance(said, dict) or ("result" if status == _OK else "ok") not in said:
        raise NetworkError(f"what answered is no Bot API server: HTTP {status}")
    if status != _OK:
        _check_wait(said)
    result = said.get("result")
    if not isinstance(result, list):
        return answer
    unread = [one for one in result if not _readable(one)]
    if not unread:
        return answer
    said["result"] = [_number_alone(one) if one in unread else one for one in result]
    return json.dumps(said).encode()


def _check_wait(refusal: dict[str, Any]) -> None:
    parameters = refusal.get("parameters")
    seconds = parameters.get("retry_after") if isinstance(parameters, dict) else None
    if isinstance(seconds, int | float) and seconds > 0:
        raise WaitError(seconds)


def _readable(update: Any) -> bool:  # noqa: ANN401 # JSON
    if not isinstance(update, dict) or "update_id" not in update:
        return True
    try:
        Update.de_json(update, None)
    except Exception:  # noqa: BLE001 # whatever it is, no update may stop the others
        _log.exception("update %s cannot be read and is passed over", update["update_id"])
        return False
    return True


def _number_alone(update: dict[str, Any]) -> dict[str, Any]:
    return {"update_id": update["update_id"]}
