"""``ostro admin``: its command line."""

import argparse
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeAlias

from bot.admin.shell import Answer, Shell
from bot.app import admin
from bot.cli.options import add_json, add_verbose
from storage.records import PersonRole

_Options: TypeAlias = argparse.Namespace
_Run: TypeAlias = Callable[[_Options], int]

_PERSON = "such as telegram:123 or discord:456"
_TARGET = (
    f"a person, {_PERSON}; or a place: a Telegram group telegram:-100123, a Discord server "
    "discord:1/ (with the slash), one of its channels discord:1/2"
)
_CHAT = "the number of a chat in the list, or its key, such as telegram:123"
_YES = "do not ask whether it is meant"
_ROLES = {
    "owner": PersonRole.OWNER,
    "admin": PersonRole.ADMIN,
    "member": PersonRole.MEMBER,
    "none": None,
}


class _Actions:
    """What can be done; each has a line of usage and an example, which is said to the mistaken."""

    def __init__(self, parser: argparse.ArgumentParser) -> None:
        parser.usage = f"{parser.prog} ACTION ...\nfor example: {parser.prog} chats"
        self._prog = parser.prog
        self._actions = parser.add_subparsers(required=True, metavar="ACTION", prog=parser.prog)
        parser.set_defaults(parser=parser)

    def add(
        self, name: str, run: _Run, usage: str = "", example: str = "", *, says: str
    ) -> argparse.ArgumentParser:
        """Add one.

        Args:
            name: how it is called.
            run: does it.
            usage: what follows the name.
            example: what may follow it.
            says: what it does, in a few words.
        """
        called = f"{self._prog} {name}"
        parser = self._actions.add_parser(
            name,
            help=says,
            description=f"{says[0].upper()}{says[1:]}.",
            usage=f"{called} {usage}".rstrip() + " [--json]"
            f"\nfor example: {f'{called} {example}'.rstrip()}",
            allow_abbrev=False,
        )
        add_json(parser)
        add_verbose(parser)
        parser.set_defaults(run=partial(_explained, parser, run), parser=parser)
        return parser


def add_admin(parser: argparse.ArgumentParser) -> None:
    """Add all that ``ostro admin`` can do to its parser."""
    actions = _Actions(parser)
    _add_chats(actions)
    _add_people(actions)
    _add_queue(actions)
    _add_keeping(actions)


def _add_chats(actions: _Actions) -> None:
    actions.add("chats", _doing(lambda shell, _: shell.chats()), says="list chats, latest first")
    reset = actions.add(
        "reset",
        _reset,
        "CHAT ... | --all [--yes]",
        "12 telegram:-100123",
        says="forget for good what was said in chats",
    )
    reset.add_argument("chats", metavar="CHAT", nargs="*", help=_CHAT)
    reset.add_argument("--all", action="store_true", help="in all chats, of everyone")
    reset.add_argument("--yes", action="store_true", help=_YES)
    persona = actions.add(
        "persona",
        _doing(lambda shell, typed: shell.persona(typed.chat, typed.name)),
        "CHAT NAME",
        "12 coder",
        says="choose who answers in a chat",
    )
    persona.add_argument("chat", metavar="CHAT", help=_CHAT)
    persona.add_argument("name", metavar="NAME", help="a persona, off or default")


def _add_people(actions: _Actions) -> None:
    actions.add(
        "people",
        _doing(lambda shell, _: shell.people()),
        says="list who asks to be let in, people and places",
    )
    for name, do, example, says in (
        ("allow", Shell.allow, "telegram:123", "let a person or a place in"),
        ("block", Shell.block, "discord:456", "answer a person or a place no more"),
    ):
        parser = actions.add(name, _deciding(do), "TARGET", example, says=says)
        parser.add_argument("target", metavar="TARGET", help=_TARGET)
    role = actions.add(
        "role",
        _doing(lambda shell, typed: shell.role(typed.person, _ROLES[typed.role])),
        "PERSON owner|admin|member|none",
        "telegram:123 admin",
        says="make somebody an owner, an admin or a member",
    )
    role.add_argument("person", metavar="PERSON", help=_PERSON)
    role.add_argument("role", metavar="ROLE", choices=_ROLES, help="owner, admin, member or none")


def _add_queue(actions: _Actions) -> None:
    actions.add(
        "queue", _doing(lambda shell, _: shell.queue()), says="list what is answered and waits"
    )
    cancel = actions.add(
        "cancel",
        _cancel,
        "NUMBER | --all",
        "345",
        says="take a question back, or stop its answer",
    )
    cancel.add_argument("number", metavar="NUMBER", nargs="?", help="of a question in the queue")
    cancel.add_argument("--all", action="store_true", help="all that is answered or waits")
    actions.add(
        "pause",
        _doing(lambda shell, _: shell.pause()),
        says="answer nothing until it is resumed; questions are kept",
    )
    actions.add("resume", _doing(lambda shell, _: shell.resume()), says="go on answering")


def _add_keeping(actions: _Actions) -> None:
    actions.add("stats", _doing(lambda shell, _: shell.stats()), says="sum everything up")
    actions.add(
        "claim",
        lambda typed: admin.claim(as_json=typed.json),
        says="make a code that makes somebody the owner, once, within an hour",
    )
    forget = actions.add(
        "forget",
        _forget,
        "PERSON [--yes]",
        "telegram:123",
        says="delete everything about a person, in all chats",
    )
    forget.add_argument("person", metavar="PERSON", help=_PERSON)
    forget.add_argument("--yes", action="store_true", help=_YES)
    backup = actions.add(
        "backup",
        lambda typed: admin.back_up(typed.path, as_json=typed.json),
        "PATH",
        "ostro-backup.db",
        says="copy the database, also while the bot runs",
    )
    backup.add_argument("path", metavar="PATH", help="the copy, which is not there yet")


def _doing(do: Callable[[Shell, _Options], Awaitable[Answer]]) -> _Run:
    return lambda typed: admin.administer(lambda shell: do(shell, typed), as_json=typed.json)


def _deciding(decide: Callable[[Shell, str], Awaitable[Answer]]) -> _Run:
    return _doing(lambda shell, typed: decide(shell, typed.target))


def _reset(typed: _Options) -> int:
    if typed.all == bool(typed.chats):
        raise admin.MistypedError("name chats, or --all of them")
    if not typed.all:
        return admin.administer(lambda shell: shell.reset(typed.chats), as_json=typed.json)
    return admin.administer_if_meant(
        lambda shell: shell.reset_all(),
        lambda shell: shell.all_at_stake(),
        meant=typed.yes,
        as_json=typed.json,
    )


def _cancel(typed: _Options) -> int:
    if typed.all == (typed.number is not None):
        raise admin.MistypedError("name the number of a question, or --all of them")
    return admin.administer(lambda shell: shell.cancel(typed.number), as_json=typed.json)


def _forget(typed: _Options) -> int:
    return admin.administer_if_meant(
        lambda shell: shell.forget(typed.person),
        lambda shell: shell.person_at_stake(typed.person),
        meant=typed.yes,
        as_json=typed.json,
    )


def _explained(parser: argparse.ArgumentParser, run: _Run, typed: _Options) -> int:
    """Run an action; what was typed wrongly is told with how to type it, and status 2."""
    try:
        return run(typed)
    except admin.MistypedError as error:
        parser.error(str(error))
