"""The bot's own words as messages of Telegram: plain text, choices to press, files."""

from dataclasses import dataclass, replace

from telegram import Bot
from telegram.constants import MessageLimit

from bot.delivery.split import split
from bot.platforms.telegram.errors import translated
from bot.platforms.telegram.keyboard import choices_below
from bot.platforms.telegram.markdown import utf16_length
from bot.platforms.telegram.places import Place
from bot.platforms.telegram.sending import no_preview, reply_in
from bot.reply import Choice, Document, Reply


@dataclass(frozen=True, slots=True)
class Letter:
    """One message.

    Attributes:
        place: where it goes.
        text: fits into one message; not Markdown.
        choices: what can be pressed below it.
        document: a file instead of the text.
        instead_of: the message that becomes this one.
    """

    place: Place
    text: str = ""
    choices: tuple[Choice, ...] = ()
    document: Document | None = None
    instead_of: int | None = None

    async def send(self, bot: Bot) -> None:
        """Send it; the sound of a phone goes with it.

        Raises:
            DeliveryError: as ``translated`` says.
        """
        with translated():
            if self.document is not None:
                await self._send_document(bot, self.document)
            elif self.instead_of is not None:
                await self._edit(bot, self.instead_of)
            else:
                await self._send_text(bot)

    async def _send_document(self, bot: Bot, document: Document) -> None:
        await bot.send_document(
            self.place.chat_id,
            document.text.encode(),
            filename=document.name,
            message_thread_id=self.place.topic,
            reply_parameters=reply_in(self.place),
        )

    async def _edit(self, bot: Bot, message_id: int) -> None:
        await bot.edit_message_text(
            self.text,
            self.place.chat_id,
            message_id,
            reply_markup=choices_below(self.choices),
            link_preview_options=no_preview(),
        )

    async def _send_text(self, bot: Bot) -> None:
        await bot.send_message(
            self.place.chat_id,
            self.text,
            message_thread_id=self.place.topic,
            reply_parameters=reply_in(self.place),
            reply_markup=choices_below(self.choices),
            link_preview_options=no_preview(),
        )


def letters(place: Place, reply: Reply, instead_of: int | None = None) -> list[Letter]:
    """Return the messages that a reply comes to: none where it says nothing.

    Args:
        place: where they go; the first one answers to what the place names.
        reply: the bot's own words.
        instead_of: the message that the first one replaces.
    """
    later = replace(place, reply_to=None)
    written = [Letter(later, part) for part in split(reply.text, _fits)]
    if written:
        written[0] = replace(written[0], instead_of=instead_of)
        written[-1] = replace(written[-1], choices=reply.choices)
    if reply.document is not None:
        written.append(Letter(later, document=reply.document))
    return [replace(one, place=place) for one in written[:1]] + written[1:]


def _fits(text: str) -> bool:
    return utf16_length(text) <= MessageLimit.MAX_TEXT_LENGTH
