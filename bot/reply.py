"""What the bot says itself: the answer to a command, or a refusal."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Document:
    """A text that is better handed over as a file, such as an export."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Reply:
    """The bot's own words, in the chat's language; without text and document: nothing.

    Attributes:
        forgotten: the conversation was deleted; what a platform keeps of it must go too.
    """

    text: str
    document: Document | None = None
    forgotten: bool = False
