"""The bot's own sentences, in every language it speaks."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Self

FALLBACK = "en"
"""The language of those who speak none that the bot knows."""

PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
"""A place in a phrase for a value: a plain name in braces, nothing else."""


class Phrasebook:
    """Phrases by language and dotted key, such as ``stats.window``."""

    def __init__(self, phrases: Mapping[str, Mapping[str, str]]) -> None:
        self._phrases = phrases

    @classmethod
    def load(cls) -> Self:
        """Read the phrase files beside this module: one a language, named after it."""
        files = Path(__file__).parent.glob("*.toml")
        return cls(
            {file.stem: dict(_flat(tomllib.loads(file.read_text("utf-8")))) for file in files}
        )

    @property
    def languages(self) -> tuple[str, ...]:
        """The codes of the languages that the bot speaks."""
        return tuple(sorted(self._phrases))

    def say(self, language: str, key: str, /, **fields: object) -> str:
        """Return a phrase with its placeholders filled; unknown languages get English.

        Values are data: braces in them stay braces, and nothing in them is looked up.

        Raises:
            KeyError: there is no such phrase, or a placeholder has no field.
        """
        phrase = self._phrases.get(language, self._phrases[FALLBACK])[key]
        return PLACEHOLDER.sub(lambda place: str(fields[place[1]]), phrase)


def _flat(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if isinstance(value, str):
            yield f"{prefix}{name}", value.rstrip("\n")
        else:
            yield from _flat(value, f"{prefix}{name}.")
