"""Commands on the answer that was given last, or is being given: retry, continue, stop."""

from bot.delivery.stream import AnswerStream, Ended
from bot.generation.queue import GenerationQueue
from bot.reply import Reply
from bot.voice import Voice
from storage.database import Database
from storage.records import Chat, Exchange, State, Work


class AgainCommands:
    """Work on an exchange once more, or no longer."""

    def __init__(self, database: Database, queue: GenerationQueue, voice: Voice) -> None:
        self._exchanges = database.exchanges
        self._queue = queue
        self._voice = voice

    async def retry(self, chat: Chat, _argument: str) -> Reply | AnswerStream:
        """Answer the last question anew."""
        exchange = await self._newest(chat)
        if exchange is None:
            return self._voice.reply(chat, "retry.nothing")
        if await self._exchanges.redo(exchange.id, Work.RETRY) is None:
            return self._under_way(chat, exchange)
        return self._queue.stream(exchange.id)

    async def go_on(self, chat: Chat, _argument: str) -> Reply | AnswerStream:
        """Go on with an answer that is not complete."""
        exchange = await self._newest(chat)
        if exchange is None or not exchange.answer:
            return self._voice.reply(chat, "continue.nothing")
        if exchange.ended not in {Ended.LENGTH, Ended.CUT}:
            return self._voice.reply(chat, "continue.not_cut")
        if await self._exchanges.redo(exchange.id, Work.CONTINUE) is None:
            return self._under_way(chat, exchange)
        return self._queue.stream(exchange.id, seen=len(exchange.answer))

    async def _newest(self, chat: Chat) -> Exchange | None:
        """The exchange that is to be done once more: none from before a fresh start."""
        exchange = await self._exchanges.newest(chat.id)
        return exchange if exchange is not None and exchange.id >= chat.window_start else None

    def _under_way(self, chat: Chat, exchange: Exchange) -> Reply | AnswerStream:
        """What could not be stored a while ago is tried again; anything else is being made."""
        if self._queue.is_set_aside(exchange.id):
            return self._queue.stream(exchange.id)
        return self._voice.reply(chat, "retry.busy")

    async def stop(self, chat: Chat) -> bool:
        """Stop what is under way in a chat, or take back the question that waits longest."""
        underway = self._queue.underway_in(chat.id)
        if underway is not None:
            return self._queue.stop(underway, Ended.CUT)
        for waiting in await self._exchanges.pending(chat.id):
            await self._take_back(waiting.id, waiting.revision)
            return True
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
