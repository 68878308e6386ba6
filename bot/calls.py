"""What a command looks like: a word behind a slash, and what follows it."""

import re
from dataclasses import dataclass

ASK = "ask"
"""A question behind it is a message like any other."""
START = "start"
"""What Telegram sends when somebody opens the bot; it greets, and is in no list."""
CLAIM = "claim"
"""Becoming the owner with a code; it works for strangers, and is in no list."""
ADMIN = "admin"
"""What those may do who run the bot; only they are told of it."""
NAMES = (
    *("help", ASK, "new", "clear", "persona", "retry", "continue", "stop"),
    *("language", "think", "settings", "stats", "export", "privacy", "forget"),
)
"""All commands that people are told of, in the order of /help."""

FOR_MANAGERS = frozenset({"new", "clear", "persona", "language", "think", "export"})
"""What concerns everyone in a place: for those who put it in order."""

_ALIASES = {"reset": "new", "cancel": "stop"}
_CALL = re.compile(r"/([^\W\d]\w*)(?:@\w+)?(?:\s+(.*))?", re.DOTALL)
"""A word behind a slash and nothing glued to it: ``/usr/bin`` is no command."""


@dataclass(frozen=True, slots=True)
class Call:
    """A command as it was given; the name is in lower case and no alias."""

    name: str
    argument: str


def parse(text: str) -> Call | None:
    """Return the command that a message is, or None where it is none."""
    match = _CALL.fullmatch(text.strip())
    if match is None:
        return None
    name = match[1].lower()
    return Call(_ALIASES.get(name, name), match[2] or "")
