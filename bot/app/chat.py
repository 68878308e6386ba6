"""`ostro chat`: a conversation in the terminal, or through pipes."""

import asyncio
import math
import os
import re
import sys
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bot.access import Access
from bot.app.engine import Opening, find_model
from bot.app.parts import House, check_persona, read_casting, receive
from bot.calls import NAMES
from bot.casting import Casting, role_of
from bot.catch_up import CatchUp
from bot.dialogue import Dialogue
from bot.errors import ChatBusyError, UsageError
from bot.message import Author, ChatKey, Platform
from bot.phrases import Phrasebook
from bot.platforms.terminal.interactive import converse
from bot.platforms.terminal.language import terminal_language
from bot.platforms.terminal.piped import converse_piped
from bot.process import CleanEnd, user_name
from bot.settings import ModelSettings, StorageSettings
from bot.typed import typed_lines
from bot.voice import Voice
from storage.database import Database
from storage.errors import LockedError
from storage.lock import hold
from storage.records import Pending

_CHAT_NAME = re.compile(r"[\w-]{1,64}")


@dataclass(frozen=True, slots=True)
class ChatOptions:
    """The options of ``ostro chat``, as typed; None leaves a choice to the settings."""

    chat: str = "default"
    weights: str | None = None
    persona: str | None = None
    temperature: str | None = None
    seed: str | None = None
    max_tokens: str | None = None


def chat(options: ChatOptions) -> int:
    """Hold a conversation in the terminal, or through pipes; return the exit status.

    Raises:
        OstroError, StorageError: it cannot begin; the message says what to do.
    """
    if not _CHAT_NAME.fullmatch(options.chat):
        raise UsageError(f"--chat {options.chat}: letters, digits, - and _ only, at most 64")
    overrides = {name: getattr(options, name) for name in ("temperature", "seed", "max_tokens")}
    settings = ModelSettings.read(overrides)
    casting = read_casting(options.persona, terminal_language(os.environ))
    storage = StorageSettings.read()
    store = storage.path
    opening = find_model(settings, weights=options.weights, slots=1)
    if opening is None:
        return 0
    with _only_process(store, options.chat):
        end = CleanEnd()
        try:
            return asyncio.run(_converse(options, settings, casting, storage, opening, end))
        except asyncio.CancelledError:
            return 128 + (end.signal or 0)  # as shells count it


@contextmanager
def _only_process(store: Path, chat: str) -> Iterator[None]:
    """Keep a second terminal out of the same conversation."""
    try:
        with hold(store.with_name(f"{store.name}.{chat}.lock")):
            yield
    except LockedError as error:
        raise ChatBusyError(
            f"the conversation {chat} is open in another terminal: leave it there, "
            "or name another one with --chat NAME"
        ) from error


async def _converse(
    options: ChatOptions,
    settings: ModelSettings,
    casting: Casting,
    storage: StorageSettings,
    opening: Opening,
    end: CleanEnd,
) -> int:
    end.listen()
    store = storage.path
    voice = Voice(Phrasebook.load(), casting)
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(Database.open(store))
        chat = await database.chats.open(Platform.TERMINAL, options.chat, "private", "")
        model = await stack.enter_async_context(opening())
        role = casting.role(chat)
        if options.persona is not None:
            role = role_of(casting.personas.get(options.persona))
        await check_persona(model, role)
        if role != casting.role(chat):
            chat = await database.chats.set_persona(chat.id, role.name)
        # Whoever sits at the terminal owns all there is, and their questions have no age.
        access = Access([f"{Platform.TERMINAL}:{os.getuid()}"], open_to_all=True)
        never = CatchUp(math.inf, math.inf, time.time)
        pending = partial(_pending_in, database, options.chat)
        house = House(pending, access, never, settings.seed, retention_days=storage.retention_days)
        rooms = receive(database, model, voice, house)
        await stack.enter_async_context(rooms.housekeeping.running())
        await stack.enter_async_context(rooms.queue.running())
        welcome = voice.say(
            chat,
            "terminal.welcome",
            model=model.info.title,
            persona=voice.persona_name(chat),
        )
        return await _talk(rooms.dialogue, voice.phrases, options.chat, store, welcome)


async def _pending_in(database: Database, name: str) -> list[Pending]:
    """Return what waits in a conversation; one that was forgotten meanwhile begins anew."""
    chat = await database.chats.find(Platform.TERMINAL, name)
    return [] if chat is None else await database.exchanges.pending(chat.id)


async def _talk(
    dialogue: Dialogue, phrases: Phrasebook, chat: str, store: Path, welcome: str
) -> int:
    key = ChatKey(Platform.TERMINAL, chat)
    author = Author(str(os.getuid()), user_name())
    history = typed_lines(store, chat)
    if sys.stdin.isatty() and sys.stdout.isatty():
        await converse(
            dialogue, phrases, key, author, commands=NAMES, history=history, welcome=welcome
        )
        return 0
    return await converse_piped(
        dialogue,
        phrases,
        key,
        author,
        history=history,
        lines=sys.stdin.buffer,
        out=sys.stdout,
        err=sys.stderr,
    )
