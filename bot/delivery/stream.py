"""One answer while it is being made: written by the worker, read by an outlet."""

import asyncio
from collections.abc import AsyncIterator
from enum import StrEnum
from typing import NamedTuple


class Phase(StrEnum):
    """How far an answer has come."""

    WAITING = "waiting"  # others are ahead of it
    LOADING = "loading"  # the weights were put away, and are being loaded again
    READING = "reading"  # the model reads the prompt
    THINKING = "thinking"  # the model thinks; its thoughts are not shown
    ANSWERING = "answering"
    ENDED = "ended"


class Ended(StrEnum):
    """Why an answer ended."""

    STOP = "stop"  # the model had said everything
    LENGTH = "length"  # it reached its length limit
    CUT = "cut"  # a person stopped it
    BROKEN = "broken"  # what makes it broke off in the middle; what was said stays
    WITHDRAWN = "withdrawn"  # a person stopped it, and the answer that there was before stays
    CANCELLED = "cancelled"  # the exchange is gone
    EXPIRED = "expired"  # it waited too long while the bot was away; nothing was answered
    PAUSED = "paused"  # the bot is stopping; it goes on at the next start
    PARKED = "parked"  # others have their turn, then it goes on: of a stream it is no end
    ERROR = "error"


class Snapshot(NamedTuple):
    """What is known of an answer at one moment; later ones replace earlier ones.

    Attributes:
        phase: how far it has come.
        revision: of the exchange, that the answer is for; None before anything was done for it.
        ahead: exchanges that are answered before it, while waiting. Where some of it is written
            already: it is parked, and these have their turn before it is gone on with.
        paused: nothing that waits is begun now: an admin wants it so.
        read: prompt tokens that are in place, while reading; warm ones count as read.
        to_read: prompt tokens in all.
        seconds_left: estimate until it is begun, while waiting, or until reading is done; None
            while nothing was measured.
        thinking_seconds: how long the model has been thinking.
        text: the whole answer so far. It grows, until work begins anew: a question was edited; or
            what was taken for an answer turns out to have been thoughts, and is taken back.
            At the end it is what is stored as the answer: after WITHDRAWN and ERROR the one that
            there was before, if there was one.
        ended: why it ended, once it has.
        error: one line for the person, where it ended in an error, or BROKEN and it is known why.
    """

    phase: Phase = Phase.WAITING
    revision: int | None = None
    ahead: int = 0
    paused: bool = False
    read: int = 0
    to_read: int = 0
    seconds_left: float | None = None
    thinking_seconds: float = 0.0
    text: str = ""
    ended: Ended | None = None
    error: str = ""


class AnswerStream:
    """The latest snapshot of one answer, and a wake-up when it changes.

    A slow reader misses snapshots in between, never the last one: the writer never waits.
    Use it from one event loop.

    Attributes:
        exchange_id: the stored exchange that is answered.
        seen: characters at the beginning of the text that the person has seen already, where an
            answer is gone on with.
    """

    def __init__(self, exchange_id: int, seen: int = 0) -> None:
        self.exchange_id = exchange_id
        self.seen = seen
        self.latest = Snapshot()
        self._changed = asyncio.Event()

    def update(self, **changes: object) -> None:
        """Replace fields of the latest snapshot and wake the reader; after the end: nothing."""
        if self.latest.ended is None:
            self.latest = self.latest._replace(**changes)  # type: ignore[arg-type] # checked by it
            self._changed.set()

    def begin_anew(self) -> None:
        """Forget what was said so far: another work on the exchange has begun."""
        if self.latest.ended is None:
            self.latest = Snapshot()
            self._changed.set()

    def end(self, ended: Ended, text: str | None = None, error: str = "") -> None:
        """Give the last snapshot; ``text`` replaces the text so far where it is given."""
        text = self.latest.text if text is None else text
        self.update(phase=Phase.ENDED, ended=ended, text=text, error=error)

    async def snapshots(self) -> AsyncIterator[Snapshot]:
        """Yield the latest snapshot, then each time it has changed, up to the one that ended."""
        while True:
            self._changed.clear()
            snapshot = self.latest
            yield snapshot
            if snapshot.ended is not None:
                return
            if snapshot is self.latest:
                await self._changed.wait()
