"""What is done with each update: it is told to the dialogue, and what comes back is sent."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from telegram import Bot, ChatMember, ChatMemberRestricted, ChatMemberUpdated, Message, Update
from telegram.constants import ChatMemberStatus, ChatType

from bot.platforms.dialogue import Dialogue
from bot.platforms.files import Fetched
from bot.platforms.hearing import Heard, Hearing
from bot.platforms.telegram.files import fetched
from bot.platforms.telegram.places import Place
from bot.platforms.telegram.presses import Presses
from bot.platforms.telegram.reading import Reading, person_of, read, title_of
from bot.platforms.telegram.rights import Rights, matters_for
from bot.platforms.telegram.speaking import Speaking
from bot.reply import NOTHING

_GONE = (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED)
_GROUPS = (ChatType.GROUP, ChatType.SUPERGROUP)


class Reception:
    """Takes updates in. What an update asks for is stored when ``take`` returns.

    Args:
        bot: to fetch files with; it knows who it is.
        dialogue: is told everything; for those whom it does not answer nothing is fetched,
            remarked or stored.
        speaking: sends what comes back.
        rights: knows who puts a group in order.
        names: what the bot is called, besides its user name.
    """

    def __init__(
        self,
        bot: Bot,
        dialogue: Dialogue,
        speaking: Speaking,
        rights: Rights,
        names: Sequence[str],
    ) -> None:
        self._bot = bot
        self._dialogue = dialogue
        self._speaking = speaking
        self._rights = rights
        self._names = names
        self._hearing: Hearing[Place] = Hearing(dialogue, speaking)
        self._presses = Presses(dialogue, speaking, rights)

    async def take(self, update: Update) -> None:
        """Take an update in; once more does no harm.

        Raises:
            StorageError: it is not stored.
        """
        event_id = str(update.update_id)
        if update.message is not None:
            await self._message(update.message, event_id)
        elif update.edited_message is not None:
            await self._hear(update.edited_message, event_id, edited=True)
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
            self._speaking.toast(update.callback_query.id)
        message = update.effective_message
        if isinstance(message, Message):
            await self._dialogue.pass_over(Place.of(message).key(), str(update.update_id))

    async def _message(self, message: Message, event_id: str) -> None:
        if message.migrate_to_chat_id is not None:
            await self._moved(message.chat.id, message.migrate_to_chat_id)
        elif message.migrate_from_chat_id is not None:
            await self._moved(message.migrate_from_chat_id, message.chat.id)
        else:
            await self._hear(message, event_id, edited=False)

    async def _moved(self, old: int, new: int) -> None:
        await self._dialogue.moved(Place(old).key(), Place(new).key())
        self._speaking.move(old, new)

    async def _membership(self, change: ChatMemberUpdated, event_id: str) -> None:
        """Take in that the bot was added to a group, removed or blocked; rights mean nothing."""
        place = Place(change.chat.id, group=change.chat.type in _GROUPS)
        is_there, was_there = map(_is_there, (change.new_chat_member, change.old_chat_member))
        entered = place.group and is_there and not was_there
        if (is_there and not entered) or await self._dialogue.known(place.key(), event_id):
            return
        line = NOTHING
        if entered:
            by = person_of(change.from_user)  # nobody, where an administrator hides
            line = await self._dialogue.entered(place.key(), title_of(change.chat), by)
        else:
            await self._dialogue.left(place.key())
        # told once more, it would give up what has been asked since the bot was let in again
        await self._dialogue.pass_over(place.key(), event_id)
        self._speaking.reply(place, line)

    async def _hear(self, message: Message, event_id: str, *, edited: bool) -> None:
        reading = read(message, self._bot.bot, self._names, event_id, edited=edited)
        if reading is not None:
            if not edited:  # a command that a message becomes later is none
                reading = await self._with_rights(reading)
            await self._hearing.hear(self._heard(reading, event_id, edited=edited))

    async def _with_rights(self, reading: Reading) -> Reading:
        """Return what was read with whether its author manages the place, where that matters."""
        incoming, visitor = reading.incoming, reading.visitor
        if incoming is None or not matters_for(incoming) or not self._dialogue.allows(visitor):
            return reading
        person = int(visitor.author.native_id)
        manages = await self._rights.manages(reading.place.chat_id, person)
        return replace(reading, incoming=replace(incoming, manages=manages))

    def _heard(self, reading: Reading, event_id: str, *, edited: bool) -> Heard[Place]:
        return Heard(
            reading.visitor,
            reading.place,
            event_id,
            reading.incoming,
            [reading.remark] if reading.remark else [],
            partial(self._files, reading),
            edited,
        )

    async def _files(self, reading: Reading) -> Sequence[Fetched]:
        file = reading.document
        return [] if file is None else [Fetched(file.name, await fetched(self._bot, file.file_id))]


def _is_there(member: ChatMember) -> bool:
    """Say whether somebody is in a chat: one who is restricted may be in it or not."""
    if isinstance(member, ChatMemberRestricted):
        return member.is_member
    return member.status not in _GONE
