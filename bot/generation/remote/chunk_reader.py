"""One streamed answer while it comes: bytes become chunks, and the end is seen."""

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from bot.generation.remote.failures import ServerError, Trouble, told_midway
from bot.generation.remote.sse import Events

_END_SECONDS = 1.0
"""Behind the last word of a stream nothing comes but its end, which frees the connection."""

Take = Callable[[Mapping[str, Any]], float | None]
"""Is given each chunk of an answer; returns how many seconds the server may be silent from there
on. None: no more of it is wanted."""


class ChunkReader:
    """What has come of one stream.

    Attributes:
        done: the server said that it is done.
        over: nothing that comes still counts.
    """

    def __init__(self, bound: asyncio.Timeout, take: Take, key: str | None) -> None:
        self.done = self.over = False
        self._bound = bound
        self._take = take
        self._key = key
        self._events = Events()

    def feed(self, piece: bytes) -> None:
        """Take some bytes."""
        self._hand_on(self._events.feed(piece))

    def end(self) -> None:
        """The stream has ended."""
        self._hand_on(self._events.end())

    def _hand_on(self, events: Iterator[str]) -> None:
        seconds: float | None = None
        came = False
        while not self.over and (data := self._next(events)) is not None:
            came = True
            if data.strip() == "[DONE]":
                self.done, seconds = True, _END_SECONDS
            else:
                seconds = self._take(self._chunk(data))
            self.over = self.done or seconds is None
        if came:
            self._bound.reschedule(asyncio.get_running_loop().time() + (seconds or 0.0))

    def _chunk(self, data: str) -> Mapping[str, Any]:
        try:
            chunk = json.loads(data)
        except (ValueError, RecursionError):
            chunk = None
        if not isinstance(chunk, Mapping):
            raise ServerError("sent something that is no answer", Trouble.PASSING)
        if chunk.get("error") or chunk.get("object") == "error":
            raise told_midway(chunk, self._key)
        return chunk

    def _next(self, events: Iterator[str]) -> str | None:
        try:
            return next(events, None)
        except ValueError:
            raise ServerError("sent something that is no answer", Trouble.PASSING) from None
