"""The commands, written once for every platform."""

from bot.calls import ASK, START, Call
from bot.commands.again import AgainCommands
from bot.commands.choosing import ChoosingCommands
from bot.commands.keeping import KeepingCommands
from bot.delivery.stream import AnswerStream
from bot.generation.model import Model
from bot.generation.queue import GenerationQueue
from bot.recall import Recall
from bot.reply import Reply
from bot.voice import Voice
from storage.database import Database
from storage.records import Chat, Exchange


class Commands:
    """Carries commands out; each is answered with a reply or with the stream of an answer."""

    def __init__(
        self,
        database: Database,
        queue: GenerationQueue,
        model: Model,
        recall: Recall,
        voice: Voice,
    ) -> None:
        self._voice = voice
        self._again = AgainCommands(database, queue, voice)
        keeping = KeepingCommands(database, queue, model, recall, voice)
        choosing = ChoosingCommands(database, model, voice)
        self._handlers = {
            START: self._start,
            "help": self._help,
            ASK: self._ask,
            "new": keeping.new,
            "clear": keeping.clear,
            "persona": choosing.persona,
            "retry": self._again.retry,
            "continue": self._again.go_on,
            "stop": self._stop,
            "language": choosing.language,
            "think": choosing.think,
            "settings": choosing.settings,
            "stats": keeping.stats,
            "export": keeping.export,
        }

    async def run(self, call: Call, chat: Chat) -> Reply | AnswerStream:
        """Carry a command out; an unknown one is answered with a hint."""
        handler = self._handlers.get(call.name)
        if handler is None:
            return self._voice.reply(chat, "command.unknown", command=f"/{call.name}")
        return await handler(chat, call.argument)

    async def stop(self, chat: Chat) -> bool:
        """Stop the answer under way in a chat, and keep what it has.

        Where none is under way yet, the question that waits longest is taken back. False: there
        is none of either.
        """
        return await self._again.stop(chat)

    async def stop_one(self, exchange: Exchange) -> bool:
        """Stop the answer of one exchange, or take its question back; False: neither waits."""
        return await self._again.stop_one(exchange)

    async def _start(self, chat: Chat, _argument: str) -> Reply:
        return self._voice.reply(chat, "start.text")

    async def _help(self, chat: Chat, _argument: str) -> Reply:
        return self._voice.reply(chat, "help.text")

    async def _ask(self, chat: Chat, _argument: str) -> Reply:
        """Say how to ask: with a question behind it, it is no command but a message."""
        return self._voice.reply(chat, "ask.usage")

    async def _stop(self, chat: Chat, _argument: str) -> Reply:
        return self._voice.reply(chat, "stop.done" if await self.stop(chat) else "stop.nothing")
