"""A question comes in, grows by what its platform had cut off, or is changed."""

from collections.abc import Callable

from bot.asker import Asker
from bot.calls import ASK, parse
from bot.delivery.stream import AnswerStream, Ended
from bot.generation.queue import GenerationQueue
from bot.limits import Turnstile
from bot.message import Incoming
from bot.reply import NOTHING, Reply
from bot.voice import Voice
from storage.database import Database
from storage.records import Chat

_ROLE = "role"
"""The option of a chat that names the role of its last question."""
_NEXT_PART_SECONDS = 1.0
"""How long a message that its platform may have cut waits for its next part."""
_PASTE_SECONDS = 5.0
"""How far apart two parts of one paste are said at most: platforms tell whole seconds."""


class Asking:
    """Puts questions into the queue."""

    def __init__(
        self,
        database: Database,
        queue: GenerationQueue,
        voice: Voice,
        turnstile: Turnstile,
        clock: Callable[[], float],
    ) -> None:
        self._chats = database.chats
        self._exchanges = database.exchanges
        self._people = database.people
        self._queue = queue
        self._voice = voice
        self._turnstile = turnstile
        self._clock = clock

    async def ask(self, chat: Chat, incoming: Incoming, asker: Asker) -> Reply | AnswerStream:
        """Store a question, if its author may ask one more.

        Returns:
            The answer's stream; nothing where it only went on with another; why it is not stored.
        """
        await self._note_role(chat)
        if await self.go_on(chat, incoming):
            return NOTHING
        refusal = await self._turnstile.refusal(chat, asker, incoming.text)
        if refusal is not None:
            return refusal
        author = incoming.author
        person = await self._people.open(
            chat.platform, author.native_id, author.name, author.language
        )
        exchange = await self._exchanges.add(
            chat.id,
            person.id,
            author.name,
            incoming.text,
            event=incoming.event,
            message_id=incoming.message_id,
            quote=incoming.quote,
            outlet=incoming.outlet,
            not_before=self._not_before(incoming),
            asked_at=incoming.said_at,
        )
        return NOTHING if exchange is None else self._queue.stream(exchange.id)

    async def go_on(self, chat: Chat, incoming: Incoming) -> bool:
        """Join a part of a paste to the question that waits for it; False: none does."""
        person = await self._people.find(chat.platform, incoming.author.native_id)
        message_id, said_at = incoming.message_id, incoming.said_at
        if person is None or message_id is None or said_at is None or incoming.quote is not None:
            return False
        whole = await self._exchanges.extend(
            chat.id,
            person.id,
            incoming.text,
            event=incoming.event,
            message_id=message_id,
            said_at=said_at,
            within=_PASTE_SECONDS,
            not_before=self._not_before(incoming),
        )
        if whole is None:
            return False
        self._queue.stream(whole.id)  # it is followed already; its time may have come
        return True

    def _not_before(self, incoming: Incoming) -> float | None:
        return self._clock() + _NEXT_PART_SECONDS if incoming.cut else None

    async def _note_role(self, chat: Chat) -> None:
        """Start a new window where the default persona is another one than at the last question."""
        role, before = self._voice.casting.role(chat).name, chat.options.get(_ROLE)
        if role == before:
            return
        if before is not None:
            await self._chats.start_new_window(chat.id)
        await self._chats.set_option(chat.id, _ROLE, role)

    async def edit(self, chat: Chat, incoming: Incoming, asker: Asker) -> Reply | AnswerStream:
        """Change the newest question of a chat, and have it answered anew.

        Returns:
            The stream of the answer, which may be followed already; a reply for an older
            question; a reply without text for what was none, or has not changed.
        """
        call = parse(incoming.text)
        text = call.argument if call is not None and call.name == ASK else incoming.text
        if incoming.message_id is None or not text.strip():
            return NOTHING
        asked = await self._exchanges.asked_by(chat.id, incoming.message_id)
        if asked is None or asked.text == text:
            return NOTHING
        newest = await self._exchanges.newest(chat.id)
        if newest is None or newest.id != asked.exchange_id:
            return self._voice.reply(chat, "edit.old")
        refusal = await self._turnstile.refusal(chat, asker, text)
        if refusal is not None:
            return refusal
        edited = await self._exchanges.edit(
            newest.id, incoming.message_id, text, event=incoming.event
        )
        if edited is None:
            return NOTHING
        self._queue.stop(newest.id, Ended.CANCELLED)
        return self._queue.stream(newest.id)
