"""What is done when somebody presses a button or a choice."""

from functools import partial

import discord

from bot.message import Incoming, Press
from bot.platforms.dialogue import Dialogue
from bot.platforms.discord.audience import concerns_all
from bot.platforms.discord.happenings import Happenings
from bot.platforms.discord.interactions import (
    Sign,
    author_in,
    incoming_in,
    manages,
    take_in,
    turned_away,
)
from bot.platforms.discord.places import Place, place_of
from bot.platforms.discord.responding import Responding
from bot.platforms.discord.speaking import Speaking
from bot.platforms.pressing import ButtonPressed, Chosen
from bot.reply import NOTHING, Reply


class Presses:
    """Takes presses in.

    Args:
        dialogue: is told what was pressed; of those whom it does not answer nothing is stored.
        speaking: sends what comes back.
        happenings: where a press waits for what was before it.
    """

    def __init__(self, dialogue: Dialogue, speaking: Speaking, happenings: Happenings) -> None:
        self._dialogue = dialogue
        self._speaking = speaking
        self._happenings = happenings
        self._responding = Responding(speaking)

    async def take(self, interaction: discord.Interaction, pressed: ButtonPressed | Chosen) -> None:
        """Take a press in."""
        channel = interaction.channel
        if channel is None:  # of a kind that is newer than the library
            return
        place = place_of(
            channel,
            reply_to=_question_above(interaction),
            asker=interaction.user.id,
            asked=interaction.id,
        )
        if await turned_away(interaction, place, self._dialogue, self._speaking):
            return
        match pressed:
            case ButtonPressed(button, exchange_id):
                author, event_id = author_in(interaction), str(interaction.id)
                here = place.key(), place.kind
                press = Press(*here, author, button, exchange_id, event_id, manages(interaction))
                take = partial(self._press, interaction, place, press)
            case Chosen(command):
                incoming = incoming_in(interaction, place, command)
                take = partial(self._choose, interaction, place, incoming)
        await take_in(interaction, place, self._dialogue, self._happenings, take)

    async def _press(
        self, interaction: discord.Interaction, place: Place, press: Press, _: Sign
    ) -> None:
        say = await self._speaking.voice(press.chat, press.author.language)
        answer = await self._dialogue.press(press)
        if isinstance(answer, Reply):
            self._responding.whisper(interaction, place, answer)
        else:
            self._speaking.give(place, say, answer)

    async def _choose(
        self, interaction: discord.Interaction, place: Place, incoming: Incoming, _: Sign
    ) -> None:
        say = await self._speaking.voice(incoming.chat, incoming.author.language)
        answer = await self._dialogue.take(incoming)
        hidden = _is_hidden(interaction)
        if isinstance(answer, Reply) and not (hidden and _is_for_all(answer, incoming.text)):
            self._reply(interaction, place, answer, hidden=hidden)
            return
        if hidden:
            self._responding.withdraw(interaction, place)
        self._speaking.give(place, say, answer)

    def _reply(
        self, interaction: discord.Interaction, place: Place, reply: Reply, *, hidden: bool
    ) -> None:
        """Put a reply in place of what was pressed, which stays where the reply is not for all."""
        alone = reply.private and not hidden and place.kind != "private"
        if reply.refused or alone:
            self._responding.whisper(interaction, place, reply)
        elif reply != NOTHING:
            self._responding.reply(interaction, place, reply, hidden=hidden)


def _question_above(interaction: discord.Interaction) -> int | None:
    """Return the message that the pressed one answers."""
    message = interaction.message
    reference = None if message is None else message.reference
    return None if reference is None else reference.message_id


def _is_for_all(reply: Reply, command: str) -> bool:
    return concerns_all(command) and not reply.refused and not reply.private


def _is_hidden(interaction: discord.Interaction) -> bool:
    return interaction.message is not None and interaction.message.flags.ephemeral
