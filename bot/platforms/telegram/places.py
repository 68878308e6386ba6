"""Where a message stands, and where the answer to it goes."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from telegram import Message
from telegram.constants import ChatType

from bot.message import ChatKey, Platform


@dataclass(frozen=True, slots=True)
class Place:
    """A place for answers.

    Attributes:
        chat_id: Telegram's id of the chat.
        topic: the topic of a forum; None outside of one, and in its General topic.
        reply_to: the message that is answered; None where it is plain who is meant.
        group: whether many talk here.
    """

    chat_id: int
    topic: int | None = None
    reply_to: int | None = None
    group: bool = False

    @classmethod
    def of(cls, message: Message) -> Self:
        """Return where the answer to a message goes: in groups as a reply to it."""
        group = message.chat.type != ChatType.PRIVATE
        return cls(
            message.chat.id,
            # replies outside of forums have a thread id as well, and are in no topic
            message.message_thread_id if message.is_topic_message else None,
            message.message_id if group else None,
            group,
        )

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """Return what ``to_json`` said."""
        return cls(stored["chat_id"], stored["topic"], stored["reply_to"], stored["group"])

    def to_json(self) -> dict[str, object]:
        """Return the place in words that can be stored as JSON."""
        return asdict(self)

    def key(self) -> ChatKey:
        """Return the chat, each topic being one of its own: ``CHATID`` or ``CHATID/TOPIC``."""
        topic = "" if self.topic is None else f"/{self.topic}"
        return ChatKey(Platform.TELEGRAM, f"{self.chat_id}{topic}")

    @property
    def kind(self) -> str:
        """The sort of place, as the dialogue calls it."""
        if not self.group:
            return "private"
        return "group" if self.topic is None else "thread"
