"""Who is told what of all that happens on Discord."""

from collections.abc import Callable
from dataclasses import dataclass

import discord

from bot.message import ChatKey
from bot.platforms.discord.catching_up import CatchingUp
from bot.platforms.discord.presses import Presses
from bot.platforms.discord.reception import Reception
from bot.platforms.pressing import ButtonPressed, Chosen


@dataclass(frozen=True, slots=True)
class Switchboard:
    """Puts each through to those whose it is: the ``Listener`` of the client.

    Attributes:
        reception: takes messages in.
        catching_up: looks for those that were missed.
        presses: takes presses in.
        entered: is called when the client is logged in.
        met: is called when a session's servers are known.
    """

    reception: Reception
    catching_up: CatchingUp
    presses: Presses
    entered: Callable[[], None]
    met: Callable[[], None]

    def begun(self) -> None:
        """Look for what was missed."""
        self.catching_up.begun()

    def ready(self) -> None:
        """Tell that the servers are known."""
        self.catching_up.ready()
        self.met()

    def said(self, message: discord.Message) -> None:
        """Hand a message over."""
        self.reception.said(message)

    def edited(self, message: discord.Message) -> None:
        """Hand an edit over."""
        self.reception.edited(message)

    def joined(self, guild: discord.Guild) -> None:
        """Hand over that the bot is in a server."""
        self.reception.joined(guild)

    def gone(self, chat: ChatKey) -> None:
        """Hand over that a chat is gone."""
        self.reception.gone(chat)

    async def pressed(
        self, interaction: discord.Interaction, pressed: ButtonPressed | Chosen
    ) -> None:
        """Hand a press over."""
        await self.presses.take(interaction, pressed)
