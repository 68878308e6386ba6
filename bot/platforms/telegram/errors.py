"""What Telegram says when something fails, in the words of bot/delivery/outlet.py.

Telegram tells its refusals apart by their sentences only. What it says of the network, and what a
proxy answers in its place, may quote the address that was asked, and the bot's token is a part of
that: nothing of it is passed on.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    TelegramError,
)

from bot.delivery.outlet import (
    DeliveryError,
    FloodError,
    MessageGoneError,
    PlaceClosedError,
    PlaceGoneError,
    UnreachableError,
)
from bot.platforms.telegram.wire import WaitError

_log = logging.getLogger("ostro.telegram")

_UNCHANGED = "message is not modified"

_PLACE_GONE = (
    *("chat not found", "user is deactivated", "user_is_blocked", "channel_private"),
    *("group chat is deactivated", "group chat was deactivated", "group chat was deleted"),
)
_PLACE_CLOSED = (
    *("topic_closed", "chat_write_forbidden", "chat_restricted", "chat_send_plain_forbidden"),
    *("not enough rights to send", "have no rights to send", "need administrator rights"),
)
_MESSAGE_GONE = (
    *("message to edit not found", "message can't be edited", "message_id_invalid"),
    *("message to delete not found", "message can't be deleted", "message_edit_time_expired"),
    *("message_author_required", "message identifier is not specified"),
    "there is no text in the message to edit",
)
_TOPIC_GONE = ("message thread not found", "topic_deleted", "topic_id_invalid")
_BLANK = ("message text is empty", "text must be non-empty")
_ENTITIES = ("can't parse entities", "entity_", "entities_", "entity begin")


class MigratedError(DeliveryError):
    """The group has become a supergroup, with another id; ids of old messages hold no more."""

    def __init__(self, new_chat_id: int) -> None:
        super().__init__("the group has become a supergroup")
        self.new_chat_id = new_chat_id


class TopicGoneError(DeliveryError):
    """The topic of a forum is no longer there; the rest of the chat is."""


class EntitiesError(DeliveryError):
    """The formatting of a text was refused; the text alone may be sent."""


class BlankError(DeliveryError):
    """There is nothing to be seen in a text, such as one of zero-width characters."""


_MEANINGS: tuple[tuple[tuple[str, ...], type[DeliveryError]], ...] = (
    (_PLACE_GONE, PlaceGoneError),
    (_PLACE_CLOSED, PlaceClosedError),
    (_MESSAGE_GONE, MessageGoneError),
    (_TOPIC_GONE, TopicGoneError),
    (_ENTITIES, EntitiesError),
    (_BLANK, BlankError),
)


@contextmanager
def translated() -> Iterator[None]:
    """Translate what Telegram's library raises inside; that nothing was to be changed is fine.

    Raises:
        DeliveryError: always one of its kinds, but for a refusal that means none of them.
    """
    try:
        yield
    except TelegramError as error:
        if isinstance(error, BadRequest) and _UNCHANGED in error.message.lower():
            return
        raise _meaning(error) from None  # the cause may name the token


def _meaning(error: TelegramError) -> DeliveryError:
    match error:
        case WaitError():
            return FloodError(error.seconds)
        case ChatMigrated():
            return MigratedError(error.new_chat_id)
        case Forbidden():
            return PlaceGoneError("nobody is there: the bot was blocked or removed")
        case BadRequest():  # a kind of NetworkError in this library
            return _refusal(error.message)
        case InvalidToken():
            _log.error("Telegram does not know the bot's token any more; @BotFather has it")
            return UnreachableError("Telegram does not know the token")
        case _:
            return UnreachableError(f"Telegram was not reached: {type(error).__name__}")


def _refusal(sentence: str) -> DeliveryError:
    """Return what a refusal means; the library lowers the letters of some."""
    for sentences, kind in _MEANINGS:
        for known in sentences:
            if known in sentence.lower():
                return kind(f"Telegram refused it: {known}")
    return DeliveryError(f"Telegram refused it: {_harmless(sentence)}")


def _harmless(sentence: str) -> str:
    """Return Telegram's own sentence, without the page that the library puts behind it."""
    return sentence.partition(". Parsing the server response")[0]
