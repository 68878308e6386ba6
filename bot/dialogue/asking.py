"""A question comes in, grows by what its platform had cut off, or is changed."""

from collections.abc import Callable

from bot.asker import Asker
from bot.calls import ASK, parse
from bot.delivery.stream import AnswerStream, Ended
from bot.generation.queue import GenerationQueue
from bot.lately import Lately
from bot.limits import Turnstile
from bot.message import Incoming
from bot.reply import NOTHING, Reply
from bot.voice import Voice
from storage.arrivals import Arrival
from storage.database import Database
from storage.records import Chat, Exchange, Person, State
from storage.sources import BETWEEN_PARTS

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
        self._refused = Lately(_PASTE_SECONDS + 1)
        """Who said a part of a paste that is not taken in, where, by the platform's clock."""

    async def ask(
        self, chat: Chat, arrival: Arrival, incoming: Incoming, asker: Asker
    ) -> Reply | AnswerStream:
        """Store a question, if its author may ask one more.

        Args:
            chat: where it is asked, as it is now.
            arrival: what was known of it when it came.
            incoming: what is asked.
            asker: who asks.

        Returns:
            The answer's stream; nothing where it only went on with another; why it is not stored.
        """
        await self._note_role(chat)
        joined = await self.go_on(chat, arrival, incoming, asker)
        if joined is not None:
            return joined
        refusal = await self._turnstile.refusal(chat, asker, len(incoming.text))
        if refusal is not None:
            self._refuse_parts(chat, incoming)
            return refusal
        exchange = await self._store(chat, arrival.person, incoming)
        if exchange is None:
            return NOTHING
        self._turnstile.count(asker)
        return self._queue.stream(exchange.id)

    async def _store(
        self, chat: Chat, person: Person | None, incoming: Incoming
    ) -> Exchange | None:
        author = incoming.author
        if person is None or not person.is_called(author.name, author.language):
            person = await self._people.open(
                chat.platform, author.native_id, author.name, author.language
            )
        return await self._exchanges.add(
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

    async def go_on(
        self, chat: Chat, arrival: Arrival, incoming: Incoming, asker: Asker
    ) -> Reply | None:
        """Join a part of a paste to the question that waits for it.

        A paste that is too long is refused as a whole, as one message is: half of it is not what
        was asked.

        Returns:
            Nothing where it is joined, or goes on with what was refused; why the whole is too
            long; None: it is no further part of anything.
        """
        message_id, said_at = incoming.message_id, incoming.said_at
        if message_id is None or said_at is None or incoming.quote is not None:
            return None
        if self._refused.times(_paster(chat, incoming), said_at):
            self._refuse_parts(chat, incoming)
            return NOTHING
        if arrival.person is None or not arrival.goes_on:
            return None
        longest = self._turnstile.longest(asker)
        whole = await self._exchanges.extend(
            chat.id,
            arrival.person.id,
            incoming.text,
            event=incoming.event,
            message_id=message_id,
            said_at=said_at,
            within=_PASTE_SECONDS,
            not_before=self._not_before(incoming),
            longest=longest,
        )
        if whole is None:
            return None
        if longest is None or whole.state is not State.CANCELLED:
            self._queue.stream(whole.id)  # it is followed already; its time may have come
            return NOTHING
        self._queue.give_up(whole.id)
        self._refuse_parts(chat, incoming)
        size = len(whole.question) + len(BETWEEN_PARTS) + len(incoming.text)
        return self._turnstile.too_long(chat, asker, size, longest)

    def _refuse_parts(self, chat: Chat, incoming: Incoming) -> None:
        """Let no further part of a paste, of which this one is refused, become a question."""
        self._refused.forget(_paster(chat, incoming))
        if incoming.cut and incoming.said_at is not None:
            self._refused.note(_paster(chat, incoming), incoming.said_at)

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
        size = len(newest.question) - len(asked.text) + len(text)
        refusal = await self._turnstile.refusal(chat, asker, size, changed=newest.id)
        if refusal is not None:
            return refusal
        edited = await self._exchanges.edit(
            newest.id, incoming.message_id, text, event=incoming.event
        )
        if edited is None:
            return NOTHING
        self._turnstile.count(asker)
        self._queue.stop(newest.id, Ended.CANCELLED)
        return self._queue.stream(newest.id)


def _paster(chat: Chat, incoming: Incoming) -> tuple[int, str]:
    return chat.id, incoming.author.native_id
