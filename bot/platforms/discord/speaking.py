"""What goes out into a channel of Discord's."""

from collections.abc import Callable
from functools import partial

import discord

from bot.delivery.outlet import Outlet, Say
from bot.delivery.pace import Pace
from bot.delivery.replies import LiveReplies
from bot.phrases import Phrasebook
from bot.platforms.dialogue import Dialogue
from bot.platforms.discord.letters import Letter, letters
from bot.platforms.discord.opening import Opening
from bot.platforms.discord.outlet import DiscordOutlet
from bot.platforms.discord.paces import ChannelPaces
from bot.platforms.discord.permissions import Complaints, named
from bot.platforms.discord.places import Place
from bot.platforms.outbox import Outbox
from bot.platforms.speaking import Speaker
from bot.reply import Reply


class Speaking(Speaker[Place]):
    """Sends things on their way into channels.

    Args:
        client: what they are sent with.
        paces: how often a channel may be written to.
        outbox: for the bot's own words.
        replies: for answers.
        dialogue: knows the language of a chat.
        phrases: the bot's own words.
        complaints: tells where the bot may not do what it needs to.
        wall: unix seconds.
    """

    def __init__(
        self,
        client: discord.Client,
        paces: ChannelPaces,
        outbox: Outbox,
        replies: LiveReplies,
        dialogue: Dialogue,
        phrases: Phrasebook,
        complaints: Complaints,
        wall: Callable[[], float],
    ) -> None:
        super().__init__(outbox, replies, dialogue, phrases)
        self._client = client
        self._paces = paces
        self._complaints = complaints
        self._wall = wall

    def pace(self, place: Place) -> Pace:
        """Return how often the channel of a place may be written to."""
        return self._paces.of(place)

    def reply(self, place: Place, reply: Reply) -> None:
        """Send the bot's own words; they may be none."""
        self.outbox.put(self.letters(place, reply))

    def whisper(self, person: str, reply: Reply) -> None:
        """Send somebody the bot's own words in private; they may be none.

        Who takes no direct messages of the bot is passed over; the log says so.
        """
        if reply.text or reply.document is not None:
            write = partial(self.reply, reply=reply)
            pace = self._paces.of_openings()
            self.outbox.put([Opening(self._client, int(person), pace, write)])

    def letters(self, place: Place, reply: Reply) -> list[Letter]:
        """Return the messages that a reply comes to: none where it says nothing."""
        excuse = partial(self._excuse, place)
        return letters(self._client, place, self.pace(place), reply, excuse)

    def complain(self, place: Place) -> None:
        """Tell whoever runs the bot what it lacks in a place, as far as the library knows it."""
        for number in (place.channel_id, place.parent_id):
            channel = None if number is None else self._client.get_channel(number)
            if channel is not None:
                self._complaints.about(channel)
                return

    async def _excuse(self, place: Place) -> str:
        """Complain, and return what is said to people in place of a file.

        Raises:
            StorageError: their language cannot be looked up.
        """
        self.complain(place)
        say = await self.voice(place.key())
        return say("permission.no_file", permissions=named(["attach_files"], say))

    def _outlet(self, place: Place, say: Say, exchange_id: int) -> Outlet:
        complain = partial(self.complain, place)
        return DiscordOutlet(
            self._client, place, self.pace(place), say, exchange_id, self._wall, complain
        )
