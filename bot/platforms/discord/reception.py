"""What is done with each message: it is told to the dialogue, and what comes back is sent."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import replace
from functools import partial

import discord

from bot.delivery.backoff import pause
from bot.delivery.outlet import DeliveryError, UnreachableError
from bot.delivery.pace import Time
from bot.message import Author, ChatKey, Platform
from bot.platforms.dialogue import Dialogue
from bot.platforms.discord.calling import needs_no_mention
from bot.platforms.discord.files import fetched, name_of
from bot.platforms.discord.happenings import Happening, Happenings
from bot.platforms.discord.history import find_member
from bot.platforms.discord.permissions import Complaints
from bot.platforms.discord.places import Place, homes_of
from bot.platforms.discord.reading import Ears, Reading, event_id_of, read, threaded, title_of
from bot.platforms.discord.speaking import Speaking
from bot.platforms.discord.threads import opened
from bot.platforms.files import Fetched
from bot.platforms.hearing import Heard, Hearing

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
        self._hearing: Hearing[Place] = Hearing(dialogue, speaking)
        self._happenings = happenings
        self._complaints = complaints
        self._ears = ears
        self._time = time

    def said(self, message: discord.Message) -> None:
        """Let a message be taken in."""
        reading = read(message, self._ears())
        if reading is not None:
            self._add(message, reading, event_id_of(message), self._new)

    def edited(self, message: discord.Message) -> None:
        """Let an edit be taken in."""
        reading = self._read_edit(message)
        if reading is not None:
            self._add(message, reading, event_id_of(message, edited=True), self._edit)

    def _add(
        self,
        message: discord.Message,
        reading: Reading,
        event_id: str,
        take: Callable[[discord.Message, Reading], Awaitable[None]],
    ) -> None:
        """Let something wait for all that may concern its message, and the thread of that."""
        here, *threads = homes_of(message)
        happening = Happening(here, event_id, partial(take, message, reading), tuple(threads))
        self._happenings.add(happening)

    def joined(self, guild: discord.Guild) -> None:
        """Let it be noted that the bot is in a server; once more does no harm."""
        chat = ChatKey(Platform.DISCORD, f"{guild.id}")
        self._happenings.add(Happening(chat, None, partial(self._enter, chat, guild)))

    async def _enter(self, chat: ChatKey, guild: discord.Guild) -> None:
        """Note it. Who added the bot is not told, so that the server's owner answers for it.

        Nobody knows in which channel something could be said: strangers are told when they call.

        Raises:
            StorageError: it is not stored.
        """
        owner = None if guild.owner_id is None else Author(str(guild.owner_id), "")
        await self._dialogue.entered(chat, title_of(guild), owner, says_so=False)

    def gone(self, chat: ChatKey) -> None:
        """Let it be noted that a chat is gone, with all below it."""
        self._happenings.add(Happening(chat, None, partial(self._dialogue.left, chat)))

    async def take_late(self, message: discord.Message) -> None:
        """Take in at once what a message asks for that was missed, or that it was edited.

        Once more does no harm.

        Raises:
            StorageError: it is not stored.
        """
        new, edit = self._read_late(message), self._read_edit(message)
        if new is None and edit is None:
            return
        if not await self._is_known(message):
            if new is not None:
                await find_member(message)
                await self._new(message, self._read_late(message) or new)
        elif edit is not None:
            await self._edit(message, edit)

    def _read_edit(self, message: discord.Message) -> Reading | None:
        """Return what an edit may change; None: it changes nothing, or is a stranger's."""
        reading = read(message, self._ears(), edited=True)
        return reading if reading is not None and self._allows(reading) else None

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
        """Take a message in; one of a stranger is no more than turned away."""
        allowed = self._allows(reading)
        if allowed:
            if await self._is_known(message):
                return
            if message.guild is not None and self._complaints.is_mute(message.channel):
                await self._dialogue.pass_over(reading.place.key(), event_id_of(message))
                return
            if reading.opens_thread:
                reading = await self._opened(message, reading)
        await self._hearing.hear(_heard(reading, event_id_of(message)))
        if allowed:
            await self._saw(reading.place.key(), message.id)

    async def _edit(self, message: discord.Message, reading: Reading) -> None:
        """Take an edit in where its message was taken in, whatever is set now."""
        if await self._is_in_thread(message):
            reading = threaded(message, reading)
        await self._hearing.hear(_heard(reading, event_id_of(message, edited=True), edited=True))

    async def _is_in_thread(self, message: discord.Message) -> bool:
        """Say whether a message was taken in in the thread that it begins."""
        here, *threads = homes_of(message)
        event_id = event_id_of(message)
        if not threads or await self._dialogue.known(here, event_id):
            return False
        if message.flags.has_thread:  # what is long ago is not known any more
            return True
        return any([await self._dialogue.known(thread, event_id) for thread in threads])

    async def _is_known(self, message: discord.Message) -> bool:
        """Say whether a message was taken in, wherever it was answered."""
        event_id = event_id_of(message)
        return any([await self._dialogue.known(chat, event_id) for chat in homes_of(message)])

    async def _opened(self, message: discord.Message, reading: Reading) -> Reading:
        """Return what a message asks for in its thread; in the channel, where there is none."""
        for failures in range(1, _OPENINGS + 1):
            try:
                return await opened(message, reading, self._ears().me)
            except UnreachableError:
                await self._time.sleep(pause(failures))
            except DeliveryError:
                self._complaints.about(message.channel)
                break
        return reading

    def _allows(self, reading: Reading) -> bool:
        return self._dialogue.allows(reading.visitor)

    async def _saw(self, chat: ChatKey, message_id: int) -> None:
        if self.behind is not None and chat not in self.behind:
            await self._dialogue.saw(chat, str(message_id))


def _heard(reading: Reading, event_id: str, *, edited: bool = False) -> Heard[Place]:
    return Heard(
        reading.visitor,
        reading.place,
        event_id,
        reading.incoming,
        reading.remarks,
        partial(_files, reading),
        edited,
    )


async def _files(reading: Reading) -> Sequence[Fetched]:
    return [Fetched(name_of(file), await fetched(file)) for file in reading.files]
