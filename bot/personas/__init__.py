"""The personas that people can choose from: those that come with Ostro, and their own."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Self

from bot.errors import PersonaError
from bot.personas.file import persona_name, read_persona
from bot.personas.persona import Persona

__all__ = ["BUILTIN", "Persona", "Personas"]

BUILTIN = Path(__file__).parent
"""The folder of the personas that come with Ostro."""


class Personas:
    """Personas by name, whatever its case.

    Attributes:
        problems: one line for each file that could not be used, with its name and line.
    """

    def __init__(self, personas: Mapping[str, Persona], problems: Iterable[str] = ()) -> None:
        self._personas = dict(sorted(personas.items()))
        self.problems = tuple(problems)

    @classmethod
    def load(cls, builtin: Path, own: Path | None) -> Self:
        """Read every .toml file of both folders; one of one's own replaces a built-in one.

        Files that are wrong are passed over and reported in ``problems``.
        """
        problems: list[str] = []
        personas = _read_folder(builtin, problems)
        if own is not None:
            personas |= _read_folder(own, problems)
        return cls(personas, problems)

    def get(self, name: str) -> Persona:
        """Return the persona of that name.

        Raises:
            PersonaError: there is none; the message lists those there are.
        """
        persona = self._personas.get(persona_name(name))
        if persona is None:
            known = ", ".join(self._personas)
            raise PersonaError(f"there is no persona {name}; there are: {known}")
        return persona

    def names(self) -> tuple[str, ...]:
        """Return all names, in alphabetical order."""
        return tuple(self._personas)


def _read_folder(folder: Path, problems: list[str]) -> dict[str, Persona]:
    """Return what is good in a folder and add what is not to ``problems``."""
    try:
        files = sorted(file for file in folder.iterdir() if file.suffix == ".toml")
    except OSError as error:
        problems.append(f"{folder}: cannot be read: {error.strerror}")
        return {}
    found: dict[str, Persona] = {}
    for file in files:
        try:
            persona = read_persona(file)
        except PersonaError as error:
            problems.append(str(error))
            continue
        if persona.name in found:
            problems.append(f"{file}: there is another file of this name in other case")
        found.setdefault(persona.name, persona)
    return found
