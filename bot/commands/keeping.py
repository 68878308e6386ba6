"""Commands on what is kept of a chat: a fresh start, forgetting, figures, a copy."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.ahead import Ahead
from bot.asker import Order
from bot.export import FORMATS
from bot.generation.model import Model
from bot.recall import Recall
from bot.reply import Choice, Reply
from bot.voice import Voice
from storage.database import Database
from storage.records import State

_NOBODY = 0
"""No person has this id."""


class KeepingCommands:
    """Look at, put aside or delete what is kept."""

    def __init__(
        self,
        database: Database,
        settle: Callable[[], Awaitable[None]],
        model: Model,
        recall: Recall,
        voice: Voice,
        ahead: Ahead,
    ) -> None:
        self._chats = database.chats
        self._people = database.people
        self._exchanges = database.exchanges
        self._settle = settle
        self._model = model
        self._recall = recall
        self._voice = voice
        self._ahead = ahead

    async def new(self, order: Order) -> Reply:
        """Start afresh; everything stays stored."""
        await self._chats.start_new_window(order.chat.id)
        await self._ahead.look(order.chat.id)
        return self._voice.reply(order.chat, "new.done")

    async def clear(self, order: Order) -> Reply:
        """Forget the chat for good; where several people talk, only when it was confirmed."""
        chat = order.chat
        match order.argument.lower():
            case "no":
                return self._voice.reply(chat, "clear.kept")
            case answer if chat.kind == "private" or answer == "yes":
                return await self._forget(order)
            case _:
                yes, no = (self._voice.say(chat, f"clear.{word}") for word in ("yes", "no"))
                choices = Choice(yes, "/clear yes"), Choice(no, "/clear no")
                return self._voice.reply(chat, "clear.ask", choices=choices)

    async def _forget(self, order: Order) -> Reply:
        """Forget the chat; where several people talk, the questions of others still wait."""
        chat, asker = order.chat, order.asker
        person = await self._people.find(asker.platform, asker.author.native_id)
        among_others = (person.id if person else _NOBODY) if chat.kind != "private" else None
        deleted = await self._chats.clear(chat.id, among_others)
        await self._settle()
        reply = self._voice.reply(chat, "clear.done" if deleted else "clear.nothing")
        return replace(reply, forgotten=True)

    async def stats(self, order: Order) -> Reply:
        """Say how much was said here, and how fast."""
        chat = order.chat
        totals = await self._exchanges.totals(chat.id)
        so_far = await self._recall.so_far(chat)
        used = await self._model.count(so_far.conversation)
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
            say(chat, "stats.model", model=self._model.info.name),
        )
        return Reply("\n".join(lines))

    async def export(self, order: Order) -> Reply:
        """Give the conversation as a document."""
        chat, write = order.chat, FORMATS.get(order.argument.lower() or "md")
        if write is None:
            return self._voice.reply(chat, "export.usage")
        exchanges = [
            one for one in await self._exchanges.all(chat.id) if one.state is not State.CANCELLED
        ]
        if not exchanges:
            return self._voice.reply(chat, "export.empty")
        return Reply("", write(chat, exchanges))
