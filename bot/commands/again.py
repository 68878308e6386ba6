"""Commands on the answer that was given last, or is being given: retry, continue, stop."""

from dataclasses import replace

from bot.asker import Asker, Order
from bot.delivery.stream import AnswerStream, Ended
from bot.generation.queue import GenerationQueue
from bot.limits import Turnstile
from bot.reply import Reply
from bot.voice import Voice
from storage.database import Database
from storage.records import Chat, Exchange, State, Work


class AgainCommands:
    """Work on an exchange once more, or no longer: on one's own, and managers on any."""

    def __init__(
        self, database: Database, queue: GenerationQueue, voice: Voice, turnstile: Turnstile
    ) -> None:
        self._exchanges = database.exchanges
        self._people = database.people
        self._queue = queue
        self._voice = voice
        self._turnstile = turnstile

    async def retry(self, order: Order) -> Reply | AnswerStream:
        """Answer the last question anew."""
        exchange = await self._newest(order.chat)
        if exchange is None:
            return self._voice.reply(order.chat, "retry.nothing")
        return await self._redo(order, exchange, Work.RETRY)

    async def go_on(self, order: Order) -> Reply | AnswerStream:
        """Go on with an answer that is not complete."""
        exchange = await self._newest(order.chat)
        if exchange is None or not exchange.answer:
            return self._voice.reply(order.chat, "continue.nothing")
        if exchange.ended not in {Ended.LENGTH, Ended.CUT}:
            return self._voice.reply(order.chat, "continue.not_cut")
        return await self._redo(order, exchange, Work.CONTINUE)

    async def _redo(self, order: Order, exchange: Exchange, work: Work) -> Reply | AnswerStream:
        if not await self.is_for(order.asker, exchange):
            return replace(self._voice.reply(order.chat, "retry.not_yours"), refused=True)
        if exchange.state is State.PENDING:
            return self._under_way(order.chat, exchange)
        refusal = await self._turnstile.refusal(order.chat, order.asker)
        if refusal is not None:
            return refusal
        if await self._exchanges.redo(exchange.id, work) is None:
            return self._under_way(order.chat, exchange)
        self._turnstile.count(order.asker)
        seen = len(exchange.answer or "") if work is Work.CONTINUE else 0
        return self._queue.stream(exchange.id, seen)

    async def is_for(self, asker: Asker, exchange: Exchange) -> bool:
        """Say whether somebody may work on an exchange: they asked, or manage the place."""
        if asker.manages:
            return True
        person = await self._people.find(asker.platform, asker.author.native_id)
        return person is not None and person.id == exchange.person_id

    async def _newest(self, chat: Chat) -> Exchange | None:
        """The exchange that is to be done once more: none from before a fresh start."""
        exchange = await self._exchanges.newest(chat.id)
        return exchange if exchange is not None and exchange.id >= chat.window_start else None

    def _under_way(self, chat: Chat, exchange: Exchange) -> Reply | AnswerStream:
        """What could not be stored a while ago is tried again; anything else is being made."""
        if self._queue.is_set_aside(exchange.id):
            return self._queue.stream(exchange.id)
        return self._voice.reply(chat, "retry.busy")

    async def stop(self, chat: Chat, asker: Asker | None = None) -> bool:
        """Stop what is under way in a chat, or take back the question that waits longest.

        ``asker``: of those that they may work on; None: of all.
        """
        underway = self._queue.underway_in(chat.id)
        waiting = await self._exchanges.pending(chat.id)
        for one in sorted(waiting, key=lambda one: one.id != underway):
            exchange = await self._exchanges.get(one.id)
            if exchange is None or (asker is not None and not await self.is_for(asker, exchange)):
                continue
            return await self.stop_one(exchange)
        return False

    async def stop_one(self, exchange: Exchange) -> bool:
        """Stop the answer of one exchange, or take its question back."""
        if self._queue.stop(exchange.id, Ended.CUT):
            return True
        if exchange.state is not State.PENDING:
            return False
        await self._take_back(exchange.id, exchange.revision)
        return True

    async def _take_back(self, exchange_id: int, revision: int) -> None:
        await self._exchanges.withdraw(exchange_id, revision)
        self._queue.give_up(exchange_id)
