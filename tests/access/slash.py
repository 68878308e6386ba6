"""The slash commands that Discord lists, and what the table says of them."""

from collections.abc import Iterator, Mapping
from typing import Any

SUB_COMMAND = 1
Options = dict[str, Any]


def listed(commands: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, list[Options]]]:
    """Yield each command as it is run (``admin chats``), with its options."""
    for name, command in commands.items():
        options = list(command.get("options", ()))
        within = [each for each in options if each["type"] == SUB_COMMAND]
        for each in within:
            yield f"{name} {each['name']}", list(each.get("options", ()))
        if not within:
            yield name, options


def least(options: list[Options]) -> Options:
    """Return values for what cannot be left out."""
    return {each["name"]: _value(each) for each in options if each.get("required")}


def _value(option: Options) -> str | int:
    if option["type"] == 4:
        return 1
    choices = option.get("choices")
    return str(choices[0]["value"]) if choices else "zanzibar"


def as_slash(words: str, commands: Mapping[str, Mapping[str, Any]]) -> tuple[str, Options] | None:
    """Return what a typed command is as a slash command; None: it cannot be given so."""
    for name, options in listed(commands):
        if f"{words} ".startswith(f"/{name} "):
            rest = words.removeprefix(f"/{name}").split()
            return _with_options(name, rest, [each["name"] for each in options], options)
    return None


def _with_options(
    name: str, rest: list[str], names: list[str], options: list[Options]
) -> tuple[str, Options] | None:
    if rest[:1] == ["custom"]:
        return name, {"instructions": " ".join(rest[1:])}
    if rest and not names:
        return None
    if name == "persona":
        names = names[:1]
    first, last = rest[: len(names) - 1], rest[len(names) - 1 :]
    given = dict(zip(names, [*first, *([" ".join(last)] if last else [])], strict=False))
    needed = {each["name"] for each in options if each.get("required")}
    return (name, given) if needed <= given.keys() else None
