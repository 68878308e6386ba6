"""Beginning a conversation with somebody in private, of whom only the number is known."""

from collections.abc import Callable
from dataclasses import dataclass

import discord

from bot.delivery.outlet import DeliveryError
from bot.delivery.pace import Pace
from bot.message import ChatKey, Platform
from bot.platforms.discord.errors import translated
from bot.platforms.discord.places import Place


@dataclass(frozen=True, slots=True)
class Opening:
    """Finds out where somebody is written to: the ``Letter`` of bot/platforms/outbox.py.

    Attributes:
        client: to ask with.
        person: whose conversation it is; Discord begins one where there is none.
        pace: of all openings.
        then: is told where they are written to.
    """

    client: discord.Client
    person: int
    pace: Pace
    then: Callable[[Place], None]

    @property
    def chat(self) -> ChatKey:
        """The person, who is no chat yet: what they are told stays in its order."""
        return ChatKey(Platform.DISCORD, f"@{self.person}")

    async def send(self) -> None:
        """Ask for the conversation.

        Raises:
            DeliveryError: as ``translated`` says.
        """
        async with translated():
            channel = await self.client.create_dm(discord.Object(self.person))
        self.then(Place(channel.id))

    async def otherwise(self, _error: DeliveryError) -> None:
        """Return that there is nothing else to be done."""
