"""Commands on what is kept of a chat: a fresh start, forgetting, figures, a copy."""

from dataclasses import replace

from bot.delivery.stream import Ended
from bot.export import FORMATS
from bot.generation.model import Model
from bot.generation.queue import GenerationQueue
from bot.recall import Recall
from bot.reply import Choice, Reply
from bot.voice import Voice
from storage.database import Database
from storage.records import Chat, State


class KeepingCommands:
    """Look at, put aside or delete what is kept."""

    def __init__(
        self,
        database: Database,
        queue: GenerationQueue,
        model: Model,
        recall: Recall,
        voice: Voice,
    ) -> None:
        self._chats = database.chats
        self._exchanges = database.exchanges
        self._queue = queue
        self._model = model
        self._recall = recall
        self._voice = voice

    async def new(self, chat: Chat, _argument: str) -> Reply:
        """Start afresh; everything stays stored."""
        await self._chats.start_new_window(chat.id)
        return self._voice.reply(chat, "new.done")

    async def clear(self, chat: Chat, argument: str) -> Reply:
        """Forget the chat for good; where several people talk, only when it was confirmed."""
        match argument.lower():
            case "no":
                return self._voice.reply(chat, "clear.kept")
            case answer if chat.kind == "private" or answer == "yes":
                return await self._forget(chat)
            case _:
                yes, no = (self._voice.say(chat, f"clear.{word}") for word in ("yes", "no"))
                choices = Choice(yes, "/clear yes"), Choice(no, "/clear no")
                return self._voice.reply(chat, "clear.ask", choices=choices)

    async def _forget(self, chat: Chat) -> Reply:
        underway = self._queue.underway_in(chat.id)
        running = [] if underway is None else [underway]
        for exchange_id in running:
            self._queue.stop(exchange_id, Ended.CANCELLED)
        cleared = await self._chats.clear(chat.id, running)
        for exchange_id in cleared.cancelled:
            self._queue.drop(exchange_id)
        reply = self._voice.reply(chat, "clear.done" if cleared.deleted else "clear.nothing")
        return replace(reply, forgotten=True)

    async def stats(self, chat: Chat, _argument: str) -> Reply:
        """Say how much was said here, and how fast."""
        totals = await self._exchanges.totals(chat.id)
        used = await self._model.count(await self._recall.so_far(chat))
        size = self._model.info.context
        speed = totals.answer_tokens / totals.seconds if totals.seconds else None
        say = self._voice.say
        lines = (
            say(chat, "stats.messages", count=totals.exchanges),
            say(chat, "stats.tokens", read=totals.prompt_tokens, written=totals.answer_tokens),
            say(chat, "stats.window", used=used, size=size, percent=round(100 * used / size)),
            say(chat, "stats.speed_unknown")
            if speed is None
            else say(chat, "stats.speed", speed=f"{speed:.1f}"),
            say(chat, "stats.persona", persona=self._voice.persona_name(chat)),
            say(chat, "stats.weights", weights=self._model.info.name),
        )
        return Reply("\n".join(lines))

    async def export(self, chat: Chat, argument: str) -> Reply:
        """Give the conversation as a document."""
        write = FORMATS.get(argument.lower() or "md")
        if write is None:
            return self._voice.reply(chat, "export.usage")
        exchanges = [
            one for one in await self._exchanges.all(chat.id) if one.state is not State.CANCELLED
        ]
        if not exchanges:
            return self._voice.reply(chat, "export.empty")
        return Reply("", write(chat, exchanges))
