"""The words of a message as a person reads them: names where Discord's own text has numbers."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import discord

from bot.calls import ASK, parse
from bot.names import clean_line, clean_name

LONGEST_THREAD_NAME = 100
"""Characters; Discord takes no more."""

_LONGEST_NAME = 100
"""Characters of the name of a role or channel, which Discord does not let be longer."""

_ID = "[0-9]{15,20}"
_CODE = r"(?<!`)(?P<ticks>`+)(?!`)(?s:.*?)(?<!`)(?P=ticks)(?!`)"
_MARK = re.compile(
    rf"{_CODE}|<(?:@!?(?P<person>{_ID})|@&(?P<role>{_ID})|\#(?P<channel>{_ID})"
    rf"|a?:(?P<emoji>\w+):{_ID}|/(?P<command>[^<>:\n]+):{_ID})>"
)
"""What people see as something else; in code it is seen as it is written."""

_HEADING = re.compile(r"#{1,3}\s+")

_Named: TypeAlias = Callable[[int], str | None]
"""An id to a name; None where nobody knows it."""


@dataclass(frozen=True, slots=True)
class Names:
    """What the ids in a text are called."""

    person: _Named
    role: _Named
    channel: _Named


def readable(text: str, names: Names) -> str:
    """Return a text with names in place of ids, and emoji of a server as ``:name:``.

    Names are one clean line each; what is unknown is called so. Timestamps stay as they are.
    """

    def shown(mark: re.Match[str]) -> str:
        match next((kind, found) for kind, found in mark.groupdict().items() if found):
            case "person", number:
                return f"@{clean_name(names.person(int(number)) or '')}"
            case "role", number:
                name = _clean(names.role(int(number)))
                return f"@{name.removeprefix('@') or 'unknown-role'}"
            case "channel", number:
                return f"#{_clean(names.channel(int(number))) or 'unknown'}"
            case "emoji", name:
                return f":{name}:"
            case "command", name:
                return f"/{name}"
            case _:
                return mark[0]

    return _MARK.sub(shown, text)


def names_in(message: discord.Message, me: discord.ClientUser) -> Names:
    """Return what is called how where a message stands: as the library was told, and in it."""
    guild = message.guild
    people = {me.id: me.display_name} | {user.id: user.display_name for user in message.mentions}

    def person(number: int) -> str | None:
        member = guild.get_member(number) if guild else None
        return people.get(number) if member is None else member.display_name

    def role(number: int) -> str | None:
        found = guild.get_role(number) if guild else None
        return None if found is None else found.name

    def channel(number: int) -> str | None:
        found = guild.get_channel_or_thread(number) if guild else None
        return None if found is None else found.name

    return Names(person, role, channel)


def thread_name(text: str, otherwise: str) -> str:
    """Return what a thread is called that is opened for a text: its first line with words.

    Args:
        text: a question, or the command that asks it.
        otherwise: what stands there where the text has no words.
    """
    call = parse(text)
    asked = call.argument if call is not None and call.name == ASK else text
    for line in asked.splitlines():
        said = _HEADING.sub("", line.strip(), count=1)
        name = "" if said.startswith("```") else clean_line(said, LONGEST_THREAD_NAME)
        if any(map(str.isalnum, name)):
            return name
    return clean_line(otherwise, LONGEST_THREAD_NAME)


def _clean(name: str | None) -> str:
    return clean_line(name or "", _LONGEST_NAME)
