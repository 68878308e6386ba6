"""What has happened: which events were taken in, what became of answers and places."""

import logging
from collections.abc import Mapping

from bot.dialogue.unfinished import Unfinished, unfinished
from bot.door import Door
from bot.generation.queue import GenerationQueue
from bot.message import ChatKey, Incoming, Platform, Press
from bot.voice import Voice
from storage.database import Database
from storage.errors import StorageError
from storage.records import Chat

_log = logging.getLogger("ostro.dialogue")


class Chronicle:
    """Notes what platforms tell of that asks for no answer, and knows it again.

    What a method was told is stored when it returns. Each may raise StorageError: it is not.
    """

    def __init__(
        self, database: Database, queue: GenerationQueue, voice: Voice, door: Door
    ) -> None:
        self._database = database
        self._queue = queue
        self._voice = voice
        self._door = door

    async def unfinished(self, where: ChatKey | Platform) -> list[Unfinished]:
        """Return what an earlier run left, oldest first: answers not shown, then questions."""
        if isinstance(where, Platform):
            return await unfinished(self._database, self._queue, [where])
        chat = await self._find(where)
        return [] if chat is None else await unfinished(self._database, self._queue, chat.id)

    async def delivered(self, exchange_id: int) -> None:
        """Note that the person has seen the whole answer."""
        await self._database.deliveries.delivered(exchange_id)

    async def undeliverable(self, exchange_id: int) -> None:
        """Note that nobody is there to receive an answer; it is not gone on with."""
        await self._database.deliveries.undeliverable(exchange_id)
        self._queue.give_up(exchange_id)

    async def left(self, key: ChatKey) -> None:
        """Note that the bot was blocked or removed: nothing that waits there is answered.

        A group takes its topics with it. Who adds the bot again must be let in again.
        """
        await self._door.left(key)
        for chat in await self._database.chats.within(key.platform, key.native_id):
            for exchange_id in await self._database.deliveries.undeliverable_in(chat.id):
                self._queue.give_up(exchange_id)

    async def moved(self, old: ChatKey, new: ChatKey) -> None:
        """Note that a chat, and the topics in it, have another id from now on."""
        await self._database.chats.move(old.platform, old.native_id, new.native_id)
        await self._door.moved(old, new)

    async def last_seen(self, platform: Platform) -> Mapping[ChatKey, str | None]:
        """Return all chats of a platform, and the newest message that was handled in each."""
        return {
            ChatKey(platform, chat.native_id): chat.last_seen
            for chat in await self._database.chats.on(platform)
        }

    async def saw(self, key: ChatKey, message_id: str) -> None:
        """Note that a message was handled, whose number is higher than those before it."""
        await self._database.chats.saw(key.platform, key.native_id, message_id)

    async def known(self, key: ChatKey, event_id: str) -> bool:
        """Say whether an event was taken in before."""
        return await self._database.incoming.known((key.platform, key.native_id, event_id))

    async def pass_over(self, key: ChatKey, event_id: str) -> None:
        """Note that an event was taken in that asks for nothing, or that always fails.

        Of places where nobody was ever answered nothing is noted: once more, it does nothing there.
        """
        if await self._database.chats.within(key.platform, key.native_id):
            await self._database.incoming.record((key.platform, key.native_id, event_id))

    async def _known(self, what: Incoming | Press) -> bool:
        return what.event is not None and await self._database.incoming.known(what.event)

    async def _note_done(self, what: Incoming | Press) -> None:
        """Note what was done. It may be done once more where that fails, or is not come to.

        The other order could lose it; and what it has set going must be shown at any rate.
        """
        if what.event is not None:
            try:
                await self._database.incoming.record(what.event)
            except StorageError as error:
                _log.warning("an event is not noted, and may be carried out again: %s", error)

    async def language(self, key: ChatKey, spoken: str | None = None) -> str:
        """Return the language of a chat's phrases; ``spoken``: by somebody there, if none is."""
        return self._voice.language_of(await self._find(key), spoken)

    async def _find(self, key: ChatKey) -> Chat | None:
        return await self._database.chats.find(key.platform, key.native_id)
