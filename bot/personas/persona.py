"""A persona: a named set of instructions."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Persona:
    """Who answers, and how.

    Attributes:
        name: what people type to choose it: the stem of its file.
        instructions: what the model is told, in NFC.
        title: its name for people, by language; may be empty.
        description: what it is for, in a few words, by language; may be empty.
        examples: exchanges, each a question and its answer, that stay in front of every
            conversation.
        date: True when it wants to know today's date.
    """

    name: str
    instructions: str
    title: Mapping[str, str] = field(default_factory=dict)
    description: Mapping[str, str] = field(default_factory=dict)
    examples: tuple[tuple[str, str], ...] = ()
    date: bool = False

    def title_in(self, language: str) -> str:
        """Return the title in a language, else in English, else the name."""
        return self.title.get(language) or self.title.get("en") or self.name

    def description_in(self, language: str) -> str:
        """Return the description in a language, else in English, else the title."""
        return (
            self.description.get(language) or self.description.get("en") or self.title_in(language)
        )
