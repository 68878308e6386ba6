"""What a platform tells us: who said what, and where."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.delivery.outlet import Button
from storage.incoming import Event
from storage.records import Quote


class Platform(StrEnum):
    """Where people talk to the bot."""

    TELEGRAM = "telegram"
    DISCORD = "discord"
    TERMINAL = "terminal"


@dataclass(frozen=True, slots=True)
class _Key:
    """Something, as its platform knows it; written ``PLATFORM:NATIVEID``."""

    platform: Platform
    native_id: str

    def __str__(self) -> str:
        return f"{self.platform}:{self.native_id}"


@dataclass(frozen=True, slots=True)
class ChatKey(_Key):
    """One chat."""


@dataclass(frozen=True, slots=True)
class PersonKey(_Key):
    """One person; written ``telegram:123``."""


@dataclass(frozen=True, slots=True)
class PlaceKey(_Key):
    """One place and all in it; written ``telegram:-100123``, ``discord:1/``, ``discord:1/2``."""

    def __str__(self) -> str:
        server = self.platform is Platform.DISCORD and "/" not in self.native_id
        return f"{self.platform}:{self.native_id}{'/' * server}"


@dataclass(frozen=True, slots=True)
class Author:
    """Who speaks.

    Attributes:
        native_id: unique within a platform only.
        name: one clean line.
        language: what they speak, as a tag such as ``ko-KR``; None: nothing is known.
        guessed: the language is guessed from what they wrote.
    """

    native_id: str
    name: str
    language: str | None = None
    guessed: bool = False


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody, somewhere: what it depends on whether they are answered.

    Attributes:
        chat: where they are.
        kind: the sort of place: ``private``, ``group``, ``thread``.
        author: who they are.
        title: the name of the place that would be let in, for people.
    """

    chat: ChatKey
    kind: str
    author: Author
    title: str = ""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message of a person, as it arrived.

    Attributes:
        chat: where it was said.
        author: who said it.
        text: what was said, in Unicode normalisation form C (macOS pastes decomposed Hangul).
        kind: the sort of place: ``private``, ``group``, ``thread``.
        title: the place's name, for people.
        home: the name of what the place is a part of, where that is let in as a whole: a server.
        event_id: the platform's id of the event; a redelivered one is answered once.
            None where nothing is redelivered.
        message_id: the platform's id of the message: an edit of it names the same one. None where
            messages cannot be edited.
        said_at: when it was said, in unix seconds; None: now.
        quote: the words of somebody that it answers to.
        outlet: where the answer goes, in words of the platform that can be stored as JSON.
        cut: the platform cuts long messages, and this one is so long that the next may be a part
            of it.
        addressed: it is said to the bot. What is not is of interest only if it is the next part
            of a long message that was; nothing else of it is stored.
        manages: the platform lets the author put this place in order, which clearing its
            conversation is; in private everyone may.
        opens: a thread of the author's own begins with it.
    """

    chat: ChatKey
    author: Author
    text: str
    kind: str = "private"
    title: str = ""
    home: str = ""
    event_id: str | None = None
    message_id: str | None = None
    said_at: float | None = None
    quote: Quote | None = None
    outlet: Mapping[str, object] | None = None
    cut: bool = False
    addressed: bool = True
    manages: bool = False
    opens: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", unicodedata.normalize("NFC", self.text))

    @property
    def event(self) -> Event | None:
        """The event as it is stored; None where nothing is redelivered."""
        return _event(self.chat, self.event_id)

    @property
    def visitor(self) -> Visitor:
        """Who speaks, and where."""
        return Visitor(self.chat, self.kind, self.author, self.home or self.title)


@dataclass(frozen=True, slots=True)
class Press:
    """A button below an answer was pressed.

    Attributes:
        chat: where.
        kind: the sort of place, as ``Incoming`` has it.
        author: who pressed it.
        button: which one.
        exchange_id: whose answer it stands below.
        event_id: the platform's id of the event.
        manages: as ``Incoming`` has it.
    """

    chat: ChatKey
    kind: str
    author: Author
    button: Button
    exchange_id: int
    event_id: str | None = None
    manages: bool = False

    @property
    def event(self) -> Event | None:
        """The event as it is stored; None where nothing is redelivered."""
        return _event(self.chat, self.event_id)

    @property
    def visitor(self) -> Visitor:
        """Who pressed it, and where."""
        return Visitor(self.chat, self.kind, self.author)


def _event(chat: ChatKey, event_id: str | None) -> Event | None:
    return None if event_id is None else (chat.platform, chat.native_id, event_id)
