"""All that the server knows, and the few ways in which it changes."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.doubles.loopback.changes import Changes
from tests.doubles.telegram.chats import Chat, Message
from tests.doubles.telegram.updates import Updates
from tests.doubles.telegram.wire import Json

BOT = {
    "id": 4242,
    "is_bot": True,
    "first_name": "Ostro",
    "username": "ostro_bot",
    "can_join_groups": True,
    "can_read_all_group_messages": True,
    "supports_inline_queries": False,
}


@dataclass(frozen=True, slots=True)
class Toast:
    """The answer to a press; ``text`` is empty where only the button stops to turn."""

    press: str
    person: int
    text: str
    alert: bool


@dataclass(slots=True)
class State:
    """What there is.

    Attributes:
        bot: the JSON of the bot.
        presses: who pressed, by the id of the press, until it is answered.
        files: contents by ``file_id``.
        menus: commands and descriptions by scope (``default``, ``chat:17``) and language.
        now: unix seconds.
    """

    bot: Json = field(default_factory=lambda: dict(BOT))
    chats: dict[int, Chat] = field(default_factory=dict)
    updates: Updates = field(default_factory=Updates)
    changes: Changes = field(default_factory=Changes)
    violations: list[str] = field(default_factory=list)
    presses: dict[str, int] = field(default_factory=dict)
    pressed: int = 0
    toasts: list[Toast] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    menus: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)
    now: Callable[[], float] = time.time

    def add(
        self,
        chat: Chat,
        sender: Json,
        body: Json,
        *,
        by_bot: bool = False,
        topic: int | None = None,
        reply_to: int | None = None,
        silent: bool = False,
        date: float | None = None,
    ) -> Message:
        """Put a message into a chat."""
        message = Message(
            chat,
            chat.next_id(),
            sender,
            int(self.now() if date is None else date),
            body,
            by_bot=by_bot,
            topic=topic,
            reply_to=reply_to,
            silent=silent,
        )
        chat.messages[message.id] = message
        return message

    def bot_user(self) -> Json:
        """Return the bot as any other user."""
        return {key: self.bot[key] for key in ("id", "is_bot", "first_name", "username")}

    def keep(self, content: bytes) -> Json:
        """Keep the content of a file and return what names it."""
        file_id = f"file{len(self.files) + 1}"
        self.files[file_id] = content
        return {
            "file_id": file_id,
            "file_unique_id": f"unique{file_id}",
            "file_size": len(content),
        }

    def doubt(self) -> None:
        """Let the bot not know what its last edits did: it starts anew, or was cut off."""
        for chat in self.chats.values():
            for message in chat.messages.values():
                message.unsure = message.by_bot
