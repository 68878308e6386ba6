"""The queue of what is to be answered: the pending rows of the store, and a few slots."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

from bot.delivery.stream import AnswerStream, Ended
from bot.generation.fairness import order, seconds_to_next
from bot.generation.pace import AnswerPace
from bot.generation.places import Places
from bot.generation.slots import Slots, complain
from bot.generation.underway import Underway
from storage.records import Pending

_STORE_RETRY_SECONDS = 5.0
_TELL_SECONDS = 15.0
"""Each telling may be an edit in every chat that waits, and platforms count them."""


class GenerationQueue:
    """Answers pending exchanges, several at once and one a chat, fairly between chats.

    Args:
        pending: returns the rows that are waiting; they are the queue, and outlive the process.
        answer: makes and stores one answer and ends its stream, or parks it. Where it raises, the
            exchange is set aside.
        clock: unix seconds.
        slots: how many answers are made at once.
        timer: seconds that rise evenly, for how long answers take.
        parks: whether long answers give way to chats that wait, and go on after them.
    """

    def __init__(
        self,
        pending: Callable[[], Awaitable[list[Pending]]],
        answer: Callable[[Underway], Awaitable[None]],
        clock: Callable[[], float],
        slots: int,
        timer: Callable[[], float] = time.monotonic,
        *,
        parks: bool = True,
    ) -> None:
        self._pending = pending
        self._clock = clock
        self._pace = AnswerPace(timer, slots)
        self._places = Places(slots, self._pace)
        self._woken = asyncio.Event()
        woken = self._woken.set
        self._slots = Slots(slots, answer, self._places, self._pace, woken, parks=parks)
        self._reading = asyncio.Lock()
        self._closing = False

    def stream(self, exchange_id: int, seen: int = 0) -> AnswerStream:
        """Return the stream of a pending exchange and see that it is answered.

        What was set aside is tried again.

        Args:
            exchange_id: the exchange.
            seen: characters at its answer's beginning that the person has seen already.
        """
        self._slots.set_aside.discard(exchange_id)
        self._woken.set()
        return self._places.stream(exchange_id, seen)

    def pause(self, paused: bool) -> None:  # noqa: FBT001 # it is what it says
        """Begin no further answer, or begin them again; those under way are not broken off."""
        if paused != self._places.paused:
            self._slots.others_wait = False
            self._places.pause(paused=paused)
            self._woken.set()

    def seconds_for(self, ahead: int) -> float | None:
        """Estimate how long so many answers take; None while nothing was measured."""
        return self._pace.seconds_for(ahead)

    def places(self, pending: Sequence[Pending]) -> dict[int, int]:
        """Return how many answers come before each that waits, where that is known, by its id."""
        ready = [one.id for one in self._ready(pending, self._clock())]
        return {number: ahead for ahead, number in enumerate([*self._slots.underway, *ready])}

    async def reread(self) -> None:
        """Compare what was begun with the rows, which something else may have changed.

        What is no longer to be answered, or is to be otherwise, is stopped.

        Raises:
            StorageError: they cannot be read.
        """
        revisions = {one.id: one.revision for one in await self._read()}
        for exchange in self._slots.begun():
            if revisions.get(exchange.id) != exchange.revision:
                self._slots.stop(exchange.id, Ended.CANCELLED)
        self._woken.set()

    def is_set_aside(self, exchange_id: int) -> bool:
        """Say whether an exchange is pending, but not tried again before it is asked for."""
        return exchange_id in self._slots.set_aside

    def drop(self, exchange_id: int) -> None:
        """End the stream of an exchange that is no longer to be answered."""
        stream = self._places.find(exchange_id)
        if stream is not None:
            self._drop(stream)

    def _drop(self, stream: AnswerStream) -> None:
        self._places.end(stream, Ended.CANCELLED)
        self._slots.parked.pop(stream.exchange_id, None)
        self._woken.set()  # the others move up

    def underway_in(self, chat_id: int) -> int | None:
        """Return the id of the exchange that is being answered in a chat, or None."""
        chats = self._slots.chats
        return next((number for number, chat in chats.items() if chat == chat_id), None)

    def stop(self, exchange_id: int, reason: Ended) -> bool:
        """Stop the answer of an exchange; False: nothing of it was begun, or it has ended."""
        return self._slots.stop(exchange_id, reason)

    def give_up(self, exchange_id: int) -> None:
        """Answer an exchange no more, also where that was begun just now."""
        self.stop(exchange_id, Ended.CANCELLED)
        self.drop(exchange_id)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Answer meanwhile. At the end answers under way are paused, and the others too."""
        worker = asyncio.create_task(self._run())
        try:
            yield
        finally:
            self._closing = True
            self._woken.set()
            await self._slots.close()
            await worker
            self._places.end_all(Ended.PAUSED)

    async def _run(self) -> None:
        while not self._closing:
            somebody_came = self._woken.is_set()
            self._woken.clear()
            try:
                pending = await self._read()
            except Exception as error:  # noqa: BLE001 # whatever it is, there are those who wait
                complain(error, "the queue cannot be read, and is tried again")
                await self._sleep(_STORE_RETRY_SECONDS)
                continue
            if not self._closing:
                await self._sleep(self._look(pending, moved_only=somebody_came))

    async def _read(self) -> list[Pending]:
        """Return the rows; the streams of those that are gone end. Nothing is begun meanwhile.

        A stream that was asked for before the rows are read, and has none among them, is of an
        exchange that has ended or is gone: its reader would wait for ever.
        """
        async with self._reading:
            expected = self._places.now()
            self._slots.over.clear()
            self._slots.others_wait = False  # nobody makes room for those of whom nothing is known
            pending = await self._pending()
            known = {one.id for one in pending}
            for stream in expected:
                number = stream.exchange_id
                if number not in known and number not in self._slots.underway:
                    self._drop(stream)
            return pending

    def _look(self, pending: Sequence[Pending], *, moved_only: bool) -> float | None:
        """Begin what there are slots for, and tell the others how it goes.

        Returns:
            When to look again, in seconds; None: when woken.
        """
        if self._places.paused:
            self._places.pause(paused=True)  # also those who came, or begin anew
            return None
        now = self._clock()
        # What has ended meanwhile may still be pending among the rows.
        fresh = [one for one in pending if one.id not in self._slots.over]
        ready = self._ready(fresh, now)
        begun = self._slots.fill(ready)
        waiting = [one for one in ready if one.id not in self._slots.underway]
        self._places.tell(self._slots.chats, waiting, moved_only=moved_only and not begun)
        soonest = seconds_to_next(pending, now)
        if not waiting:
            return soonest
        return _TELL_SECONDS if soonest is None else min(soonest, _TELL_SECONDS)

    def _ready(self, pending: Sequence[Pending], now: float) -> list[Pending]:
        """What waits and may be answered now, in order."""
        if self._places.paused:
            return []
        left_out = self._slots.set_aside | self._slots.underway.keys()
        waiting = [one for one in pending if one.id not in left_out]
        return order(waiting, self._slots.served, now)

    async def _sleep(self, seconds: float | None) -> None:
        """Wait until woken, at most so long."""
        if self._closing:
            return
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._woken.wait(), seconds)
