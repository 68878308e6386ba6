"""What is done with each update: it is told to the dialogue, and what comes back is sent."""

from collections.abc import Sequence
from dataclasses import replace

from telegram import Bot, ChatMember, ChatMemberRestricted, ChatMemberUpdated, Message, Update
from telegram.constants import ChatMemberStatus

from bot.attachments import File, Remark
from bot.delivery.outlet import Say
from bot.delivery.stream import AnswerStream
from bot.message import Author, ChatKey, Incoming, Platform
from bot.platforms.telegram.dialogue import Dialogue
from bot.platforms.telegram.files import fetched
from bot.platforms.telegram.places import Place
from bot.platforms.telegram.presses import Presses
from bot.platforms.telegram.reading import Reading, read
from bot.platforms.telegram.speaking import Speaking
from bot.reply import NOTHING, Reply

_GONE = (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED)


class Reception:
    """Takes updates in. What an update asks for is stored when ``take`` returns.

    Args:
        bot: to fetch files with; it knows who it is.
        dialogue: is told everything; for those whom it does not answer nothing is fetched,
            remarked or stored.
        speaking: sends what comes back.
        names: what the bot is called, besides its user name.
    """

    def __init__(
        self, bot: Bot, dialogue: Dialogue, speaking: Speaking, names: Sequence[str]
    ) -> None:
        self._bot = bot
        self._dialogue = dialogue
        self._speaking = speaking
        self._names = names
        self._presses = Presses(dialogue, speaking)

    async def take(self, update: Update) -> None:
        """Take an update in; once more does no harm.

        Raises:
            StorageError: it is not stored.
        """
        event_id = str(update.update_id)
        if update.message is not None:
            await self._message(update.message, event_id)
        elif update.edited_message is not None:
            await self._edited(update.edited_message, event_id)
        elif update.callback_query is not None:
            await self._presses.take(update.callback_query, event_id)
        elif update.my_chat_member is not None:
            await self._membership(update.my_chat_member, event_id)

    async def pass_over(self, update: Update) -> None:
        """Note that nothing is done with an update that always fails.

        Raises:
            StorageError: it is not noted.
        """
        if update.callback_query is not None:
            self._speaking.outbox.toast(update.callback_query.id)
        message = update.effective_message
        if isinstance(message, Message):
            await self._dialogue.pass_over(Place.of(message).key(), str(update.update_id))

    async def _message(self, message: Message, event_id: str) -> None:
        if message.migrate_to_chat_id is not None:
            await self._moved(message.chat.id, message.migrate_to_chat_id)
        elif message.migrate_from_chat_id is not None:
            await self._moved(message.migrate_from_chat_id, message.chat.id)
        else:
            await self._new(message, event_id)

    async def _moved(self, old: int, new: int) -> None:
        await self._dialogue.moved(Place(old).key(), Place(new).key())
        self._speaking.move(old, new)

    async def _membership(self, change: ChatMemberUpdated, event_id: str) -> None:
        chat = Place(change.chat.id).key()
        if _is_there(change.new_chat_member) or await self._dialogue.known(chat, event_id):
            return
        await self._dialogue.left(chat)
        # told once more, it would give up what has been asked since the bot was let in again
        await self._dialogue.pass_over(chat, event_id)

    async def _new(self, message: Message, event_id: str) -> None:
        reading = self._read(message, event_id, edited=False)
        if reading is None:
            return
        if self._allows(reading.author):
            await self._hear(reading, event_id, edited=False)
        elif reading.incoming is not None:
            say = await self._voice(reading)
            self._speaking.give(reading.place, say, await self._dialogue.take(reading.incoming))

    async def _edited(self, message: Message, event_id: str) -> None:
        reading = self._read(message, event_id, edited=True)
        if reading is not None and self._allows(reading.author):
            await self._hear(reading, event_id, edited=True)

    def _allows(self, author: Author) -> bool:
        return self._dialogue.allows(Platform.TELEGRAM, author.native_id)

    def _read(self, message: Message, event_id: str, *, edited: bool) -> Reading | None:
        return read(message, self._bot.bot, self._names, event_id, edited=edited)

    async def _voice(self, reading: Reading) -> Say:
        return await self._speaking.voice(reading.place.key(), reading.author.language)

    async def _hear(self, reading: Reading, event_id: str, *, edited: bool) -> None:
        """Take a message in; what is remarked on it stands before its answer.

        Of an edit nothing is remarked where it is not answered: many change nothing.
        """
        chat = reading.place.key()
        if await self._dialogue.known(chat, event_id):
            return
        say = await self._voice(reading)
        incoming, remarks = await self._complete(reading)
        # nothing may fail after this: once more, the dialogue would know it, and give nothing back
        answer = await self._tell(chat, incoming, event_id, edited=edited)
        if not edited or isinstance(answer, AnswerStream):
            self._speaking.remark(reading.place, say, remarks)
        self._speaking.give(reading.place, say, answer)

    async def _tell(
        self, chat: ChatKey, incoming: Incoming | None, event_id: str, *, edited: bool
    ) -> Reply | AnswerStream:
        if incoming is None:
            await self._dialogue.pass_over(chat, event_id)
            return NOTHING
        return await (self._dialogue.edit if edited else self._dialogue.take)(incoming)

    async def _complete(self, reading: Reading) -> tuple[Incoming | None, Sequence[Remark]]:
        """Return a message with what is in its file, and what is remarked on it.

        There is no message where nothing can be answered, or its file has to be sent once more.
        """
        incoming, file = reading.incoming, reading.document
        remarks = [reading.remark] if reading.remark else []
        if incoming is not None and file is not None:
            data = await fetched(self._bot, file.file_id)
            if data is None:
                return None, [*remarks, Remark("media.file_failed", {"name": file.name})]
            attached = await self._dialogue.attached([File(file.name, data)])
            parts = (incoming.text, attached.text)
            incoming = replace(incoming, text="\n\n".join(part for part in parts if part))
            remarks += attached.remarks
        silent = incoming is None or not (incoming.text.strip() or incoming.quote)
        return (None if silent else incoming), remarks


def _is_there(member: ChatMember) -> bool:
    """Say whether somebody is in a chat: one who is restricted may be in it or not."""
    if isinstance(member, ChatMemberRestricted):
        return member.is_member
    return member.status not in _GONE
