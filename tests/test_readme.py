"""The README says what is true of settings, commands, personas and weights."""

import re
from pathlib import Path

from bot.catalogue.entries import entries
from bot.personas import BUILTIN, Personas
from bot.phrases import Phrasebook
from bot.settings import PROJECT, ROOMS

README = (PROJECT / "README.md").read_text("utf-8")


def test_every_setting_stands_in_the_table_with_its_meaning() -> None:
    described = {
        f"{room.model_config['env_prefix']}{name}".upper(): field.description
        for room in ROOMS
        for name, field in room.model_fields.items()
    }
    rows = [line.split(" | ") for line in README.splitlines() if line.startswith("| ")]
    told = {row[0].removeprefix("| "): row[2].removesuffix(" |") for row in rows if len(row) == 3}
    assert {name: told.get(name) for name in described} == described


def test_every_command_stands_in_the_table() -> None:
    listed = Phrasebook.load().say("en", "help.text").splitlines()
    for line in listed:
        assert f"| `{line.split()[0]}" in README


def test_every_persona_is_named() -> None:
    for name in Personas.load(BUILTIN, None).names():
        assert f"`{name}`" in README


def test_all_known_weights_stand_in_the_table() -> None:
    for entry in entries():
        assert f"| `{entry.name}` |" in README


def test_the_example_of_a_persona_is_a_persona(tmp_path: Path) -> None:
    [example] = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)
    (tmp_path / "pirate.toml").write_text(example)
    personas = Personas.load(BUILTIN, tmp_path)
    assert personas.problems == ()
    assert personas.get("pirate").examples
