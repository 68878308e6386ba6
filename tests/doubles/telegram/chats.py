"""Chats, topics and messages as Telegram keeps them, and their JSON."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from tests.doubles.telegram.keyboards import Keyboard
from tests.doubles.telegram.wire import Json, RefusalError

Kind = Literal["private", "group", "supergroup", "channel"]


@dataclass(slots=True, eq=False)
class Message:
    """One message.

    Attributes:
        sender: who wrote it: the JSON of a user.
        by_bot: it is one of the bot under test.
        body: ``text`` and ``entities``, or a file and its ``caption``, and what else it holds.
        topic: the forum topic that it stands in.
        reply_to: the id of the message that it answers.
        silent: no phone rang.
        former: buttons that stood below it once.
        unsure: the bot cannot know what stands here (its request was done, the answer lost).
        gone: it was deleted.
    """

    chat: "Chat"
    id: int
    sender: Json
    date: int
    body: Json
    by_bot: bool = False
    topic: int | None = None
    reply_to: int | None = None
    silent: bool = False
    keyboard: Keyboard = field(default_factory=list)
    former: list[Json] = field(default_factory=list)
    edits: int = 0
    edited_at: int | None = None
    unsure: bool = False
    gone: bool = False

    @property
    def buttons(self) -> list[Json]:
        """The buttons below it, row after row."""
        return [button for row in self.keyboard for button in row]

    @property
    def words(self) -> str:
        """Its text, or the caption of its file."""
        return str(self.body.get("text") or self.body.get("caption", ""))

    def to_json(self, *, replied: bool = True) -> Json:
        """Return it as the Bot API words it; ``replied``: with the message that it answers."""
        told: Json = {
            "message_id": self.id,
            "from": self.sender,
            "chat": self.chat.to_json(),
            "date": self.date,
            **self.body,
            **self._thread(),
        }
        if self.edited_at is not None:
            told["edit_date"] = self.edited_at
        if self.keyboard:
            told["reply_markup"] = {"inline_keyboard": self.keyboard}
        # In a topic, what answers nothing is told as an answer to the message that opened it.
        target = self.chat.messages.get(self.reply_to or self.topic or 0)
        if replied and target is not None and target is not self and not target.gone:
            told["reply_to_message"] = target.to_json(replied=False)
        return told

    def _thread(self) -> Json:
        if self.topic is not None:
            return {"message_thread_id": self.topic, "is_topic_message": True}
        if self.reply_to is not None and self.chat.kind == "supergroup" and not self.chat.forum:
            return {"message_thread_id": self._first_of_thread()}  # a thread, but no topic
        return {}

    def _first_of_thread(self) -> int:
        first = self
        while first.reply_to is not None and first.reply_to in self.chat.messages:
            first = self.chat.messages[first.reply_to]
        return first.id


@dataclass(slots=True)
class Topic:
    """A topic of a forum; ``gone``: it was deleted."""

    id: int
    name: str
    closed: bool = False
    gone: bool = False


@dataclass(slots=True, eq=False)
class Chat:
    """A place.

    Attributes:
        names: what its JSON holds beside id and type.
        admins: the ids of its administrators; the owner is the first, where ``owned``.
        refusal: why the bot can do nothing here: blocked, removed, migrated.
    """

    id: int
    kind: Kind
    names: Json
    forum: bool = False
    admins: list[int] = field(default_factory=list)
    owned: bool = False
    members: dict[int, Json] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    last_id: int = 0
    refusal: RefusalError | None = None

    @property
    def many(self) -> bool:
        """Whether many people talk here."""
        return self.kind in ("group", "supergroup")

    def to_json(self) -> Json:
        """Return it as the Bot API words it."""
        told: Json = {"id": self.id, "type": self.kind, **self.names}
        if self.forum:
            told["is_forum"] = True
        return told

    def next_id(self) -> int:
        """Return the id of the next message; ids of different chats are the same."""
        self.last_id += 1
        return self.last_id

    def visible(self) -> Iterator[Message]:
        """Yield what is there, oldest first."""
        return (each for each in self.messages.values() if not each.gone)
