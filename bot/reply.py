"""What the bot says itself: the answer to a command, or a refusal."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Document:
    """A text that is better handed over as a file, such as an export."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that can be chosen by pressing it: the same as giving a command."""

    label: str
    command: str


@dataclass(frozen=True, slots=True)
class Reply:
    """The bot's own words, in the chat's language; without text and document: nothing.

    Attributes:
        forgotten: the conversation was deleted; what a platform keeps of it must go too.
        choices: what may be pressed below it, where a platform has something to press; the text
            says how to choose without.
        refused: who asked for something may not; it is for them, and changes nothing for others.
        private: it is for who asked alone: where others read along, it goes to them in private.
    """

    text: str
    document: Document | None = None
    forgotten: bool = False
    choices: tuple[Choice, ...] = ()
    refused: bool = False
    private: bool = False


NOTHING = Reply("")
"""There is nothing to say."""
