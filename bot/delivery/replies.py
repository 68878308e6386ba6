"""All answers that are being shown."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass
from weakref import WeakSet

from bot.delivery.ledger import Ledger, Notes
from bot.delivery.live import LiveReply, has_begun
from bot.delivery.nonces import Nonces
from bot.delivery.outlet import Outlet, PlaceGoneError, Say
from bot.delivery.pace import Time
from bot.delivery.stream import AnswerStream

_log = logging.getLogger("ostro.delivery")


@dataclass(frozen=True, slots=True)
class _Showing:
    """An answer that is being shown by a task."""

    stream: AnswerStream
    place: Hashable
    task: asyncio.Task[None]


class LiveReplies:
    """Shows each answer in a task of its own, so that a slow place delays no other.

    Answers of one place are shown in the order in which they were followed: the notice of a later
    one may stand there meanwhile, its text begins when the ones before that have begun are through.
    One that has not begun yet holds up nobody: it is answered later.

    Args:
        ledger: where messages are noted.
        undeliverable: told of an exchange whose place is gone.
        time: the clock, and the way to wait.
    """

    def __init__(
        self, ledger: Ledger, undeliverable: Callable[[int], Awaitable[None]], time: Time
    ) -> None:
        self._ledger = ledger
        self._undeliverable = undeliverable
        self._time = time
        self._nonces = Nonces()
        self._showing: list[_Showing] = []
        self._followed: WeakSet[AnswerStream] = WeakSet()

    def follow(self, stream: AnswerStream, outlet: Outlet, say: Say) -> None:
        """Show an answer up to its end; the same stream once more: nothing.

        A new stream of the same exchange is shown when the old one is through.
        """
        if stream in self._followed:
            return
        self._followed.add(stream)
        before = tuple(self._showing)
        place = outlet.place

        async def earlier() -> None:
            await _through(
                [one for one in before if one.place == place and has_begun(one.stream.latest)]
            )

        notes = Notes(self._ledger, stream.exchange_id)
        reply = LiveReply(stream, outlet, say, notes, self._nonces, self._time, earlier)
        same = [one for one in before if one.stream.exchange_id == stream.exchange_id]
        task = asyncio.create_task(self._show(reply, stream.exchange_id, same))
        showing = _Showing(stream, place, task)
        self._showing.append(showing)
        task.add_done_callback(lambda _: self._showing.remove(showing))

    async def flush(self, seconds: float) -> None:
        """Wait until all is shown, at most so long, and break the rest off.

        What was broken off is still in the store, and shown at the next start.
        """
        try:
            await self._time.wait(seconds, over=lambda: not self._showing)
        finally:
            left = [one.task for one in self._showing]
            for task in left:
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)

    async def _show(self, reply: LiveReply, exchange_id: int, same: Sequence[_Showing]) -> None:
        try:
            await _through(same)
            await self._show_or_give_up(reply, exchange_id)
        except Exception:  # noqa: BLE001 # whatever it is, it must stop nobody else
            _log.exception("the answer of exchange %d is not shown", exchange_id)

    async def _show_or_give_up(self, reply: LiveReply, exchange_id: int) -> None:
        try:
            await reply.show()
        except PlaceGoneError as error:
            _log.info("exchange %d: %s", exchange_id, error)
            await self._undeliverable(exchange_id)


async def _through(others: Sequence[_Showing]) -> None:
    if others:
        await asyncio.wait([one.task for one in others])
