"""What goes out into a channel of Discord's."""

from collections.abc import Callable

import discord

from bot.delivery.outlet import Outlet, Say
from bot.delivery.pace import Pace
from bot.delivery.replies import LiveReplies
from bot.phrases import Phrasebook
from bot.platforms.dialogue import Dialogue
from bot.platforms.discord.letters import letters
from bot.platforms.discord.outlet import DiscordOutlet
from bot.platforms.discord.places import Place
from bot.platforms.outbox import Outbox
from bot.platforms.paces import Paces
from bot.platforms.speaking import Speaker
from bot.reply import Reply

_SECONDS = 0.5
"""Least time between any two writings in a channel that must be shown."""


class Speaking(Speaker[Place]):
    """Sends things on their way into channels.

    Args:
        client: what they are sent with.
        paces: how often a channel may be written to.
        outbox: for the bot's own words.
        replies: for answers.
        dialogue: knows the language of a chat.
        phrases: the bot's own words.
        edit_seconds: least time between two edits of an answer under way.
        wall: unix seconds.
    """

    def __init__(
        self,
        client: discord.Client,
        paces: Paces,
        outbox: Outbox,
        replies: LiveReplies,
        dialogue: Dialogue,
        phrases: Phrasebook,
        edit_seconds: float,
        wall: Callable[[], float],
    ) -> None:
        super().__init__(outbox, replies, dialogue, phrases)
        self._client = client
        self._paces = paces
        self._edit_seconds = edit_seconds
        self._wall = wall

    def pace(self, place: Place) -> Pace:
        """Return how often the channel of a place may be written to."""
        return self._paces.of(place.channel_id, self._new_pace)

    def reply(self, place: Place, reply: Reply) -> None:
        """Send the bot's own words; they may be none."""
        self.outbox.put(letters(self._client, place, self.pace(place), reply))

    def _outlet(self, place: Place, say: Say, exchange_id: int) -> Outlet:
        return DiscordOutlet(self._client, place, self.pace(place), say, exchange_id, self._wall)

    def _new_pace(self) -> Pace:
        return Pace(self._paces.time, preview_seconds=self._edit_seconds, seconds=_SECONDS)
