"""A button below an answer is pressed."""

from bot.asker import Asker
from bot.calls import Call
from bot.commands import Commands
from bot.delivery.outlet import Button
from bot.delivery.stream import AnswerStream
from bot.generation.queue import GenerationQueue
from bot.limits import Turnstile
from bot.message import Press
from bot.reply import Reply
from bot.voice import Voice
from storage.database import Database
from storage.records import Chat, Exchange, State, Work


class Pressing:
    """Does what buttons say: for the person who asked, and for those who manage the place."""

    def __init__(
        self,
        database: Database,
        queue: GenerationQueue,
        commands: Commands,
        voice: Voice,
        turnstile: Turnstile,
    ) -> None:
        self._exchanges = database.exchanges
        self._queue = queue
        self._commands = commands
        self._voice = voice
        self._turnstile = turnstile

    async def press(self, chat: Chat, press: Press, asker: Asker) -> Reply | AnswerStream:
        """Return the stream of the answer, or a short reply for the one who pressed."""
        exchange = await self._exchanges.get(press.exchange_id)
        if exchange is None or exchange.chat_id != chat.id:
            return self._voice.reply(chat, "press.old")
        if not await self._commands.is_for(asker, exchange):
            return self._voice.reply(chat, "press.not_yours")
        match press.button:
            case Button.STOP:
                stopped = await self._commands.stop_one(exchange)
                return self._voice.reply(chat, "stop.done" if stopped else "stop.nothing")
            case Button.ANSWER:
                return await self._answer_late(chat, exchange, asker)
            case Button.RETRY | Button.CONTINUE if await self._is_newest(exchange):
                return await self._commands.run(Call(press.button, ""), chat, asker)
            case _:
                return self._voice.reply(chat, "press.old")

    async def _answer_late(
        self, chat: Chat, exchange: Exchange, asker: Asker
    ) -> Reply | AnswerStream:
        """Answer what had waited too long, wherever it stands: it has no answer yet."""
        if exchange.answer is not None or exchange.state not in {State.ANSWERED, State.DELIVERED}:
            return self._voice.reply(chat, "press.old")
        refusal = await self._turnstile.refusal(chat, asker)
        if refusal is not None:
            return refusal
        await self._exchanges.redo(exchange.id, Work.RETRY)
        self._turnstile.count(asker)
        return self._queue.stream(exchange.id)

    async def _is_newest(self, exchange: Exchange) -> bool:
        newest = await self._exchanges.newest(exchange.chat_id)
        return newest is not None and newest.id == exchange.id
