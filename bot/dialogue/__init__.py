"""The story of the bot: a message comes in, it is stored, and an answer or a reply goes out."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.access import Access
from bot.attachments import Attached, Attachments, File
from bot.calls import ASK, FOR_ALL, Call, parse
from bot.casting import HEARD
from bot.commands import Commands
from bot.delivery.stream import AnswerStream
from bot.dialogue.asking import Asking
from bot.dialogue.pressing import Pressing
from bot.dialogue.unfinished import Unfinished, unfinished
from bot.generation.queue import GenerationQueue
from bot.message import ChatKey, Incoming, Platform, Press
from bot.reply import NOTHING, Reply
from bot.voice import Voice
from storage.database import Database
from storage.errors import StorageError
from storage.records import Chat

_log = logging.getLogger("ostro.dialogue")


class Dialogue:
    """What platforms talk to.

    What a method was told is stored when it returns, and survives a kill. Each may raise
    StorageError: it could not be stored, and was not taken in.
    """

    def __init__(
        self,
        database: Database,
        queue: GenerationQueue,
        commands: Commands,
        asking: Asking,
        voice: Voice,
        access: Access,
        attachments: Attachments,
    ) -> None:
        self._database = database
        self._queue = queue
        self._commands = commands
        self._asking = asking
        self._pressing = Pressing(database, queue, commands, voice, access)
        self._voice = voice
        self._access = access
        self._attachments = attachments
        self._told_strangers: set[str] = set()

    async def take(self, incoming: Incoming) -> Reply | AnswerStream:
        """Take a message in.

        Returns:
            The stream of the answer, or the reply to a command. A reply without text, which needs
            no sending, where there is no message in it, it was taken in before, or it only goes on
            with a question that waits already.
        """
        if not incoming.text.strip() and incoming.quote is None:
            return NOTHING
        if not self.allows(incoming.chat.platform, incoming.author.native_id):
            return self._turn_away(incoming)
        if await self._known(incoming):
            return NOTHING
        if not incoming.addressed:
            return await self._overhear(incoming)
        return await self._heard(await self._open(incoming), incoming)

    async def _heard(self, chat: Chat, incoming: Incoming) -> Reply | AnswerStream:
        call = parse(incoming.text)
        if call is None:
            return await self._asking.ask(chat, incoming)
        if call.name == ASK and call.argument.strip():
            return await self._asking.ask(chat, replace(incoming, text=call.argument))
        if self._may_give(call, incoming):
            answer = await self._commands.run(call, chat)
        else:
            line = self._voice.say(chat, "command.not_allowed", command=f"/{call.name}")
            answer = Reply(line, refused=True)
        await self._note_done(incoming)
        return answer

    def _may_give(self, call: Call, incoming: Incoming) -> bool:
        """Say whether somebody may do what concerns everyone where they are."""
        if call.name not in FOR_ALL or incoming.manages:
            return True
        return self._access.is_admin(incoming.chat.platform, incoming.author.native_id)

    async def _overhear(self, incoming: Incoming) -> Reply:
        """Let a part of a long message, that says nothing to the bot by itself, join the others."""
        chat = await self._find(incoming.chat)
        if chat is not None:
            await self._asking.go_on(chat, incoming)
        return NOTHING

    def allows(self, platform: str, native_id: str) -> bool:
        """Say whether a person is answered."""
        return self._access.allows(platform, native_id)

    def _turn_away(self, incoming: Incoming) -> Reply:
        """Tell a stranger once, in private, how they are let in; nothing of them is stored."""
        author = incoming.author
        who = f"{incoming.chat.platform}:{author.native_id}"
        if incoming.kind != "private" or who in self._told_strangers:
            return NOTHING
        self._told_strangers.add(who)
        language = self._voice.language_of(None, author.language)
        return Reply(self._voice.phrases.say(language, "access.closed", who=who))

    async def _open(self, incoming: Incoming) -> Chat:
        """Open the chat; a private one speaks its person's language, others their first one's.

        A language that is guessed counts for the first question only: the default persona goes
        with the language, and the conversation would begin afresh in the middle.
        """
        key, chats = incoming.chat, self._database.chats
        chat = await chats.open(key.platform, key.native_id, incoming.kind, incoming.title)
        heard = self._voice.known_language(incoming.author.language)
        before = chat.options.get(HEARD)
        if heard is None or heard == before or (before and incoming.kind != "private"):
            return chat
        if incoming.author.guessed and await self._database.exchanges.newest(chat.id) is not None:
            return chat
        return await chats.set_option(chat.id, HEARD, heard)

    async def edit(self, incoming: Incoming) -> Reply | AnswerStream:
        """Take in that a message was edited: the newest question of a chat is asked anew.

        Returns:
            The stream of the answer, which may be followed already; a reply for an older
            question; a reply without text for what was none.
        """
        chat = await self._find(incoming.chat)
        allowed = self.allows(incoming.chat.platform, incoming.author.native_id)
        if chat is None or not allowed or await self._known(incoming):
            return NOTHING
        answer = await self._asking.edit(chat, incoming)
        if isinstance(answer, Reply) and answer.text:
            await self._note_done(incoming)
        return answer

    async def press(self, press: Press) -> Reply | AnswerStream:
        """Take in that a button below an answer was pressed.

        Returns:
            The stream of the answer, or a short reply for the one who pressed.
        """
        chat = await self._find(press.chat)
        if chat is None:
            language = self._voice.language_of(None, press.author.language)
            return Reply(self._voice.phrases.say(language, "press.old"))
        if await self._known(press):
            return NOTHING
        answer = await self._pressing.press(chat, press)
        await self._note_done(press)
        return answer

    async def attached(self, files: Sequence[File]) -> Attached:
        """Read text files that came with a message; what they hold is a part of its text."""
        return await self._attachments.read(files)

    async def stop(self, key: ChatKey) -> bool:
        """Do what /stop does; False: there was nothing to stop."""
        chat = await self._find(key)
        return chat is not None and await self._commands.stop(chat)

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

        A group takes its topics with it.
        """
        for chat in await self._database.chats.within(key.platform, key.native_id):
            for exchange_id in await self._database.deliveries.undeliverable_in(chat.id):
                self._queue.give_up(exchange_id)

    async def moved(self, old: ChatKey, new: ChatKey) -> None:
        """Note that a chat, and the topics in it, have another id from now on."""
        await self._database.chats.move(old.platform, old.native_id, new.native_id)

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
        """Note that an event was taken in that asks for nothing, or that always fails."""
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

    def personas(self) -> Sequence[str]:
        """Return the names that can be chosen from."""
        return self._voice.casting.personas.names()

    async def language(self, key: ChatKey, spoken: str | None = None) -> str:
        """Return the language of a chat's phrases; ``spoken``: by somebody there, if none is."""
        return self._voice.language_of(await self._find(key), spoken)

    async def _find(self, key: ChatKey) -> Chat | None:
        return await self._database.chats.find(key.platform, key.native_id)
