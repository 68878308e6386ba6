"""The answers that are being made now, and those that others' turns have broken off."""

import asyncio
import itertools
import logging
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from bot.delivery.stream import Ended
from bot.generation.fairness import heads, is_parked
from bot.generation.pace import AnswerPace
from bot.generation.places import Places
from bot.generation.underway import Underway
from storage.errors import StorageError
from storage.records import Pending

_log = logging.getLogger("ostro.queue")


class Slots:
    """Makes a few answers at once, one a chat, each in a task.

    While chats wait that have no slot, answers that have had their share are parked: they are
    gone on with when it is their chat's turn again.

    Args:
        number: how many answers are made at once.
        answer: makes and stores one answer and ends its stream, or parks it. Where it raises, the
            exchange is set aside.
        places: the streams of answers.
        pace: learns how long turns take.
        ended: called when a turn has ended.
        parks: whether answers give way. Where they do a fixed seed gives other answers.

    Attributes:
        underway: what is being answered, by its id.
        parked: what was begun, and waits for its next turn, by its id.
        served: chat -> a number that rises each time that some chat has its turn.
        set_aside: what is pending, but not tried again before it is asked for.
        over: whose answer has ended since this was last emptied.
        others_wait: chats could be answered now, had they a slot.
    """

    def __init__(
        self,
        number: int,
        answer: Callable[[Underway], Awaitable[None]],
        places: Places,
        pace: AnswerPace,
        ended: Callable[[], None],
        *,
        parks: bool,
    ) -> None:
        self.underway: dict[int, Underway] = {}
        self.parked: dict[int, Pending] = {}
        self.served: dict[int, int] = {}
        self.set_aside: set[int] = set()
        self.over: set[int] = set()
        self.others_wait = False
        self._number = number
        self._answer = answer
        self._places = places
        self._pace = pace
        self._ended = ended
        self._parks = parks
        self._turns = itertools.count()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def chats(self) -> dict[int, int]:
        """The chat of each exchange that is being answered."""
        return {number: one.exchange.chat_id for number, one in self.underway.items()}

    def begun(self) -> list[Pending]:
        """Return what is being answered, and what was parked."""
        return [*(one.exchange for one in self.underway.values()), *self.parked.values()]

    def fill(self, ready: Sequence[Pending]) -> bool:
        """Begin what there is room for, and see that others have room soon.

        Args:
            ready: what may be answered now, in order.

        Returns:
            Whether anything was begun.
        """
        first = heads(ready, set(self.chats.values()))
        free = max(self._number - len(self.underway), 0)
        for exchange in first[:free]:
            self.served[exchange.chat_id] = next(self._turns)
            self._begin(exchange)
        self.others_wait = self._parks and len(first) > free
        self._make_room()
        return bool(first[:free])

    def stop(self, exchange_id: int, reason: Ended) -> bool:
        """Stop the answer of an exchange; False: nothing of it was begun, or it has ended."""
        underway = self.underway.get(exchange_id)
        if underway is None and exchange_id in self.parked:
            # What it was stopped for has to be stored. That takes no model, and so no slot.
            underway = self._begin(self.parked[exchange_id])
        if underway is None or underway.stream.latest.ended is not None:
            return False
        underway.stop(reason)
        return True

    async def close(self) -> None:
        """Pause all that is under way, and wait for it."""
        for underway in self.underway.values():
            underway.stop(Ended.PAUSED)
        while self._tasks:
            await asyncio.wait(self._tasks)
        self.parked.clear()

    def _begin(self, exchange: Pending) -> Underway:
        self.parked.pop(exchange.id, None)
        reads = partial(self._pace.reads, exchange.id)
        stream = self._places.begin(exchange.id)
        underway = Underway(exchange, stream, self._make_room, reads)
        self.underway[exchange.id] = underway
        self._pace.begin(exchange.id)
        task = asyncio.create_task(self._serve(underway))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return underway

    def _make_room(self) -> None:
        if not self.others_wait:  # asked at each piece of each answer
            return
        for underway in self.underway.values():
            if is_parked(underway.written, others_wait=self.others_wait):
                underway.stop(Ended.PARKED)

    async def _serve(self, underway: Underway) -> None:
        try:
            await self._answer(underway)
        except Exception as error:  # noqa: BLE001 # whatever it is, the others must be answered
            # The row is still pending: it is answered when asked for again, or at the next start.
            number = underway.exchange.id
            complain(error, f"exchange {number} is set aside")
            self.set_aside.add(number)
            underway.stream.end(Ended.ERROR, error=str(error))
        finally:
            self._end_turn(underway)

    def _end_turn(self, underway: Underway) -> None:
        exchange, ended = underway.exchange, underway.stream.latest.ended
        del self.underway[exchange.id]
        whole = underway.parked or ended in {Ended.STOP, Ended.LENGTH}
        self._pace.end(exchange.id, whole=whole)
        if ended is not None:
            self.over.add(exchange.id)
            self._places.end(underway.stream)
        elif underway.parked:
            self.parked[exchange.id] = exchange
            self.served[exchange.chat_id] = next(self._turns)  # behind all who wait now
        self._ended()


def complain(error: Exception, what: str) -> None:
    """Log it: what a person can mend is one line; a fault of ours needs its traceback."""
    _log.error("%s: %s", what, error, exc_info=not isinstance(error, StorageError))
