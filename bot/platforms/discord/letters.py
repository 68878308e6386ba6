"""The bot's own words as messages of Discord: plain text, choices to press, files."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from io import BytesIO
from secrets import token_hex

import discord

from bot.delivery.outlet import DeliveryError
from bot.delivery.pace import Pace
from bot.delivery.split import split
from bot.message import ChatKey
from bot.platforms.discord.errors import NotPermittedError, translated
from bot.platforms.discord.keyboard import choices_view
from bot.platforms.discord.markdown import LONGEST
from bot.platforms.discord.places import Place
from bot.platforms.discord.sending import channel_at, given, reply_in
from bot.platforms.lengths import utf16_length
from bot.reply import Choice, Document, Reply


@dataclass(frozen=True, slots=True)
class Letter:
    """One message: the ``Letter`` of bot/platforms/outbox.py.

    Attributes:
        client: what it is sent with.
        place: where it goes.
        pace: of the channel.
        excuse: is asked, where something is not permitted, what is said in place of a file.
        text: fits into one message.
        choices: what can be pressed below it.
        document: a file beside the text.
        nonce: by it Discord knows that it was sent already.
    """

    client: discord.Client
    place: Place
    pace: Pace
    excuse: Callable[[], Awaitable[str]]
    text: str = ""
    choices: tuple[Choice, ...] = ()
    document: Document | None = None
    nonce: str = field(default_factory=lambda: token_hex(12))

    @property
    def chat(self) -> ChatKey:
        """Where it goes."""
        return self.place.key()

    async def send(self) -> None:
        """Send it.

        Raises:
            DeliveryError: as ``translated`` says.
        """
        async with translated():
            await channel_at(self.client, self.place).send(
                self.text,
                files=files_of(self.document),
                allowed_mentions=discord.AllowedMentions.none(),
                suppress_embeds=True,
                nonce=self.nonce,
                **given(view=choices_view(self.choices), reference=reply_in(self.place)),
            )

    async def otherwise(self, error: DeliveryError) -> "Letter | None":
        """Return the text without the file, which may be what is not permitted.

        Raises:
            StorageError: it is not known in which language the excuse is to be.
        """
        if not isinstance(error, NotPermittedError):
            return None
        excuse = await self.excuse()
        if self.document is None:
            return None
        return replace(self, text=self.text or excuse, document=None)


def letters(
    client: discord.Client,
    place: Place,
    pace: Pace,
    reply: Reply,
    excuse: Callable[[], Awaitable[str]],
) -> list[Letter]:
    """Return the messages that a reply comes to: none where it says nothing.

    The first one answers to what the place names.
    """
    texts: Sequence[str] = split(reply.text, lambda text: utf16_length(text) <= LONGEST)
    if not texts and reply.document is not None:
        texts = [""]
    written = [Letter(client, replace(place, reply_to=None), pace, excuse, text) for text in texts]
    if written:
        written[0] = replace(written[0], place=place)
        written[-1] = replace(written[-1], choices=reply.choices, document=reply.document)
    return written


def files_of(document: Document | None) -> list[discord.File]:
    """Return a document as what is sent with a message; each is read once."""
    if document is None:
        return []
    return [discord.File(BytesIO(document.text.encode()), document.name)]
