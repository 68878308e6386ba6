"""The composition root: the only place that builds, opens and closes things, in order."""

import asyncio
import logging
import os
import re
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.answering import Answering
from bot.calls import NAMES
from bot.casting import Casting, Role, role_of, spoken_name, too_long
from bot.catalogue import shell
from bot.catalogue.choose import choose
from bot.catalogue.offer import first_run
from bot.commands import Commands
from bot.dialogue import Dialogue
from bot.errors import ChatBusyError, PersonaError, UsageError
from bot.generation.llama.model import LlamaModel
from bot.generation.llama.vocabulary import Vocabulary
from bot.generation.model import Model
from bot.generation.queue import GenerationQueue
from bot.loading import answer_options, plan_load
from bot.machine import Machine
from bot.message import Author, ChatKey, Platform
from bot.personas import BUILTIN, Personas
from bot.phrases import Phrasebook
from bot.platforms.terminal.interactive import converse
from bot.platforms.terminal.language import terminal_language
from bot.platforms.terminal.piped import converse_piped
from bot.process import CleanEnd, ask_person, notice, user_name
from bot.prompt.choose import choose_renderer
from bot.recall import Recall
from bot.settings import BotSettings, ModelSettings, StorageSettings, WeightsSettings
from storage.database import Database
from storage.errors import LockedError
from storage.lock import hold

_CHAT_NAME = re.compile(r"[\w-]{1,64}")

_log = logging.getLogger("ostro.app")


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
    casting = _casting(options.persona)
    store = StorageSettings.read().path
    weights = _weights(options.weights or settings.path)
    if weights is None:
        return 0
    with _only_process(store, options.chat):
        end = CleanEnd()
        try:
            return asyncio.run(_converse(options, settings, casting, store, weights, end))
        except asyncio.CancelledError:
            return 128 + (end.signal or 0)  # as shells count it


def _casting(wanted: str | None) -> Casting:
    """Read the personas; what is wrong with some is said, and the others work.

    Raises:
        UsageError: the persona that is wanted, or that BOT_PERSONA names, does not exist.
    """
    settings = BotSettings.read()
    personas = Personas.load(BUILTIN, settings.personas_path)
    for problem in personas.problems:
        notice(problem)
    for option, name in (("--persona ", wanted), ("BOT_PERSONA=", settings.persona)):
        if name is not None:
            try:
                personas.get(name)
            except PersonaError as error:
                raise UsageError(f"{option}{name}: {error}") from error
    language = settings.language or terminal_language(os.environ)
    return Casting(personas, settings.persona, language)


def _weights(wanted: str | Path | None) -> Path | None:
    """Find the weights, and offer some where there are none; None: the person leaves."""
    folder = WeightsSettings.read().path
    found = choose(str(wanted) if wanted else None, folder)
    if found is not None:
        return found
    ask = ask_person if sys.stdin.isatty() else None
    return first_run(folder, Machine.here().total_memory, ask=ask, say=notice)


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
    store: Path,
    weights: Path,
    end: CleanEnd,
) -> int:
    end.listen()
    phrases = Phrasebook.load()
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(Database.open(store))
        chat = await database.chats.open(Platform.TERMINAL, options.chat, "private", "")
        model = await stack.enter_async_context(_open_model(weights, settings))
        role = casting.role(chat)
        if options.persona is not None:
            role = role_of(casting.personas.get(options.persona))
        await _check_persona(model, role)
        if role != casting.role(chat):
            chat = await database.chats.set_persona(chat.id, role.name)
        dialogue = await stack.enter_async_context(
            _open_dialogue(database, model, casting, phrases, chat.id, settings.seed)
        )
        welcome = phrases.say(
            casting.language(chat),
            "terminal.welcome",
            weights=model.info.name,
            persona=spoken_name(role, phrases, casting.language(chat)),
        )
        return await _talk(dialogue, phrases, options.chat, store, welcome)


async def _check_persona(model: Model, role: Role) -> None:
    """Say at once what would otherwise fail at every question."""
    error = await too_long(role, model)
    if error is not None:
        raise PersonaError(
            f"the persona {role.name} takes {error.size} tokens, and a window of "
            f"{model.info.context} has room for {error.limit}: set a larger MODEL_CONTEXT, "
            "or choose another with --persona"
        ) from error


@asynccontextmanager
async def _open_model(weights: Path, settings: ModelSettings) -> AsyncIterator[LlamaModel]:
    machine = Machine.here()
    vocabulary = await asyncio.to_thread(Vocabulary, weights)
    async with AsyncExitStack() as stack:
        stack.callback(vocabulary.close)
        renderer = choose_renderer(vocabulary, settings.prompt)
        plan = plan_load(weights, vocabulary, settings, machine)
        options = answer_options(weights, vocabulary, settings)
        model = LlamaModel(vocabulary, renderer, plan.load, options)
        _log.info("prompt: %s; %s; %s", model.info.prompt, plan.load, options)
        stack.push_async_callback(model.close)
        notice(
            f"Loading {weights.name}: {plan.memory.describe(machine.total_memory)}, "
            f"for a window of {plan.load.context} tokens"
        )
        await model.open()
        yield model


@asynccontextmanager
async def _open_dialogue(
    database: Database,
    model: Model,
    casting: Casting,
    phrases: Phrasebook,
    chat_id: int,
    seed: int | None,
) -> AsyncIterator[Dialogue]:
    recall = Recall(database, casting, model.info.vocabulary)
    answering = Answering(database, model, recall, casting, phrases, seed)
    queue = GenerationQueue(
        lambda: database.exchanges.pending(chat_id), answering.answer, time.time
    )
    commands = Commands(database, queue, model, recall, casting, phrases)
    async with queue.running():
        yield Dialogue(database, queue, commands, casting)


async def _talk(
    dialogue: Dialogue, phrases: Phrasebook, chat: str, store: Path, welcome: str
) -> int:
    key = ChatKey(Platform.TERMINAL, chat)
    author = Author(str(os.getuid()), user_name())
    history = store.with_name(f"{store.name}.{chat}.history")
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


def list_weights() -> int:
    """Show the weights that are known by name."""
    context = ModelSettings.read().context
    folder = WeightsSettings.read().path
    return _show(shell.list_weights(folder, context, Machine.here().total_memory))


def pull_weights(name: str) -> int:
    """Fetch weights by name."""
    return _show(shell.pull_weights(name, WeightsSettings.read().path, notice))


def verify_weights(wanted: str) -> int:
    """Check weights by path or name."""
    return _show(shell.verify_weights(wanted, WeightsSettings.read().path))


def _show(text: str) -> int:
    print(text)  # noqa: T201 # it is what was asked for
    return 0
