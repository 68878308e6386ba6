"""What goes back to an interaction: the bot's own words, in place of the sign that it arrived.

An interaction can be answered for a quarter of an hour. Where Discord takes nothing for it any
more, what everyone may see goes into the channel instead.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

import discord

from bot.delivery.outlet import DeliveryError, MessageGoneError
from bot.delivery.pace import Pace
from bot.message import ChatKey
from bot.platforms.discord.errors import InteractionGoneError, translated
from bot.platforms.discord.keyboard import choices_view
from bot.platforms.discord.letters import Letter, files_of
from bot.platforms.discord.places import Place
from bot.platforms.discord.speaking import Speaking
from bot.reply import Reply


@dataclass(frozen=True, slots=True)
class Response:
    """One thing that is done for an interaction.

    Attributes:
        chat: where the interaction was.
        pace: of the channel.
        deed: does it; safe to do again.
        instead: goes into the channel where there is nothing to be answered any more; None:
            nothing does.
    """

    chat: ChatKey
    pace: Pace
    deed: Callable[[], Awaitable[object]]
    instead: Letter | None = None

    async def send(self) -> None:
        """Do it.

        Raises:
            DeliveryError: as ``translated`` says.
        """
        async with translated():
            await self.deed()

    async def otherwise(self, error: DeliveryError) -> Letter | None:
        """Return the letter for the channel."""
        return self.instead if isinstance(error, InteractionGoneError | MessageGoneError) else None


class Responding:
    """Sends what goes back to interactions; nothing here waits until it has arrived.

    Args:
        speaking: knows the paces of channels, and has the outbox.
    """

    def __init__(self, speaking: Speaking) -> None:
        self._speaking = speaking

    def reply(
        self, interaction: discord.Interaction, place: Place, reply: Reply, *, hidden: bool
    ) -> None:
        """Let the sign become a reply; where that says nothing, the sign goes away.

        After a press it is the message that was pressed, instead of the sign.

        Args:
            interaction: what is answered.
            place: where it was.
            reply: the bot's own words; what does not fit into one message follows.
            hidden: only the person sees the sign, and what follows.
        """
        written = self._speaking.letters(place, reply)
        if not written:
            self.withdraw(interaction, place)
        self._speaking.outbox.put(
            [
                Response(
                    letter.chat,
                    letter.pace,
                    partial(_follow, interaction, letter, hidden=hidden)
                    if later
                    else partial(_become, interaction, letter),
                    instead=None if hidden else letter,
                )
                for later, letter in enumerate(written)
            ]
        )

    def whisper(self, interaction: discord.Interaction, place: Place, reply: Reply) -> None:
        """Say something beside what there is, that only the person sees."""
        self._speaking.outbox.put(
            [
                Response(
                    letter.chat, letter.pace, partial(_follow, interaction, letter, hidden=True)
                )
                for letter in self._speaking.letters(place, reply)
            ]
        )

    def withdraw(self, interaction: discord.Interaction, place: Place) -> None:
        """Let the sign go away; after a press, the message that was pressed."""
        pace = self._speaking.pace(place)
        self._speaking.outbox.put(
            [Response(place.key(), pace, interaction.delete_original_response)]
        )


async def _become(interaction: discord.Interaction, letter: Letter) -> None:
    await interaction.edit_original_response(
        content=letter.text,
        view=choices_view(letter.choices),
        attachments=files_of(letter.document),
        allowed_mentions=discord.AllowedMentions.none(),
    )


async def _follow(interaction: discord.Interaction, letter: Letter, *, hidden: bool) -> None:
    await interaction.followup.send(
        letter.text,
        view=choices_view(letter.choices) or discord.utils.MISSING,
        files=files_of(letter.document),
        allowed_mentions=discord.AllowedMentions.none(),
        ephemeral=hidden,
    )
