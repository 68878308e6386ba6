"""The story of the bot: a message comes in, it is stored, and an answer or a reply goes out."""

from collections.abc import Sequence
from dataclasses import replace

from bot.asker import Asker
from bot.attachments import Attached, Attachments, File
from bot.calls import ASK, parse
from bot.casting import HEARD
from bot.commands import Commands
from bot.delivery.stream import AnswerStream
from bot.dialogue.asking import Asking
from bot.dialogue.chronicle import Chronicle
from bot.dialogue.pressing import Pressing
from bot.door import Door
from bot.envoy import Envoy
from bot.generation.queue import GenerationQueue
from bot.message import Author, ChatKey, Incoming, Platform, Press, Visitor
from bot.reply import NOTHING, Reply
from bot.voice import Voice
from storage.arrivals import Arrival
from storage.database import Database
from storage.records import OPENER, Chat


class Dialogue(Chronicle):
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
        pressing: Pressing,
        voice: Voice,
        door: Door,
        attachments: Attachments,
    ) -> None:
        super().__init__(database, queue, voice, door)
        self._commands = commands
        self._asking = asking
        self._pressing = pressing
        self._attachments = attachments

    async def take(self, incoming: Incoming) -> Reply | AnswerStream:
        """Take a message in.

        Returns:
            The stream of the answer, or the reply to a command. A reply without text, which needs
            no sending, where there is no message in it, it was taken in before, or it only goes on
            with a question that waits already.
        """
        if incoming.addressed and (claimed := await self._door.claim(incoming)) is not None:
            return claimed
        if not self.allows(incoming.visitor):  # what they bring is not looked at, and may be a file
            return await self.turn_away(incoming.visitor) if incoming.addressed else NOTHING
        if not incoming.text.strip() and incoming.quote is None:
            return NOTHING
        key, who = incoming.chat, incoming.author.native_id
        arrival = await self._database.arrivals.look(
            incoming.event, key.platform, key.native_id, who
        )
        if arrival.known:
            return NOTHING
        if not incoming.addressed:
            return await self._overhear(arrival, incoming)
        return await self._heard(await self._open(arrival, incoming), arrival, incoming)

    async def _heard(
        self, chat: Chat, arrival: Arrival, incoming: Incoming
    ) -> Reply | AnswerStream:
        call, asker = parse(incoming.text), self._asker(chat, incoming)
        if call is None:
            answer = await self._asking.ask(chat, arrival, incoming, asker)
        elif call.name == ASK and call.argument.strip():
            question = replace(incoming, text=call.argument)
            answer = await self._asking.ask(chat, arrival, question, asker)
        else:
            answer = await self._commands.run(call, chat, asker)
            await self._note_done(incoming)
            return answer
        if isinstance(answer, Reply):  # it was refused, maybe in silence, or is noted already
            await self._note_done(incoming)
        return answer

    def _asker(self, chat: Chat, told: Incoming | Press) -> Asker:
        """Return who wants something, and whether they may do what concerns everyone there."""
        platform, author = told.chat.platform, told.author
        role = self._door.role(platform, author.native_id)
        asker = Asker(platform, author, manages=False, role=role)
        manages = (
            told.kind == "private"
            or told.manages
            or chat.options.get(OPENER) == author.native_id
            or asker.is_admin
        )
        return replace(asker, manages=manages)

    async def _overhear(self, arrival: Arrival, incoming: Incoming) -> Reply:
        """Let a part of a long message, that says nothing to the bot by itself, join the others."""
        chat = arrival.chat
        if chat is None:
            return NOTHING
        asker = self._asker(chat, incoming)
        refusal = await self._asking.go_on(chat, arrival, incoming, asker)
        if refusal is not None:
            await self._note_done(incoming)
        return refusal or NOTHING

    def allows(self, visitor: Visitor) -> bool:
        """Say whether somebody is answered."""
        return self._door.allows(visitor)

    async def turn_away(self, visitor: Visitor) -> Reply:
        """Tell the owners that somebody who is not answered asks to be; they decide."""
        return await self._door.turn_away(visitor)

    async def entered(
        self, chat: ChatKey, title: str, by: Author | None, *, says_so: bool = True
    ) -> Reply:
        """Take in that the bot was added to a group, or to a server with all its channels."""
        return await self._door.entered(chat, title, by, says_so=says_so)

    def attach(self, envoy: Envoy) -> None:
        """Learn how people are reached on a platform, as soon as something can be sent."""
        self._door.attach(envoy)

    def owned_by(self, platform: Platform, native_id: str) -> None:
        """Learn whom a platform knows as the owner of the bot."""
        self._door.owned_by(platform, native_id)

    async def _open(self, arrival: Arrival, incoming: Incoming) -> Chat:
        """Open the chat; a private one speaks its person's language, others their first one's.

        A language that is guessed counts for the first question only: the default persona goes
        with the language, and the conversation would begin afresh in the middle.
        """
        key, chats = incoming.chat, self._database.chats
        chat = arrival.chat
        if chat is None or not chat.is_called(incoming.kind, incoming.title):
            chat = await chats.open(key.platform, key.native_id, incoming.kind, incoming.title)
        is_theirs = incoming.opens or incoming.kind == "private"  # its id may say nothing of whom
        if is_theirs and OPENER not in chat.options:
            chat = await chats.set_option(chat.id, OPENER, incoming.author.native_id)
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
        if chat is None or not self.allows(incoming.visitor) or await self._known(incoming):
            return NOTHING
        answer = await self._asking.edit(chat, incoming, self._asker(chat, incoming))
        if isinstance(answer, Reply) and answer.text:
            await self._note_done(incoming)
        return answer

    async def press(self, press: Press) -> Reply | AnswerStream:
        """Take in that a button below an answer was pressed.

        Returns:
            The stream of the answer, or a short reply for the one who pressed.
        """
        if not self.allows(press.visitor):
            return await self.turn_away(press.visitor)
        chat = await self._find(press.chat)
        if chat is None:
            language = self._voice.language_of(None, press.author.language)
            return Reply(self._voice.phrases.say(language, "press.old"))
        if await self._known(press):
            return NOTHING
        answer = await self._pressing.press(chat, press, self._asker(chat, press))
        await self._note_done(press)
        return answer

    async def attached(self, files: Sequence[File]) -> Attached:
        """Read text files that came with a message; what they hold is a part of its text."""
        return await self._attachments.read(files)

    async def stop(self, key: ChatKey) -> bool:
        """Do what /stop does; False: there was nothing to stop."""
        chat = await self._find(key)
        return chat is not None and await self._commands.stop(chat)

    def personas(self) -> Sequence[str]:
        """Return the names that can be chosen from."""
        return self._voice.casting.personas.names()
