"""The rows that a queue answers, without a store."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable

from bot.delivery.stream import AnswerStream, Ended
from bot.generation.model import Event, Piece
from bot.generation.queue import GenerationQueue
from bot.generation.underway import Underway
from storage.records import Pending
from tests.doubles.clock import ManualClock
from tests.doubles.loop import settled, until


class Stopped:
    """A generation that only knows whether it was told to stop."""

    def __init__(self) -> None:
        self.told = asyncio.Event()

    def stop(self) -> None:
        self.told.set()

    def events(self) -> AsyncGenerator[Event]:
        raise NotImplementedError


class Rows:
    """The pending rows of a store; an answer takes its row away.

    Attributes:
        waiting: the rows.
        error: what reading them raises, once.
        answered: ids, in the order of their answers.
        reads: how often they were read.
    """

    def __init__(self, *waiting: Pending) -> None:
        self.waiting = list(waiting)
        self.error: Exception | None = None
        self.answered: list[int] = []
        self.reads = 0

    async def pending(self) -> list[Pending]:
        self.reads += 1
        error, self.error = self.error, None
        if error is not None:
            raise error
        return list(self.waiting)

    async def answer(self, underway: Underway) -> None:
        await asyncio.sleep(0)
        self.answered.append(underway.exchange.id)
        self.waiting.remove(underway.exchange)
        underway.stream.end(Ended.STOP, f"answer {underway.exchange.id}")


def row(number: int, chat: int = 1, not_before: float | None = None, revision: int = 0) -> Pending:
    """Return a row as the store has it."""
    return Pending(number, chat, None, revision, 0.0, not_before)


def queue_of(
    rows: Rows,
    answer: Callable[[Underway], Awaitable[None]] | None = None,
    clock: ManualClock | None = None,
    slots: int = 1,
) -> GenerationQueue:
    """Return the queue of some rows."""
    return GenerationQueue(rows.pending, answer or rows.answer, clock or ManualClock(), slots)


async def until_ended(stream: AnswerStream) -> None:
    """Wait for the end of an answer."""
    await until(lambda: stream.latest.ended)


def until_told(rows: Rows, told: Stopped) -> Callable[[Underway], Awaitable[None]]:
    """Answer once told to stop."""

    async def answer(underway: Underway) -> None:
        underway.attach(told)
        await told.told.wait()
        await rows.answer(underway)

    return answer


class Writers:
    """Makes answers in step, as one batch does: at each step all under way get a piece.

    Attributes:
        left: exchange -> pieces that are still to be written; an answer that is parked goes on.
        turns: exchange and pieces of each turn that is over, in the order of their ends.
    """

    def __init__(self, rows: Rows, left: dict[int, int]) -> None:
        self.left = left
        self.turns: list[tuple[int, int]] = []
        self._rows = rows
        self._next = asyncio.Event()

    async def step(self, times: int = 1) -> None:
        """Let all that are under way write a piece, and everybody do what follows from that."""
        for _ in range(times):
            self._next.set()
            self._next = asyncio.Event()
            await settled()

    async def answer(self, underway: Underway) -> None:
        number, told = underway.exchange.id, Stopped()
        underway.attach(told)
        while self.left[number] and not told.told.is_set():
            either = [asyncio.create_task(one.wait()) for one in (self._next, told.told)]
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            for one in either:
                one.cancel()
            if not told.told.is_set():
                self.left[number] -= 1
                underway.tell(Piece("x"))
        self.turns.append((number, underway.written))
        if not self.left[number]:
            await self._rows.answer(underway)
        elif underway.reason is Ended.PARKED:
            underway.parked = True
        else:
            assert underway.reason is not None
            underway.stream.end(underway.reason)
            if underway.reason is not Ended.PAUSED and underway.exchange in self._rows.waiting:
                self._rows.waiting.remove(underway.exchange)
