"""What is done with each update: it is told to the dialogue, and what comes back is sent."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from telegram import Bot, ChatMemberUpdated, Message, Update
from telegram.constants import ChatMemberStatus

from bot.attachments import File, Remark
from bot.delivery.outlet import Say
from bot.delivery.stream import AnswerStream
from bot.message import Incoming
from bot.names import clean_line
from bot.platforms.telegram.dialogue import Dialogue
from bot.platforms.telegram.files import fetched
from bot.platforms.telegram.places import Place
from bot.platforms.telegram.presses import Presses
from bot.platforms.telegram.reading import Reading, read
from bot.platforms.telegram.speaking import Speaking
from bot.reply import Reply

Tell = Callable[[Incoming], Awaitable[Reply | AnswerStream]]

_LONGEST_FILE_NAME = 64
_GONE = (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED)


class Reception:
    """Takes updates in. What an update asks for is stored when ``take`` returns.

    Args:
        bot: to fetch files with; it knows who it is.
        dialogue: is told everything.
        speaking: sends what comes back.
        names: what the bot is called, besides its user name.
        allows: whether somebody is answered, by their number; for strangers nothing is fetched,
            remarked or stored.
    """

    def __init__(
        self,
        bot: Bot,
        dialogue: Dialogue,
        speaking: Speaking,
        names: Sequence[str],
        allows: Callable[[str], bool],
    ) -> None:
        self._bot = bot
        self._dialogue = dialogue
        self._speaking = speaking
        self._allows = allows
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
            await self._membership(update.my_chat_member)

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

    async def _membership(self, change: ChatMemberUpdated) -> None:
        if change.new_chat_member.status in _GONE:
            await self._dialogue.left(Place(change.chat.id).key())

    async def _new(self, message: Message, event_id: str) -> None:
        reading = self._read(message, event_id, edited=False)
        if reading is None:
            return
        if self._allows(reading.author.native_id):
            await self._hear(reading, event_id, self._dialogue.take)
        elif reading.incoming is not None:
            say = await self._voice(reading)
            self._speaking.give(reading.place, say, await self._dialogue.take(reading.incoming))

    async def _edited(self, message: Message, event_id: str) -> None:
        reading = self._read(message, event_id, edited=True)
        if reading is not None and self._allows(reading.author.native_id):
            await self._hear(reading, event_id, self._dialogue.edit)

    def _read(self, message: Message, event_id: str, *, edited: bool) -> Reading | None:
        return read(message, self._bot.bot, self._names, event_id, edited=edited)

    async def _voice(self, reading: Reading) -> Say:
        return await self._speaking.voice(reading.place.key(), reading.author.language)

    async def _hear(self, reading: Reading, event_id: str, tell: Tell) -> None:
        """Take a message in; what is remarked on it stands before its answer."""
        chat = reading.place.key()
        if await self._dialogue.known(chat, event_id):
            return
        say = await self._voice(reading)
        incoming, remarks = await self._complete(reading)
        if incoming is None:
            await self._dialogue.pass_over(chat, event_id)
            self._speaking.remark(reading.place, say, remarks)
            return
        # nothing may fail after this: once more, the dialogue would know it, and give nothing back
        answer = await tell(incoming)
        self._speaking.remark(reading.place, say, remarks)
        self._speaking.give(reading.place, say, answer)

    async def _complete(self, reading: Reading) -> tuple[Incoming | None, Sequence[Remark]]:
        """Return a message with what is in its file, and what is remarked on it.

        There is no message where nothing can be answered, or its file has to be sent once more.
        """
        incoming, file = reading.incoming, reading.document
        remarks = [reading.remark] if reading.remark else []
        if incoming is not None and file is not None:
            data = await fetched(self._bot, file.file_id)
            if data is None:
                name = clean_line(file.name, _LONGEST_FILE_NAME)
                return None, [*remarks, Remark("media.file_failed", {"name": name})]
            attached = await self._dialogue.attached([File(file.name, data)])
            parts = (incoming.text, attached.text)
            incoming = replace(incoming, text="\n\n".join(part for part in parts if part))
            remarks += attached.remarks
        silent = incoming is None or not (incoming.text.strip() or incoming.quote)
        return (None if silent else incoming), remarks
