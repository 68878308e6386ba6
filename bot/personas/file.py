"""One persona file: TOML in, a persona out, or a sentence that says where it is wrong.

A file has ``instructions`` (a text) and may have ``date`` (true or false), ``[title]`` and
``[description]`` (a text for each language) and ``[[examples]]`` (each a ``user`` text and an
``assistant`` text).
"""

import re
import tomllib
import unicodedata
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from bot.errors import PersonaError
from bot.personas.persona import Persona

RESERVED = ("custom", "off")
"""Words that /persona understands itself."""

_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
_Place = tuple[int | str, ...]


class _Shape(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")


class _Example(_Shape):
    user: _Text
    assistant: _Text


class _File(_Shape):
    instructions: _Text
    title: dict[str, _Text] = {}
    description: dict[str, _Text] = {}
    examples: list[_Example] = []
    date: bool = False


def persona_name(text: str) -> str:
    """Return the form in which names are compared: case and Hangul composition do not count."""
    return unicodedata.normalize("NFC", text).casefold()


def read_persona(path: Path) -> Persona:
    """Read one file.

    Raises:
        PersonaError: it cannot be read or is not a persona; the message names file and line.
    """
    text = _text(path)
    try:
        content = _File.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise PersonaError(f"{path}, line {_toml_line(error, text)}: {error}") from error
    except ValidationError as error:
        raise PersonaError(f"{path}, {_first_fault(error, text)}") from error
    except (ValueError, RecursionError) as error:  # an endless number, or brackets without end
        raise PersonaError(f"{path}: cannot be read: {error}") from error
    name = persona_name(path.stem)
    if name in RESERVED:
        raise PersonaError(f"{path}: a persona cannot be called {name}, rename the file")
    return Persona(
        name=name,
        instructions=content.instructions,
        title=content.title,
        description=content.description,
        examples=tuple((example.user, example.assistant) for example in content.examples),
        date=content.date,
    )


def _text(path: Path) -> str:
    try:
        raw = path.read_bytes()
        return unicodedata.normalize("NFC", raw.decode("utf-8-sig"))
    except OSError as error:
        raise PersonaError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise PersonaError(f"{path}, line {line}: not valid UTF-8") from error


def _toml_line(error: tomllib.TOMLDecodeError, text: str) -> int:
    """The line stands in the message only (Python 3.14 gives it an attribute of its own)."""
    line = re.search(r"at line (\d+)", str(error))
    return int(line[1]) if line else max(1, len(text.splitlines()))


def _first_fault(error: ValidationError, text: str) -> str:
    fault = error.errors()[0]
    place = fault["loc"]
    shown = ".".join(str(step) for step in place)
    missing = fault["type"] == "missing"
    line = _line_of(place[:-1] if missing else place, text)
    return f"line {line}: {shown}: {fault['msg']}"


def _line_of(place: _Place, text: str) -> int:
    """Return the line on which the statement that brings a place of the document begins.

    The document is read line by line: wherever its beginning is valid TOML, a statement has just
    ended, so the one that brings the place begins right after the last such line.
    """
    begins = 1
    lines = text.splitlines(keepends=True)
    for number in range(1, len(lines) + 1):
        try:
            document = tomllib.loads("".join(lines[:number]))
        except tomllib.TOMLDecodeError:
            continue
        if place and _has(document, place):
            return begins
        begins = number + 1
    return 1


def _has(document: Any, place: _Place) -> bool:  # noqa: ANN401 # what TOML gives can be anything
    try:
        for step in place:
            document = document[step]
    except (KeyError, IndexError):
        return False
    return True
