"""Who may talk to the bot: people, places, and those who ask to be let in."""

from dataclasses import dataclass
from enum import StrEnum


class PersonRole(StrEnum):
    """What somebody was granted, or that they are kept out."""

    OWNER = "owner"
    ADMIN = "admin"
    MEMBER = "member"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who talks to the bot.

    Attributes:
        id: our own number, never used again.
        platform: where they are; unique together with ``native_id``.
        native_id: what the platform calls them.
        name: what they are called, as last seen; empty where they were never seen.
        role: what they were granted; None: nothing.
        language: as the platform last told; None where it never did.
    """

    id: int
    platform: str
    native_id: str
    name: str
    role: PersonRole | None
    language: str | None

    def is_called(self, name: str, language: str | None) -> bool:
        """Say whether this is what is stored of them already; None: no language is told."""
        return self.name == name and language in {None, self.language}


@dataclass(frozen=True, slots=True)
class Rule:
    """Whether people are answered in a place and in all its parts.

    Attributes:
        platform: where it is; unique together with ``native_id``.
        native_id: of the place; ``A/B`` is a part of ``A``.
        allowed: whether they are.
        title: its name, for people.
    """

    platform: str
    native_id: str
    allowed: bool
    title: str


@dataclass(frozen=True, slots=True)
class Knock:
    """Somebody, or a place, that asks to be let in.

    Attributes:
        platform: where.
        native_id: of the person, or of the place as a ``Rule`` has it.
        place: it is a place.
        name: what they are called.
        language: as the platform told; None where it did not.
        asked_at: when they last did.
    """

    platform: str
    native_id: str
    place: bool
    name: str
    language: str | None
    asked_at: float


class Told(StrEnum):
    """How those who decide are told of a knock."""

    ALONE = "alone"  # of this one
    DIGEST = "digest"  # that there are more, once
    NOBODY = "nobody"  # they know that there are more


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What forgetting a person did.

    Attributes:
        exchanges: how many of their own are gone.
        quotes: how many quotes of them were taken out of other people's exchanges.
        chats: ids of all chats in which anything was, those that are gone too, in order.
        gone: native ids of the private chats that are gone, in the order of their ids.
    """

    exchanges: int
    quotes: int
    chats: tuple[int, ...]
    gone: tuple[str, ...]
