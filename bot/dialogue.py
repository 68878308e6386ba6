"""The story of the bot: a message comes in, it is stored, and an answer or a reply goes out."""

from dataclasses import dataclass

from bot.calls import parse
from bot.casting import Casting
from bot.commands import Commands
from bot.delivery.stream import AnswerStream, Ended
from bot.generation.queue import GenerationQueue
from bot.message import ChatKey, Incoming
from bot.reply import Reply
from storage.database import Database
from storage.records import Chat, Exchange

_ROLE = "role"
"""The option of a chat that names the role of its last question."""


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A question of an earlier run: it is answered now, or its answer was never shown."""

    question: str
    stream: AnswerStream


class Dialogue:
    """What platforms talk to."""

    def __init__(
        self, database: Database, queue: GenerationQueue, commands: Commands, casting: Casting
    ) -> None:
        self._chats = database.chats
        self._exchanges = database.exchanges
        self._people = database.people
        self._queue = queue
        self._commands = commands
        self._casting = casting

    async def take(self, incoming: Incoming) -> Reply | AnswerStream:
        """Take a message in; a question is stored when this returns, and survives a kill.

        Returns:
            The stream of the answer, or the reply to a command. A reply without text, which needs
            no sending, where there is no message in it, or a question was taken in before.

        Raises:
            StorageError: it could not be stored, and was not taken in.
        """
        if not incoming.text.strip():
            return Reply("")
        key = incoming.chat
        chat = await self._chats.open(key.platform, key.native_id, incoming.kind, incoming.title)
        call = parse(incoming.text)
        if call is not None:
            return await self._commands.run(call, chat)
        return await self._ask(chat, incoming)

    async def _ask(self, chat: Chat, incoming: Incoming) -> Reply | AnswerStream:
        await self._note_role(chat)
        key, author = incoming.chat, incoming.author
        person = await self._people.open(
            key.platform, author.native_id, author.name, author.language
        )
        event = (key.platform, key.native_id, incoming.event_id) if incoming.event_id else None
        exchange = await self._exchanges.add(
            chat.id, person.id, author.name, incoming.text, event=event
        )
        return Reply("") if exchange is None else self._queue.stream(exchange.id)

    async def _note_role(self, chat: Chat) -> None:
        """Start a new window where the default persona is another one than at the last question."""
        role, before = self._casting.role(chat).name, chat.options.get(_ROLE)
        if role == before:
            return
        if before is not None:
            await self._chats.start_new_window(chat.id)
        await self._chats.set_option(chat.id, _ROLE, role)

    async def stop(self, key: ChatKey) -> bool:
        """Do what /stop does; False: there was nothing to stop."""
        chat = await self._chats.find(key.platform, key.native_id)
        return chat is not None and await self._commands.stop(chat)

    async def unfinished(self, key: ChatKey) -> list[Unfinished]:
        """Return what an earlier run left, oldest first: answers not shown, then questions."""
        chat = await self._chats.find(key.platform, key.native_id)
        if chat is None:
            return []
        # The queue runs: an answer may be finished between any two reads of the store. Its stream
        # is taken while it is known to be pending, and then it is no longer looked for.
        pending = await self._exchanges.pending(chat.id)
        streams = {one.id: self._queue.stream(one.id) for one in pending}
        left = [
            Unfinished(exchange.question, _shown_at_once(exchange))
            for exchange in await self._exchanges.answered(chat.id)
            if exchange.id not in streams
        ]
        for exchange_id, stream in streams.items():
            waiting = await self._exchanges.get(exchange_id)
            if waiting is not None:
                left.append(Unfinished(waiting.question, stream))
        return left

    async def delivered(self, exchange_id: int) -> None:
        """Note that the person has seen the whole answer."""
        await self._exchanges.delivered(exchange_id)

    async def language(self, key: ChatKey) -> str:
        """Return the language of the bot's own sentences in a chat."""
        chat = await self._chats.find(key.platform, key.native_id)
        return self._casting.default_language if chat is None else self._casting.language(chat)


def _shown_at_once(exchange: Exchange) -> AnswerStream:
    stream = AnswerStream(exchange.id)
    stream.end(Ended(exchange.ended or Ended.STOP), exchange.answer)
    return stream
