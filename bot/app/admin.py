"""`ostro admin`: what owners do from a shell, on the database itself.

A bot that runs meanwhile notices by itself.
"""

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TypeVar

from bot.access import Access
from bot.admin.deeds import Deeds
from bot.admin.errors import Refusal, Unclear
from bot.admin.shell import Answer, Deed, Shell
from bot.admin.tables import Table
from bot.app.claiming import how_to_claim
from bot.claims import LASTS_SECONDS, Claims
from bot.errors import OstroError, UsageError
from bot.generation.eras import Eras
from bot.generation.warm.store import sweep
from bot.personas import BUILTIN, Personas
from bot.phrases import FALLBACK, Phrasebook
from bot.platforms.columns import Side, aligned, rule, width
from bot.platforms.terminal.clean import well_formed
from bot.process import ask_person, notice
from bot.settings import BotSettings, StorageSettings, TelegramSettings, WarmSettings
from storage.backup import backup
from storage.database import Database
from storage.errors import StorageError, UnwritableError, explained

_Found = TypeVar("_Found")


class MistypedError(UsageError):
    """An argument is wrong: how to type it helps."""


def administer(deed: Deed, *, as_json: bool) -> int:
    """Do something and show what came of it, as tables or as JSON; return the exit status.

    Raises:
        MistypedError: an argument is wrong; nothing was changed.
        OstroError, StorageError: it may not or cannot be done.
    """
    return _show(_within_shell(deed), as_json=as_json)


def administer_if_meant(
    deed: Deed, at_stake: Callable[[Shell], Awaitable[str]], *, meant: bool, as_json: bool
) -> int:
    """Do something that cannot be undone; unless it is meant, a person at a terminal is asked.

    Raises:
        MistypedError: there is nobody to ask, too.
        OstroError, StorageError: as ``administer``.
    """
    if not meant:
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            raise MistypedError("there is nobody to be asked here: --yes says that it is meant")
        if not _confirmed(_within_shell(at_stake)):
            notice("Nothing was deleted.")
            return 1
    return administer(deed, as_json=as_json)


def claim(*, as_json: bool) -> int:
    """Make a code that makes whoever sends it to the bot its owner, and show how.

    Raises:
        StorageError: it cannot be made.
    """
    code, username = asyncio.run(_claim())
    link = None if username is None else f"https://t.me/{username}?start={code}"
    plain: dict[str, object] = {"code": code, "seconds": LASTS_SECONDS, "link": link}
    return _show(Answer((how_to_claim(code, username, sys.stdout),), plain), as_json=as_json)


def back_up(into: str, *, as_json: bool) -> int:
    """Copy the database, also while a bot writes to it.

    Raises:
        StorageError: it cannot be copied, or something is there already.
    """
    store, path = StorageSettings.read().path, Path(into).absolute()
    backup(store, path)
    size = path.stat().st_size
    shown = f"{store} is copied to {path}, {size / 1e6:,.1f} MB"
    return _show(Answer((shown,), {"path": str(path), "bytes": size}), as_json=as_json)


def _within_shell(do: Callable[[Shell], Awaitable[_Found]]) -> _Found:
    phrases = Phrasebook.load()
    try:
        return asyncio.run(_in_shell(do, phrases))
    except Unclear as error:
        raise MistypedError(error.said(phrases)) from error
    except Refusal as error:
        raise OstroError(error.said(phrases)) from error


async def _in_shell(do: Callable[[Shell], Awaitable[_Found]], phrases: Phrasebook) -> _Found:
    bot, store = BotSettings.read(), StorageSettings.read().path
    personas = Personas.load(BUILTIN, bot.personas_path)
    access = Access(bot.owners, open_to_all=bot.access == "open")
    warm = WarmSettings.read().path
    async with _opened(store) as database:

        async def settle() -> None:
            access.know(await database.people.with_roles(), await database.places.rules())

        await settle()
        deeds = Deeds(database, access, personas, settle, time.time)
        async with _swept(warm, database):
            return await do(Shell(deeds, partial(phrases.say, FALLBACK)))


@asynccontextmanager
async def _swept(warm: Path, database: Database) -> AsyncIterator[None]:
    """Delete what was read of what is erased inside; a bot that runs does so with its own."""
    before = await database.signals.erasures()
    try:
        yield
    finally:
        if await database.signals.erasures() != before:
            eras = Eras(await database.chats.eras())
            try:
                sweep(warm, eras)
            except StorageError as error:
                notice(f"What the model has read of it is still in {warm}: {error}")


async def _claim() -> tuple[str, str | None]:
    async with _opened(StorageSettings.read().path) as database:
        code = await Claims(database.claims, time.time).issue()
    return code, await _telegram_name()


async def _telegram_name() -> str | None:
    """Return what the bot is called on Telegram, if it is there and can be asked."""
    from bot.platforms.telegram.account import Account  # noqa: PLC0415 # slow, for this alone
    from bot.platforms.telegram.introduction import ask_username  # noqa: PLC0415 # the same

    try:
        settings = TelegramSettings.read()
    except UsageError as error:  # the code is good all the same
        notice(str(error))
        return None
    if settings.token is None:
        return None
    token = settings.token.get_secret_value()
    return await ask_username(Account(token, settings.base_url, settings.edit_seconds, ()))


@asynccontextmanager
async def _opened(store: Path) -> AsyncIterator[Database]:
    """Hold the database open; none is made."""
    _check_there(store)
    async with Database.open(store) as database:
        yield database


def _check_there(store: Path) -> None:
    with explained(store):
        there = store.exists()
    if not there:
        raise UnwritableError(
            f"there is no database at {store}: start Ostro once, or set STORAGE_PATH to the one "
            "that it uses"
        )


def _confirmed(at_stake: str) -> bool:
    try:
        return ask_person(f"This deletes {at_stake}, for good. Type yes to do it: ") == "yes"
    except EOFError:
        return False


def _show(answer: Answer, *, as_json: bool) -> int:
    parts = [json.dumps(answer.plain, indent=2)] if as_json else map(_shown, answer.shown)
    text = "\n\n".join(parts)  # JSON in ASCII: nothing in it makes a terminal do anything
    print(well_formed(text, sys.stdout.encoding))  # noqa: T201 # it is what was asked for
    return 0


def _shown(part: str | Table) -> str:
    if isinstance(part, str):
        return part
    rows = (part.head, *part.rows)
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    sides: list[Side] = [">" if i in part.numbers else "<" for i in range(len(widths))]
    head, *body = (aligned(row, widths, sides) for row in rows)
    return "\n".join((head, rule(widths), *body))
