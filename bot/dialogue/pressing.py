"""A button below an answer is pressed."""

from bot.access import Access
from bot.calls import Call
from bot.commands import Commands
from bot.delivery.outlet import Button
from bot.delivery.stream import AnswerStream
from bot.generation.queue import GenerationQueue
from bot.message import Press
from bot.reply import Reply
from bot.voice import Voice
from storage.database import Database
from storage.records import Chat, Exchange, State, Work


class Pressing:
    """Does what buttons say: for the person who asked, and for admins."""

    def __init__(
        self,
        database: Database,
        queue: GenerationQueue,
        commands: Commands,
        voice: Voice,
        access: Access,
    ) -> None:
        self._exchanges = database.exchanges
        self._people = database.people
        self._queue = queue
        self._commands = commands
        self._voice = voice
        self._access = access

    async def press(self, chat: Chat, press: Press) -> Reply | AnswerStream:
        """Return the stream of the answer, or a short reply for the one who pressed."""
        exchange = await self._exchanges.get(press.exchange_id)
        if exchange is None or exchange.chat_id != chat.id:
            return self._voice.reply(chat, "press.old")
        if not await self._may_press(press, exchange):
            return self._voice.reply(chat, "press.not_yours")
        match press.button:
            case Button.STOP:
                stopped = await self._commands.stop_one(exchange)
                return self._voice.reply(chat, "stop.done" if stopped else "stop.nothing")
            case Button.ANSWER:
                return await self._answer_late(chat, exchange)
            case Button.RETRY | Button.CONTINUE if await self._is_newest(exchange):
                return await self._commands.run(Call(press.button, ""), chat)
            case _:
                return self._voice.reply(chat, "press.old")

    async def _may_press(self, press: Press, exchange: Exchange) -> bool:
        platform, native_id = press.chat.platform, press.author.native_id
        if self._access.is_admin(platform, native_id):
            return True
        person = await self._people.find(platform, native_id)
        allowed = self._access.allows(platform, native_id)
        return allowed and person is not None and person.id == exchange.person_id

    async def _answer_late(self, chat: Chat, exchange: Exchange) -> Reply | AnswerStream:
        """Answer what had waited too long, wherever it stands: it has no answer yet."""
        if exchange.answer is not None or exchange.state not in {State.ANSWERED, State.DELIVERED}:
            return self._voice.reply(chat, "press.old")
        await self._exchanges.redo(exchange.id, Work.RETRY)
        return self._queue.stream(exchange.id)

    async def _is_newest(self, exchange: Exchange) -> bool:
        newest = await self._exchanges.newest(exchange.chat_id)
        return newest is not None and newest.id == exchange.id
