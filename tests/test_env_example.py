"""``.env.example`` and the settings say the same."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from pydantic.fields import FieldInfo

from bot.settings import PROJECT, ROOMS

EXAMPLE = PROJECT / ".env.example"


def written(default: object) -> str:
    """Return a default as it stands in the file."""
    if default is None:
        return ""
    if isinstance(default, tuple):
        return ",".join(default)
    if isinstance(default, Path):
        return str(default.relative_to(PROJECT))
    return str(default)


def entry(prefix: str, name: str, field: FieldInfo) -> list[str]:
    return [f"# {field.description}", f"{prefix}{name}".upper() + f"={written(field.default)}"]


def expected() -> Iterator[str]:
    """Yield what is to stand below the heading, line by line."""
    for room in ROOMS:
        yield ""
        yield f"# --- {room.__doc__} ---"
        for name, field in room.model_fields.items():
            yield from entry(room.model_config["env_prefix"], name, field)


def test_every_setting_stands_in_it_with_default_and_meaning_and_nothing_else() -> None:
    lines = EXAMPLE.read_text("utf-8").splitlines()
    heading = lines.index("")

    assert lines[heading:] == list(expected())
    assert all(line.startswith("# ") for line in lines[:heading])


def test_every_setting_has_one_line_of_meaning() -> None:
    for room in ROOMS:
        for field in room.model_fields.values():
            assert field.description
            assert "\n" not in field.description


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.__name__)
def test_as_it_is_it_changes_nothing(room: type[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    config = cast("dict[str, Any]", room.model_config)
    for name in room.model_fields:
        monkeypatch.delenv(f"{config['env_prefix']}{name}".upper(), raising=False)

    monkeypatch.setitem(config, "env_file", None)
    defaults = room.read()
    monkeypatch.setitem(config, "env_file", EXAMPLE)

    assert room.read() == defaults
