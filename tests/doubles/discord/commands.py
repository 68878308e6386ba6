"""Slash commands, and those in groups: what Discord takes as one, and how it is given."""

import re
from collections.abc import Iterator, Mapping

from tests.doubles.discord.places import Channel
from tests.doubles.discord.powers import EVERYONE
from tests.doubles.discord.wire import Json

SUB_COMMAND = 1
MOST_OPTIONS, LONGEST_DESCRIPTION = 25, 100
_NAME = re.compile(r"[-_'\w]{1,32}")
_OPTION_TYPES = {3: str, 4: int, 5: bool}


def faults(command: Json) -> Iterator[str]:
    """Yield what is wrong with a command, in words."""
    name, options = command["name"], command.get("options", ())
    within = [each for each in options if each["type"] == SUB_COMMAND]
    yield from _word_faults(command)
    if len(options) > MOST_OPTIONS:
        yield f"{len(options)} options"
    if within and len(within) < len(options):
        yield f"options of {name} beside its commands"
    if sorted(options, key=lambda each: not each.get("required")) != list(options):
        yield f"an optional option of {name} before a required one"
    if any(_twice(options, language) for language in (None, "ko")):
        yield f"two of one name in {name}"
    for each in options:
        yield from faults(each) if each in within else _option_faults(each)


def _twice(options: list[Json], language: str | None) -> bool:
    names = [(each.get("name_localizations") or {}).get(language, each["name"]) for each in options]
    return len(names) != len(set(names))


def _option_faults(option: Json) -> Iterator[str]:
    yield from _word_faults(option)
    if option.get("autocomplete") and option.get("choices"):
        yield f"choices and autocomplete of {option['name']}"


def _word_faults(told: Json) -> Iterator[str]:
    names = [told["name"], *(told.get("name_localizations") or {}).values()]
    if not all(_NAME.fullmatch(name) and name == name.lower() for name in names):
        yield f"the name of {told['name']}"
    for description in (
        told["description"],
        *(told.get("description_localizations") or {}).values(),
    ):
        if not 1 <= len(description) <= LONGEST_DESCRIPTION:
            yield f"the description of {told['name']}: {description!r}"


def is_offered(command: Json, person: int, channel: Channel) -> bool:
    """Return whether somebody finds a command in the list of a channel."""
    contexts = command.get("contexts")
    here = 1 if channel.is_direct else 0
    if contexts is not None and here not in contexts:
        return False
    if channel.guild is None:
        return command.get("dm_permission") is not False
    needed = int(command.get("default_member_permissions") or 0)
    return (channel.guild.powers(person) | EVERYONE) & needed == needed


def given(command: Json, name: str, options: Mapping[str, str | float], *, typing: bool) -> Json:
    """Return what the bot is told of a command.

    Args:
        command: as it was registered.
        name: of that, and of the one in it: ``"admin chats"``.
        options: what was chosen.
        typing: somebody is still at it.
    """
    rest = name.split()[1:]
    known = {each["name"]: each for each in command.get("options", ())}
    within = [each for each in known.values() if each["type"] == SUB_COMMAND]
    assert bool(within) is bool(rest), f"/{name} of what?"
    if rest:
        assert known.get(rest[0]) in within, f"no such command: {name}"
        known = {each["name"]: each for each in known[rest[0]].get("options", ())}
    assert options.keys() <= known.keys(), f"/{name} has no such options: {options}"
    needed = {each for each, option in known.items() if option.get("required")}
    assert typing or needed <= options.keys(), f"/{name} needs {needed}"
    for each, value in options.items():
        kind = known[each]["type"]
        assert isinstance(value, _OPTION_TYPES[kind]), f"{each} of /{name}: {value!r}"
    told = [
        {"name": each, "type": known[each]["type"], "value": value}
        for each, value in options.items()
    ]
    if rest:
        told = [{"name": rest[0], "type": SUB_COMMAND, "options": told}]
    return {"id": command["id"], "name": command["name"], "type": 1, "options": told}
