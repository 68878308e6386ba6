"""What a platform tells us: who said what, and where."""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum


class Platform(StrEnum):
    """Where people talk to the bot."""

    TELEGRAM = "telegram"
    DISCORD = "discord"
    TERMINAL = "terminal"


@dataclass(frozen=True, slots=True)
class ChatKey:
    """One chat, as its platform knows it."""

    platform: Platform
    native_id: str

    def __str__(self) -> str:
        return f"{self.platform}:{self.native_id}"


@dataclass(frozen=True, slots=True)
class Author:
    """Who speaks. ``native_id`` is unique within a platform only."""

    native_id: str
    name: str
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message of a person, as it arrived.

    Attributes:
        chat: where it was said.
        author: who said it.
        text: what was said, in Unicode normalisation form C (macOS pastes decomposed Hangul).
        kind: the sort of place: ``private``, ``group``, ``thread``.
        title: the place's name, for people.
        event_id: the platform's id of the event; a redelivered one is answered once.
            None where nothing is redelivered.
    """

    chat: ChatKey
    author: Author
    text: str
    kind: str = "private"
    title: str = ""
    event_id: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", unicodedata.normalize("NFC", self.text))
