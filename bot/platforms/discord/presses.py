"""What is done when somebody presses a button or a choice."""

from functools import partial

import discord

from bot.calls import FOR_ALL, parse
from bot.message import Incoming, Platform, Press
from bot.platforms.dialogue import Dialogue
from bot.platforms.discord.happenings import Happenings
from bot.platforms.discord.interactions import Sign, author_in, incoming_in, refuse, take_in
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
        channel, author = interaction.channel, author_in(interaction)
        if channel is None:  # of a kind that is newer than the library
            return
        place = place_of(
            channel,
            reply_to=_question_above(interaction),
            asker=interaction.user.id,
            asked=interaction.id,
        )
        if not self._dialogue.allows(Platform.DISCORD, author.native_id):
            say = await self._speaking.voice(place.key(), author.language)
            who = f"{Platform.DISCORD}:{author.native_id}"
            await refuse(interaction, say("access.closed", who=who))
            return
        match pressed:
            case ButtonPressed(button, exchange_id):
                press = Press(place.key(), author, button, exchange_id, str(interaction.id))
                take = partial(self._press, interaction, place, press)
            case Chosen(command):
                incoming = incoming_in(interaction, place, command)
                take = partial(self._choose, interaction, place, incoming)
        await take_in(interaction, place, self._happenings, take)

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
        if hidden:
            self._responding.withdraw(interaction, place)
        if hidden or not isinstance(answer, Reply):
            self._speaking.give(place, say, answer)
        elif _may_be_refused(incoming) and not answer.forgotten:
            self._responding.whisper(interaction, place, answer)
        elif answer != NOTHING:
            self._responding.reply(interaction, place, answer, hidden=False)


def _question_above(interaction: discord.Interaction) -> int | None:
    """Return the message that the pressed one answers."""
    message = interaction.message
    reference = None if message is None else message.reference
    return None if reference is None else reference.message_id


def _is_hidden(interaction: discord.Interaction) -> bool:
    return interaction.message is not None and interaction.message.flags.ephemeral


def _may_be_refused(incoming: Incoming) -> bool:
    """Say whether a choice was of what somebody like this is refused: it stays for the others."""
    call = parse(incoming.text)
    return call is not None and call.name in FOR_ALL and not incoming.manages
