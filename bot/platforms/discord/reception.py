"""What is done with each message: it is told to the dialogue, and what comes back is sent."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from functools import partial

import discord

from bot.attachments import Remark
from bot.delivery.backoff import pause
from bot.delivery.outlet import DeliveryError, UnreachableError
from bot.delivery.pace import Time
from bot.delivery.stream import AnswerStream
from bot.message import ChatKey, Incoming, Platform
from bot.platforms.dialogue import Dialogue
from bot.platforms.discord.calling import needs_no_mention
from bot.platforms.discord.files import fetched, name_of
from bot.platforms.discord.happenings import Happening, Happenings
from bot.platforms.discord.permissions import Complaints
from bot.platforms.discord.places import place_of
from bot.platforms.discord.reading import Ears, Reading, event_id_of, read
from bot.platforms.discord.speaking import Speaking
from bot.platforms.discord.threads import opened
from bot.platforms.files import Fetched, completed
from bot.reply import NOTHING, Reply

_OPENINGS = 3
"""So often a thread is asked for while Discord cannot be reached; then the channel has to do."""


class Reception:
    """Takes messages in.

    Attributes:
        behind: chats of which older messages are still to come, None: maybe of all; what is
            handled there meanwhile is not yet the newest before which nothing was missed.

    Args:
        dialogue: is told everything; for those whom it does not answer nothing is fetched,
            opened, remarked or stored.
        speaking: sends what comes back.
        happenings: where each waits for those before it.
        complaints: tells where the bot may not do what it needs to.
        ears: what it listens to, once it is known who it is.
        time: to wait with.
    """

    def __init__(
        self,
        dialogue: Dialogue,
        speaking: Speaking,
        happenings: Happenings,
        complaints: Complaints,
        ears: Callable[[], Ears],
        time: Time,
    ) -> None:
        self.behind: Collection[ChatKey] | None = ()
        self._dialogue = dialogue
        self._speaking = speaking
        self._happenings = happenings
        self._complaints = complaints
        self._ears = ears
        self._time = time

    def said(self, message: discord.Message) -> None:
        """Let a message be taken in."""
        reading = read(message, self._ears())
        if reading is None:
            return
        self._happenings.add(
            Happening(
                reading.place.key(),
                event_id_of(message),
                partial(self._new, message, reading),
                also=(place_of(message.channel).key(),),
            )
        )

    def edited(self, message: discord.Message) -> None:
        """Let an edit be taken in."""
        reading = read(message, self._ears(), edited=True)
        if reading is None or not self._allows(reading):
            return
        event_id = event_id_of(message, edited=True)
        take = partial(self._hear, reading, event_id, edited=True)
        self._happenings.add(Happening(reading.place.key(), event_id, take))

    def gone(self, chat: ChatKey) -> None:
        """Let it be noted that a chat is gone, with all below it."""
        self._happenings.add(Happening(chat, "gone", partial(self._dialogue.left, chat)))

    async def take_late(self, message: discord.Message) -> None:
        """Take in at once what a message asks for that was missed; once more does no harm.

        Raises:
            StorageError: it is not stored.
        """
        reading = self._read_late(message)
        if reading is not None:
            await self._new(message, reading)

    def concerns_late(self, message: discord.Message) -> bool:
        """Say whether a message that was missed is for the bot, by somebody whom it answers."""
        return self._read_late(message) is not None

    def _read_late(self, message: discord.Message) -> Reading | None:
        """Return what a message asks for that was missed; None: nothing is done about it.

        Where everything is answered that people say to each other only mentions count: a whole day
        would be answered at once.
        """
        ears = self._ears()
        ours = needs_no_mention(message.channel, ears.me, ())
        reading = read(message, replace(ears, reads_all=ears.reads_all and ours))
        return reading if reading is not None and self._allows(reading) else None

    async def _new(self, message: discord.Message, reading: Reading) -> None:
        if not self._allows(reading):
            await self._turn_away(reading)
            return
        event_id = event_id_of(message)
        for chat in (reading.place.key(), place_of(message.channel).key()):
            if await self._dialogue.known(chat, event_id):
                return
        if message.guild is not None and self._complaints.is_mute(message.channel):
            await self._dialogue.pass_over(reading.place.key(), event_id)
            return
        if reading.opens_thread:
            reading = await self._opened(message, reading)
        await self._hear(reading, event_id, edited=False)
        await self._saw(reading.place.key(), message.id)

    async def _turn_away(self, reading: Reading) -> None:
        if reading.incoming is not None:
            say = await self._speaking.voice(reading.place.key(), reading.author.language)
            self._speaking.give(reading.place, say, await self._dialogue.take(reading.incoming))

    async def _opened(self, message: discord.Message, reading: Reading) -> Reading:
        """Return what a message asks for in its thread; in the channel, where there is none."""
        for failures in range(1, _OPENINGS + 1):
            try:
                return await opened(message, reading)
            except UnreachableError:
                await self._time.sleep(pause(failures))
            except DeliveryError:
                self._complaints.about(message.channel)
                break
        here = read(message, replace(self._ears(), threads=False))
        return reading if here is None else here

    def _allows(self, reading: Reading) -> bool:
        return self._dialogue.allows(Platform.DISCORD, reading.author.native_id)

    async def _hear(self, reading: Reading, event_id: str, *, edited: bool) -> None:
        """Take a message in; what is remarked on it stands before its answer.

        Of an edit nothing is remarked where it is not answered: many change nothing.
        """
        chat = reading.place.key()
        if await self._dialogue.known(chat, event_id):
            return
        say = await self._speaking.voice(chat, reading.author.language)
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
        """Return a message with what is in its files, and what is remarked on it."""
        if reading.incoming is None:
            return None, reading.remarks
        files = [Fetched(name_of(file), await fetched(file)) for file in reading.files]
        incoming, more = await completed(reading.incoming, files, self._dialogue)
        return incoming, (*reading.remarks, *more)

    async def _saw(self, chat: ChatKey, message_id: int) -> None:
        if self.behind is not None and chat not in self.behind:
            await self._dialogue.saw(chat, str(message_id))
