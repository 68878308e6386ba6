"""Whom and what an admin names, in words: people, places, chats and numbers. Pure.

A minus in front makes a Telegram id a place, a slash one of Discord. Only what a platform could
have said itself is taken: ASCII digits, no zeros in front, no more of them than there can be.
"""

import re

from bot.admin.errors import Unclear
from bot.message import ChatKey, PersonKey, PlaceKey, Platform
from bot.names import clean_line, cut_whole

_ID = "[1-9][0-9]{0,18}"
_PERSON = re.compile(f"(telegram|discord):({_ID})")
_PLACE = re.compile(f"(telegram):(-{_ID}(?:/{_ID})?)|(discord):({_ID}(?:/|(?:/{_ID}){{1,2}}))")
_NUMBER = re.compile("[0-9]{1,18}")
_ECHO = 40
"""So many characters of what was typed are said back."""


def parse_person(words: str) -> PersonKey:
    """Return the person that ``telegram:123`` or ``discord:456`` names.

    Raises:
        Unclear: it names nobody.
    """
    person = _person(words)
    if person is None:
        raise Unclear("admin.bad_person", given=echo(words))
    return person


def parse_target(words: str) -> PersonKey | PlaceKey:
    """Return the person or the place that is named.

    Raises:
        Unclear: it names neither.
    """
    target = _person(words) or _place(words)
    if target is None:
        raise Unclear("admin.bad_target", given=echo(words))
    return target


def parse_chat(words: str) -> int | ChatKey:
    """Return the number of a chat, or its key such as ``telegram:-100123/7``.

    Raises:
        Unclear: it is neither.
    """
    if _NUMBER.fullmatch(words):
        return int(words)
    platform, colon, native_id = words.partition(":")
    # what cannot be printed, which halves of characters are too, no platform says
    if colon and native_id.isprintable() and platform.lower() in {*Platform}:
        return ChatKey(Platform(platform.lower()), native_id)
    raise Unclear("admin.unknown_chat", given=echo(words))


def parse_number(words: str) -> int:
    """Return a whole number that fits everywhere, from 0 on.

    Raises:
        Unclear: it is none.
    """
    if _NUMBER.fullmatch(words) is None:
        raise Unclear("admin.bad_number", given=echo(words))
    return int(words)


def echo(words: str) -> str:
    """Return what was typed as it can be said back: one clean short line, with its colons."""
    return cut_whole(":".join(clean_line(part, _ECHO) for part in words.split(":")), _ECHO)


def _person(words: str) -> PersonKey | None:
    match = _PERSON.fullmatch(words.strip().lower())
    return None if match is None else PersonKey(Platform(match[1]), match[2])


def _place(words: str) -> PlaceKey | None:
    match = _PLACE.fullmatch(words.strip().lower())
    if match is None:
        return None
    return PlaceKey(Platform(match[1] or match[3]), (match[2] or match[4]).removesuffix("/"))
