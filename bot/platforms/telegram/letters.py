"""The bot's own words as messages of Telegram: plain text, choices to press, files."""

from dataclasses import dataclass, replace

from telegram import Bot
from telegram.constants import MessageLimit

from bot.delivery.outlet import DeliveryError, MessageGoneError, PlaceGoneError
from bot.delivery.pace import Pace
from bot.delivery.split import split
from bot.message import ChatKey
from bot.platforms.lengths import utf16_length
from bot.platforms.telegram.addresses import Address
from bot.platforms.telegram.errors import translated
from bot.platforms.telegram.keyboard import choices_below
from bot.platforms.telegram.places import Place
from bot.platforms.telegram.sending import no_preview, reply_in
from bot.reply import Choice, Document, Reply


@dataclass(frozen=True, slots=True)
class TelegramLetter:
    """One message: the ``Letter`` of bot/platforms/outbox.py.

    Attributes:
        bot: what it is sent with.
        address: where it goes.
        reply_to: the message that it answers to.
        text: fits into one message; not Markdown.
        choices: what can be pressed below it.
        document: a file instead of the text.
        instead_of: the message that becomes this one.
        unless: what is said elsewhere where nobody is there to receive this.
    """

    bot: Bot
    address: Address
    reply_to: int | None = None
    text: str = ""
    choices: tuple[Choice, ...] = ()
    document: Document | None = None
    instead_of: int | None = None
    unless: "TelegramLetter | None" = None

    @property
    def chat(self) -> ChatKey:
        """As it was called when this was written."""
        return self.address.chat

    @property
    def pace(self) -> Pace:
        """Of the whole chat: its topics share it."""
        return self.address.pace

    @property
    def place(self) -> Place:
        """Where it goes, as far as is known."""
        return self.address.place(self.reply_to)

    async def send(self) -> None:
        """Send it; the sound of a phone goes with it.

        Raises:
            DeliveryError: as ``translated`` says.
        """
        with translated():
            if self.document is not None:
                await self._send_document(self.document)
            elif self.instead_of is not None and not self.address.has_moved:
                await self._edit(self.instead_of)
            else:
                await self._send_text()

    async def otherwise(self, error: DeliveryError) -> "TelegramLetter | None":
        """Return what to send instead: the same elsewhere, or where there was something, anew."""
        if await self.address.learn(error):
            return self
        if isinstance(error, MessageGoneError) and self.instead_of is not None:
            return replace(self, instead_of=None)
        return self.unless if isinstance(error, PlaceGoneError) else None

    async def _send_document(self, document: Document) -> None:
        await self.bot.send_document(
            self.place.chat_id,
            document.text.encode(),
            filename=document.name,
            message_thread_id=self.place.topic,
            reply_parameters=reply_in(self.place),
        )

    async def _edit(self, message_id: int) -> None:
        await self.bot.edit_message_text(
            self.text,
            self.place.chat_id,
            message_id,
            reply_markup=choices_below(self.choices),
            link_preview_options=no_preview(),
        )

    async def _send_text(self) -> None:
        await self.bot.send_message(
            self.place.chat_id,
            self.text,
            message_thread_id=self.place.topic,
            reply_parameters=reply_in(self.place),
            reply_markup=choices_below(self.choices),
            link_preview_options=no_preview(),
        )


def letters(
    bot: Bot,
    address: Address,
    reply: Reply,
    reply_to: int | None = None,
    instead_of: int | None = None,
) -> list[TelegramLetter]:
    """Return the messages that a reply comes to: none where it says nothing.

    Args:
        bot: what they are sent with.
        address: where they go.
        reply: the bot's own words.
        reply_to: the message that the first one answers to.
        instead_of: the message that the first one replaces.
    """
    written = [TelegramLetter(bot, address, text=part) for part in split(reply.text, _fits)]
    if written:
        written[0] = replace(written[0], instead_of=instead_of)
        written[-1] = replace(written[-1], choices=reply.choices)
    if reply.document is not None:
        written.append(TelegramLetter(bot, address, document=reply.document))
    return [replace(one, reply_to=reply_to) for one in written[:1]] + written[1:]


def _fits(text: str) -> bool:
    return utf16_length(text) <= MessageLimit.MAX_TEXT_LENGTH
