"""Who is mentioned in a text, and whose phone rings for it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from tests.doubles.discord.places import Channel
from tests.doubles.discord.powers import MENTION_EVERYONE
from tests.doubles.discord.wire import Json, RefusalError, invalid

_USER = re.compile(r"<@!?(\d+)>")
_ROLE = re.compile(r"<@&(\d+)>")
_EVERYONE = re.compile(r"@(?:everyone|here)\b")
_KINDS = {"users", "roles", "everyone"}


@dataclass(frozen=True, slots=True)
class Called:
    """Whom a text calls."""

    users: tuple[int, ...]
    roles: tuple[int, ...]
    everyone: bool


def called(text: str) -> Called:
    """Return whom a text calls, if all calls count."""
    return Called(
        tuple(dict.fromkeys(int(each) for each in _USER.findall(text))),
        tuple(dict.fromkeys(int(each) for each in _ROLE.findall(text))),
        bool(_EVERYONE.search(text)),
    )


def as_typed(text: str, users: Mapping[int, Json], bot: Json) -> str:
    """Return a text as the app sends it: "@bot" and "@Mina" become mentions of them."""
    text = re.sub(r"(?<!\w)@bot\b", f"<@{bot['id']}>", text)
    for number, each in users.items():
        name = re.escape(each["global_name"] or each["username"])
        text = re.sub(rf"(?<!\w)@{name}\b", f"<@{number}>", text)
    return text


def allowed(text: str, rules: Json | None, channel: Channel, answered: int | None) -> Called:
    """Return whom a message of the bot's calls, by the mentions that it allows.

    Args:
        text: of the message.
        rules: ``allowed_mentions`` of the request; None: all are allowed.
        channel: where it goes; only who is there is called.
        answered: who wrote the message that it answers.

    Raises:
        RefusalError: the rules contradict each other.
    """
    check(rules)
    found = called(text)
    users = set(found.users) & _listed("users", rules, found.users)
    if answered is not None and (rules is None or rules.get("replied_user")):
        users.add(answered)
    everyone = found.everyone and (rules is None or "everyone" in rules.get("parse", ()))
    return Called(
        tuple(sorted(users & channel.people().keys())),
        tuple(sorted(set(found.roles) & _listed("roles", rules, found.roles))),
        everyone and channel.may(MENTION_EVERYONE),
    )


def check(rules: Json | None) -> None:
    """Refuse mentions that allow all of a kind, and some of it."""
    for kind in _KINDS if rules else ():
        if rules and rules.get(kind) and kind in rules.get("parse", ()):
            raise _contradiction(kind)


def _contradiction(kind: str) -> RefusalError:
    words = f"parse:[{kind!r}] and {kind}: [ids...] are mutually exclusive."
    return invalid("allowed_mentions", "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", words)


def _listed(kind: str, rules: Json | None, all_of_them: tuple[int, ...]) -> set[int]:
    if rules is None or kind in rules.get("parse", ()):
        return set(all_of_them)
    return {int(each) for each in rules.get(kind, ())}
