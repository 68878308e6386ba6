"""The commands, written once for every platform."""

from dataclasses import replace

from bot.calls import NAMES, Call
from bot.casting import CUSTOM, NONE, Casting, Role, role_of, spoken_name, too_long
from bot.delivery.stream import AnswerStream, Ended
from bot.errors import PersonaError
from bot.export import FORMATS
from bot.generation.model import Model
from bot.generation.queue import GenerationQueue
from bot.phrases import Phrasebook
from bot.recall import Recall
from bot.reply import Reply
from storage.database import Database
from storage.records import Chat, Exchange, State, Work

Answer = Reply | AnswerStream


class Commands:
    """Carries commands out; each is answered with a reply or with the stream of an answer."""

    def __init__(
        self,
        database: Database,
        queue: GenerationQueue,
        model: Model,
        recall: Recall,
        casting: Casting,
        phrases: Phrasebook,
    ) -> None:
        self._chats = database.chats
        self._exchanges = database.exchanges
        self._queue = queue
        self._model = model
        self._recall = recall
        self._casting = casting
        self._personas = casting.personas
        self._phrases = phrases
        handlers = (
            self._help,
            self._new,
            self._clear,
            self._persona,
            self._retry,
            self._continue,
            self._stop,
            self._language,
            self._think,
            self._stats,
            self._export,
        )
        self._handlers = dict(zip(NAMES, handlers, strict=True))

    async def run(self, call: Call, chat: Chat) -> Answer:
        """Carry a command out; an unknown one is answered with a hint."""
        handler = self._handlers.get(call.name)
        if handler is None:
            return self._reply(chat, "command.unknown", command=f"/{call.name}")
        return await handler(chat, call.argument)

    def _reply(self, chat: Chat, key: str, **fields: object) -> Reply:
        return Reply(self._phrases.say(self._casting.language(chat), key, **fields))

    async def _help(self, chat: Chat, _argument: str) -> Answer:
        return self._reply(chat, "help.text")

    async def _new(self, chat: Chat, _argument: str) -> Answer:
        await self._chats.start_new_window(chat.id)
        return self._reply(chat, "new.done")

    async def _clear(self, chat: Chat, _argument: str) -> Answer:
        underway = self._queue.stop(chat.id, Ended.CANCELLED)
        cleared = await self._chats.clear(chat.id, [underway.exchange.id] if underway else [])
        for exchange_id in cleared.cancelled:
            self._queue.drop(exchange_id)
        reply = self._reply(chat, "clear.done" if cleared.deleted else "clear.nothing")
        return replace(reply, forgotten=True)

    async def _persona(self, chat: Chat, argument: str) -> Answer:
        choice, text = [*argument.split(maxsplit=1), "", ""][:2]
        match choice.lower():
            case "":
                return self._personas_there_are(chat)
            case "off":
                await self._chats.set_persona(chat.id, NONE)
                return self._reply(chat, "persona.off")
            case "custom":
                return await self._custom_persona(chat, text)
            case _:
                return await self._named_persona(chat, argument)

    def _personas_there_are(self, chat: Chat) -> Reply:
        language = self._casting.language(chat)
        lines = (
            self._phrases.say(
                language,
                "persona.line",
                name=name,
                description=self._personas.get(name).description_in(language),
            )
            for name in self._personas.names()
        )
        return self._reply(
            chat, "persona.list", lines="\n".join(lines), current=self._persona_name(chat)
        )

    async def _named_persona(self, chat: Chat, name: str) -> Reply:
        try:
            role = role_of(self._personas.get(name))
        except PersonaError:
            return self._reply(chat, "persona.unknown", name=name)
        refusal = await self._too_long(chat, role)
        if refusal is not None:
            return refusal
        await self._chats.set_persona(chat.id, role.name)
        return self._reply(chat, "persona.set", name=role.name)

    async def _custom_persona(self, chat: Chat, text: str) -> Reply:
        if not text:
            return self._reply(chat, "persona.custom_usage")
        refusal = await self._too_long(chat, Role(CUSTOM, text))
        if refusal is not None:
            return refusal
        await self._chats.set_persona(chat.id, CUSTOM, text)
        return self._reply(chat, "persona.custom")

    async def _too_long(self, chat: Chat, role: Role) -> Reply | None:
        error = await too_long(role, self._model)
        if error is None:
            return None
        return self._reply(chat, "persona.too_long", size=error.size, limit=error.limit)

    def _persona_name(self, chat: Chat) -> str:
        casting = self._casting
        return spoken_name(casting.role(chat), self._phrases, casting.language(chat))

    async def _newest(self, chat: Chat) -> Exchange | None:
        """The exchange that is to be done once more: none from before a fresh start."""
        exchange = await self._exchanges.newest(chat.id)
        return exchange if exchange is not None and exchange.id >= chat.window_start else None

    async def _retry(self, chat: Chat, _argument: str) -> Answer:
        exchange = await self._newest(chat)
        if exchange is None:
            return self._reply(chat, "retry.nothing")
        if await self._exchanges.redo(exchange.id, Work.RETRY) is None:
            return self._under_way(chat, exchange)
        return self._queue.stream(exchange.id)

    async def _continue(self, chat: Chat, _argument: str) -> Answer:
        exchange = await self._newest(chat)
        if exchange is None or not exchange.answer:
            return self._reply(chat, "continue.nothing")
        if exchange.ended not in {Ended.LENGTH, Ended.CUT}:
            return self._reply(chat, "continue.not_cut")
        if await self._exchanges.redo(exchange.id, Work.CONTINUE) is None:
            return self._under_way(chat, exchange)
        return self._queue.stream(exchange.id, seen=len(exchange.answer))

    def _under_way(self, chat: Chat, exchange: Exchange) -> Answer:
        """What could not be stored a while ago is tried again; anything else is being made."""
        if self._queue.is_set_aside(exchange.id):
            return self._queue.stream(exchange.id)
        return self._reply(chat, "retry.busy")

    async def _stop(self, chat: Chat, _argument: str) -> Answer:
        return self._reply(chat, "stop.done" if await self.stop(chat) else "stop.nothing")

    async def stop(self, chat: Chat) -> bool:
        """Stop the answer under way in a chat, and keep what it has.

        Where none is under way yet, the question that waits longest is taken back. False: there
        is none of either.
        """
        if self._queue.stop(chat.id, Ended.CUT) is not None:
            return True
        for waiting in await self._exchanges.pending(chat.id):
            await self._exchanges.withdraw(waiting.id, waiting.revision)
            self._queue.stop(chat.id, Ended.CANCELLED)  # it may have been begun just now
            self._queue.drop(waiting.id)
            return True
        return False

    async def _language(self, chat: Chat, argument: str) -> Answer:
        language = argument.lower()
        if language not in self._phrases.languages:
            return self._reply(chat, "language.unknown")
        before = self._casting.role(chat)
        changed = await self._chats.set_language(chat.id, language)
        if self._casting.role(changed) != before:  # the default persona goes with the language
            changed = await self._chats.start_new_window(chat.id)
        return self._reply(changed, "language.set")

    async def _think(self, chat: Chat, argument: str) -> Answer:
        if not self._model.info.can_think:
            return self._reply(chat, "think.unsupported")
        choice = {"on": True, "off": False}.get(argument.lower())
        if choice is None:
            return self._reply(chat, "think.usage")
        await self._chats.set_option(chat.id, "think", choice)
        return self._reply(chat, "think.on" if choice else "think.off")

    async def _stats(self, chat: Chat, _argument: str) -> Answer:
        totals = await self._exchanges.totals(chat.id)
        used = await self._model.count(await self._recall.so_far(chat))
        size = self._model.info.context
        speed = totals.answer_tokens / totals.seconds if totals.seconds else None
        lines = [
            self._reply(chat, "stats.messages", count=totals.exchanges),
            self._reply(
                chat, "stats.tokens", read=totals.prompt_tokens, written=totals.answer_tokens
            ),
            self._reply(
                chat, "stats.window", used=used, size=size, percent=round(100 * used / size)
            ),
            self._reply(chat, "stats.speed_unknown")
            if speed is None
            else self._reply(chat, "stats.speed", speed=f"{speed:.1f}"),
            self._reply(chat, "stats.persona", persona=self._persona_name(chat)),
            self._reply(chat, "stats.weights", weights=self._model.info.name),
        ]
        return Reply("\n".join(line.text for line in lines))

    async def _export(self, chat: Chat, argument: str) -> Answer:
        write = FORMATS.get(argument.lower() or "md")
        if write is None:
            return self._reply(chat, "export.usage")
        exchanges = [
            one for one in await self._exchanges.all(chat.id) if one.state is not State.CANCELLED
        ]
        if not exchanges:
            return self._reply(chat, "export.empty")
        return Reply("", write(chat, exchanges))
