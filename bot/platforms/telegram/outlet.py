"""One answer on its way into a chat of Telegram."""

from collections.abc import Awaitable, Sequence
from dataclasses import replace

from telegram import Bot, InlineKeyboardMarkup
from telegram.constants import ChatAction

from bot.delivery.outlet import Button, MessageGoneError, Say
from bot.delivery.pace import Pace
from bot.delivery.split import split
from bot.message import ChatKey
from bot.platforms.telegram.addresses import Moved
from bot.platforms.telegram.errors import (
    BlankError,
    EntitiesError,
    MigratedError,
    TopicGoneError,
    translated,
)
from bot.platforms.telegram.keyboard import buttons_below
from bot.platforms.telegram.markdown import Formatted, fits, formatted
from bot.platforms.telegram.places import Place
from bot.platforms.telegram.sending import no_preview, reply_in

_UNSEEN = "…"
_STAYED_BEHIND = "it has stayed behind in the old group"


class TelegramOutlet:
    """Where one answer goes: the ``Outlet`` of bot/delivery/outlet.py, with its errors.

    It finds its way by itself where formatting is refused, a topic has gone or the chat has
    another id, and goes on in that way.
    """

    def __init__(
        self, bot: Bot, place: Place, pace: Pace, say: Say, exchange_id: int, moved: Moved
    ) -> None:
        self._bot = bot
        self._key = place.key()
        self._place = place
        self._pace = pace
        self._say = say
        self._exchange_id = exchange_id
        self._moved = moved
        self._since_move: set[str] | None = None

    @property
    def place(self) -> ChatKey:
        """The chat, as it was called when the question was asked."""
        return self._key

    @property
    def keeps_buttons(self) -> bool:
        """In private chats only."""
        return not self._place.group

    @property
    def pace(self) -> Pace:
        """Of the whole chat: its topics share it."""
        return self._pace

    def split(self, text: str) -> list[str]:
        """Cut a text into what single messages can hold."""
        return split(text, fits)

    async def send(
        self, text: str, buttons: Sequence[Button] = (), *, silent: bool, nonce: str
    ) -> str:
        """Send a new message and return its id."""
        del nonce  # Telegram knows no such thing: what is sent once more stands there twice
        shown, keyboard = formatted(text), self._keyboard(buttons)
        try:
            return await self._send(shown, keyboard, silent=silent)
        except (EntitiesError, BlankError) as error:
            return await self._send(_acceptable(shown, error), keyboard, silent=silent)

    async def edit(self, message_id: str, text: str, buttons: Sequence[Button] = ()) -> None:
        """Put a text and buttons into a message."""
        if self._has_stayed_behind(message_id):
            raise MessageGoneError(_STAYED_BEHIND)
        shown, keyboard = formatted(text), self._keyboard(buttons)
        try:
            await self._edit(message_id, shown, keyboard)
        except (EntitiesError, BlankError) as error:
            await self._edit(message_id, _acceptable(shown, error), keyboard)

    async def take_buttons(self, message_id: str) -> None:
        """Leave a message without buttons."""
        if not self._has_stayed_behind(message_id):
            await self._quietly(
                self._bot.edit_message_reply_markup(self._place.chat_id, int(message_id))
            )

    async def delete(self, message_id: str) -> None:
        """Remove a message; one that bots may not remove any more stays."""
        if not self._has_stayed_behind(message_id):
            await self._quietly(self._bot.delete_message(self._place.chat_id, int(message_id)))

    async def typing(self) -> None:
        """Show for about five seconds that an answer is being written."""
        await self._quietly(
            self._bot.send_chat_action(
                self._place.chat_id, ChatAction.TYPING, message_thread_id=self._place.topic
            )
        )

    async def _send(
        self, shown: Formatted, keyboard: InlineKeyboardMarkup | None, *, silent: bool
    ) -> str:
        """Send a message, and once more where the first attempt showed a better way."""
        try:
            return await self._send_once(shown, keyboard, silent=silent)
        except TopicGoneError:
            self._leave_topic()
        except MigratedError as error:
            await self._move(error.new_chat_id)
        return await self._send_once(shown, keyboard, silent=silent)

    async def _send_once(
        self, shown: Formatted, keyboard: InlineKeyboardMarkup | None, *, silent: bool
    ) -> str:
        with translated():
            message = await self._bot.send_message(
                self._place.chat_id,
                shown.text,
                entities=shown.entities,
                reply_markup=keyboard,
                message_thread_id=self._place.topic,
                reply_parameters=reply_in(self._place),
                disable_notification=silent,
                link_preview_options=no_preview(),
            )
        message_id = str(message.message_id)
        if self._since_move is not None:
            self._since_move.add(message_id)
        return message_id

    async def _edit(
        self, message_id: str, shown: Formatted, keyboard: InlineKeyboardMarkup | None
    ) -> None:
        try:
            with translated():
                await self._bot.edit_message_text(
                    shown.text,
                    self._place.chat_id,
                    int(message_id),
                    entities=shown.entities,
                    reply_markup=keyboard,
                    link_preview_options=no_preview(),
                )
        except TopicGoneError as error:
            self._leave_topic()
            raise MessageGoneError("it has gone with its topic") from error
        except MigratedError as error:
            await self._move(error.new_chat_id)
            raise MessageGoneError(_STAYED_BEHIND) from error

    async def _quietly(self, asking: Awaitable[object]) -> None:
        """Do something that is not done once more: what it is about may be gone."""
        try:
            with translated():
                await asking
        except MessageGoneError:
            pass
        except TopicGoneError:
            self._leave_topic()
        except MigratedError as error:
            await self._move(error.new_chat_id)

    def _keyboard(self, buttons: Sequence[Button]) -> InlineKeyboardMarkup | None:
        return buttons_below(buttons, self._exchange_id, self._say)

    def _leave_topic(self) -> None:
        self._place = replace(self._place, topic=None)

    def _has_stayed_behind(self, message_id: str) -> bool:
        """Say whether a message was sent before the group moved: its id means another there."""
        return self._since_move is not None and message_id not in self._since_move

    async def _move(self, chat_id: int) -> None:
        """Go to where the chat is now."""
        old = self._place.chat_id
        self._place = replace(self._place, chat_id=chat_id, reply_to=None)
        self._since_move = set()
        await self._moved(old, chat_id)


def _acceptable(shown: Formatted, error: EntitiesError | BlankError) -> Formatted:
    """Return what is shown of a refused text: all of it, where there is something to be seen."""
    return Formatted(_UNSEEN if isinstance(error, BlankError) else shown.text)
