"""What is done when somebody gives a slash command."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import discord

from bot.calls import ASK, parse
from bot.platforms.dialogue import Dialogue
from bot.platforms.discord.happenings import Happenings
from bot.platforms.discord.interactions import (
    Sign,
    author_in,
    incoming_in,
    is_foreign,
    refuse,
    take_in,
    turned_away,
    visitor_in,
)
from bot.platforms.discord.permissions import missing, named
from bot.platforms.discord.places import Place, place_of
from bot.platforms.discord.responding import Responding
from bot.platforms.discord.speaking import Speaking
from bot.reply import NOTHING, Reply

_WRITTEN = frozenset({ASK, "retry", "continue"})
"""What the model answers, with messages of the channel."""

_LONGEST_QUOTE = 1900
"""UTF-16 units of a question that are shown above its answer: a message holds 2000."""


class Commands:
    """Takes slash commands in.

    The answer to a question is a message of the channel, for as long as it takes to write it. The
    reply to the command becomes the question, so that everyone sees what is answered.

    Args:
        dialogue: is told what was commanded; of those whom it does not answer nothing is stored.
        speaking: sends what comes back.
        happenings: where a command waits for what was before it.
    """

    def __init__(self, dialogue: Dialogue, speaking: Speaking, happenings: Happenings) -> None:
        self._dialogue = dialogue
        self._speaking = speaking
        self._happenings = happenings
        self._responding = Responding(speaking)

    async def take(self, interaction: discord.Interaction, text: str, hidden: bool) -> None:  # noqa: FBT001 # the tree gives it so
        """Take a command in.

        Args:
            interaction: the command.
            text: what it comes to, such as ``/persona coder``.
            hidden: only who gave it sees the reply.
        """
        channel = interaction.channel
        if channel is None:  # of a kind that is newer than the library
            return
        place = place_of(channel, asker=interaction.user.id, asked=interaction.id)
        if await turned_away(interaction, place, self._dialogue, self._speaking):
            return
        refusal = await self._refusal(interaction, place, text)
        if refusal is not None:
            await refuse(interaction, refusal)
            return
        take = partial(self._signed, interaction, place, text, hidden=hidden)
        await take_in(interaction, place, self._dialogue, self._happenings, take, hidden=hidden)

    def offered(self, interaction: discord.Interaction) -> Sequence[str]:
        """Return what can be chosen for /persona, by who types it: strangers are shown nothing."""
        channel = interaction.channel
        if channel is None or not self._dialogue.allows(visitor_in(interaction, place_of(channel))):
            return ()
        return (*self._dialogue.personas(), "off")

    async def _refusal(
        self, interaction: discord.Interaction, place: Place, text: str
    ) -> str | None:
        """Return why nobody's command is taken in there, in one line; None: it is."""
        foreign = is_foreign(interaction)
        lacking = () if foreign else _lacking(interaction, text)
        if not foreign and not lacking:
            return None
        say = await self._speaking.voice(place.key(), author_in(interaction).language)
        if foreign:
            return say("slash.not_here")
        self._speaking.complain(place)
        return say("slash.no_permission", permissions=named(lacking, say))

    async def _signed(
        self, interaction: discord.Interaction, place: Place, text: str, sign: Sign, *, hidden: bool
    ) -> None:
        question = _question(text)
        if question:
            place = replace(place, reply_to=sign.message_id)
        incoming = incoming_in(interaction, place, text)
        say = await self._speaking.voice(incoming.chat, incoming.author.language)
        # nothing may fail after this: once more, the dialogue would know it, and give nothing back
        answer = await self._dialogue.take(incoming)
        if isinstance(answer, Reply):
            self._reply(interaction, place, answer, hidden=hidden)
            return
        quote = Reply(_quoted(question)) if question else NOTHING
        self._responding.reply(interaction, place, quote, hidden=hidden)
        self._speaking.give(place, say, answer)

    def _reply(
        self, interaction: discord.Interaction, place: Place, reply: Reply, *, hidden: bool
    ) -> None:
        """Answer a command; a sign that all see cannot become what one alone is to see."""
        if reply.private and not hidden and place.kind != "private":
            self._responding.withdraw(interaction, place)
            self._speaking.whisper(str(interaction.user.id), reply)
        else:
            self._responding.reply(interaction, place, reply, hidden=hidden)


def _question(text: str) -> str:
    """Return what is asked; empty for what is no question."""
    call = parse(text)
    return call.argument if call is not None and call.name == ASK else ""


def _quoted(question: str) -> str:
    """Return a question as a quote that fits into one message; a long one is cut."""
    quote = "\n".join(f"> {line}" for line in question.splitlines())
    cut = quote.encode("utf-16-le")[: 2 * _LONGEST_QUOTE].decode("utf-16-le", "ignore")
    return quote if cut == quote else f"{cut.rstrip()}…"


def _lacking(interaction: discord.Interaction, text: str) -> Sequence[str]:
    """Return what the bot may not do in the channel, and has to for this command."""
    call, channel, guild = parse(text), interaction.channel, interaction.guild
    if guild is None or call is None or call.name not in _WRITTEN:
        return ()
    if isinstance(channel, discord.Thread) and channel.parent is None:  # it cannot be looked up
        return ()
    return missing(channel, guild.me)
