"""The queue of what is to be answered: the pending rows of the store, and one worker."""

import asyncio
import contextlib
import itertools
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

from bot.delivery.stream import AnswerStream, Ended, Phase
from bot.generation.fairness import order, seconds_to_next
from bot.generation.pace import AnswerPace
from bot.generation.underway import Underway
from storage.errors import StorageError
from storage.records import Pending

_log = logging.getLogger("ostro.queue")
_STORE_RETRY_SECONDS = 5.0
_TELL_SECONDS = 15.0
"""Each telling may be an edit in every chat that waits, and platforms count them."""


class GenerationQueue:
    """Answers pending exchanges one after the other, fairly between chats.

    Args:
        pending: returns the rows that are waiting; they are the queue, and outlive the process.
        answer: makes and stores one answer and ends its stream. Where it raises, the exchange is
            set aside.
        clock: unix seconds.
        timer: seconds that rise evenly, for how long answers take.
    """

    def __init__(
        self,
        pending: Callable[[], Awaitable[list[Pending]]],
        answer: Callable[[Underway], Awaitable[None]],
        clock: Callable[[], float],
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        self._pending = pending
        self._answer = answer
        self._clock = clock
        self._pace = AnswerPace(timer)
        self._streams: dict[int, AnswerStream] = {}
        self._served: dict[int, int] = {}
        self._turns = itertools.count()
        self._set_aside: set[int] = set()
        self._paused = False
        self._closing = False
        self._woken = asyncio.Event()
        self._underway: Underway | None = None

    def stream(self, exchange_id: int, seen: int = 0) -> AnswerStream:
        """Return the stream of a pending exchange and see that it is answered.

        What was set aside is tried again.

        Args:
            exchange_id: the exchange.
            seen: characters at its answer's beginning that the person has seen already.
        """
        self._set_aside.discard(exchange_id)
        stream = self._streams.get(exchange_id)
        if stream is None:
            stream = AnswerStream(exchange_id, seen)
            stream.update(paused=self._paused)
            self._tell_place(stream, len(self._streams))
            self._streams[exchange_id] = stream
        self._woken.set()
        return stream

    def pause(self, paused: bool) -> None:  # noqa: FBT001 # it is what it says
        """Begin no further answer, or begin them again; the one under way is not broken off."""
        if paused != self._paused:
            self._paused = paused
            self._tell_paused()
            self._woken.set()

    def seconds_for(self, ahead: int) -> float | None:
        """Estimate how long so many answers take; None while nothing was measured."""
        return self._pace.seconds_for(ahead)

    def places(self, pending: Sequence[Pending]) -> dict[int, int]:
        """Return how many answers come before each that waits, where that is known, by its id."""
        underway = [] if self._underway is None else [self._underway.exchange.id]
        others = [one for one in pending if one.id not in underway]
        ready = [] if self._paused else [one.id for one in self._ready(others, self._clock())]
        return {exchange_id: ahead for ahead, exchange_id in enumerate(underway + ready)}

    async def reread(self) -> None:
        """Compare what is answered with the rows, which something else may have changed.

        What is no longer to be answered, or is to be otherwise, is stopped.

        Raises:
            StorageError: they cannot be read.
        """
        expected = set(self._streams)
        revisions = {one.id: one.revision for one in await self._pending()}
        underway = self._underway
        if underway is not None:
            expected.discard(underway.exchange.id)
            if revisions.get(underway.exchange.id) != underway.exchange.revision:
                underway.stop(Ended.CANCELLED)
        for gone in expected - revisions.keys():
            self.drop(gone)
        self._woken.set()

    def is_set_aside(self, exchange_id: int) -> bool:
        """Say whether an exchange is pending, but not tried again before it is asked for."""
        return exchange_id in self._set_aside

    def drop(self, exchange_id: int) -> None:
        """End the stream of an exchange that is no longer to be answered."""
        stream = self._streams.pop(exchange_id, None)
        if stream is not None:
            stream.end(Ended.CANCELLED)

    def underway_in(self, chat_id: int) -> int | None:
        """Return the id of the exchange that is being answered in a chat, or None."""
        underway = self._underway
        return underway.exchange.id if underway and underway.exchange.chat_id == chat_id else None

    def stop(self, exchange_id: int, reason: Ended) -> bool:
        """Stop the answer of an exchange; False: it is not being answered now."""
        underway = self._underway
        if underway is None or underway.exchange.id != exchange_id:
            return False
        underway.stop(reason)
        return True

    def give_up(self, exchange_id: int) -> None:
        """Answer an exchange no more, also where that was begun just now."""
        self.stop(exchange_id, Ended.CANCELLED)
        self.drop(exchange_id)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Answer meanwhile. At the end the answer under way is paused, and the others too."""
        worker = asyncio.create_task(self._run())
        try:
            yield
        finally:
            self._closing = True
            self._woken.set()
            if self._underway is not None:
                self._underway.stop(Ended.PAUSED)
            await worker
            for stream in self._streams.values():
                stream.end(Ended.PAUSED)

    async def _run(self) -> None:
        while not self._closing:
            self._woken.clear()
            # A stream that was asked for before the rows are read, and has none among them, is of
            # an exchange that has ended or is gone: its reader would wait for ever.
            expected = set(self._streams)
            try:
                pending = await self._pending()
            except Exception as error:  # noqa: BLE001 # whatever it is, there are those who wait
                _complain(error, "the queue cannot be read, and is tried again")
                await self._sleep(_STORE_RETRY_SECONDS)
                continue
            for gone in expected.difference(one.id for one in pending):
                self.drop(gone)
            now = self._clock()
            if self._closing:
                return
            if self._paused:
                self._tell_paused()
                await self._sleep(None)
            elif ready := self._ready(pending, now):
                self._tell_places(ready)
                await self._serve(ready[0])
            else:
                await self._sleep(seconds_to_next(pending, now))

    def _ready(self, pending: Sequence[Pending], now: float) -> list[Pending]:
        """What may be answered now, in order."""
        waiting = [one for one in pending if one.id not in self._set_aside]
        return order(waiting, self._served, now)

    async def _serve(self, exchange: Pending) -> None:
        self._served[exchange.chat_id] = next(self._turns)
        stream = self._streams.setdefault(exchange.id, AnswerStream(exchange.id))
        self._underway = Underway(exchange, stream)
        self._pace.begin()
        telling = asyncio.create_task(self._keep_telling(exchange.id))
        try:
            await self._answer(self._underway)
        except Exception as error:  # noqa: BLE001 # whatever it is, the others must be answered
            # The row is still pending: it is answered when asked for again, or at the next start.
            _complain(error, f"exchange {exchange.id} is set aside")
            self._set_aside.add(exchange.id)
            stream.end(Ended.ERROR, error=str(error))
        finally:
            telling.cancel()
            self._underway = None
            self._pace.end(whole=stream.latest.ended in {Ended.STOP, Ended.LENGTH})
            if stream.latest.ended is not None:  # else it is to be answered anew
                self._streams.pop(exchange.id, None)

    async def _keep_telling(self, underway: int) -> None:
        """Tell those who wait how it goes, again and again, and whenever somebody comes."""
        while not self._closing:
            await self._sleep(_TELL_SECONDS)
            somebody_came = self._woken.is_set()
            self._woken.clear()
            try:
                pending = await self._pending()
            except StorageError:  # the worker says so, when it reads them itself
                continue
            others = [one for one in pending if one.id != underway]
            ready = self._ready(others, self._clock())
            self._tell_places(ready, underway=1, moved_only=somebody_came)

    def _tell_paused(self) -> None:
        for stream in self._streams.values():
            stream.update(paused=self._paused)

    def _tell_places(
        self, ready: Sequence[Pending], underway: int = 0, *, moved_only: bool = False
    ) -> None:
        for ahead, exchange in enumerate(ready, underway):
            stream = self._streams.get(exchange.id)
            if stream is not None and not (moved_only and stream.latest.ahead == ahead):
                self._tell_place(stream, ahead)

    def _tell_place(self, stream: AnswerStream, ahead: int) -> None:
        stream.update(phase=Phase.WAITING, ahead=ahead, seconds_left=self._pace.seconds_for(ahead))

    async def _sleep(self, seconds: float | None) -> None:
        """Wait until woken, at most so long."""
        if self._closing:
            return
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._woken.wait(), seconds)


def _complain(error: Exception, what: str) -> None:
    """What a person can mend is one line; a fault of ours needs its traceback."""
    _log.error("%s: %s", what, error, exc_info=not isinstance(error, StorageError))
