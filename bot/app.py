"""The composition root: the only place that builds, opens and closes things, in order."""

import asyncio
import contextlib
import getpass
import logging
import os
import re
import signal
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.answering import Answering
from bot.casting import Casting
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
from bot.prompt.choose import choose_renderer
from bot.recall import Recall
from bot.settings import BotSettings, ModelSettings, StorageSettings, WeightsSettings
from storage.database import Database
from storage.errors import LockedError
from storage.lock import hold

_TERMINATED = 128 + signal.SIGTERM
"""Exit status after SIGTERM, as shells have it."""
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


def notice(line: str) -> None:
    """Show a line that is no answer: answers have standard output to themselves."""
    print(line, file=sys.stderr, flush=True)  # noqa: T201 # this is how a person is told


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
        try:
            return asyncio.run(_converse(options, settings, casting, store, weights))
        except asyncio.CancelledError:
            return _TERMINATED


def _casting(wanted: str | None) -> Casting:
    """Read the personas; what is wrong with some is said, and the others work.

    Raises:
        UsageError: the persona that is wanted, or that BOT_PERSONA names, does not exist.
    """
    settings = BotSettings.read()
    personas = Personas.load(BUILTIN, settings.personas_path)
    for problem in personas.problems:
        notice(problem)
    for name, source in ((wanted, "--persona"), (settings.persona, "BOT_PERSONA=")):
        try:
            personas.get(name or "assistant")
        except PersonaError as error:
            raise UsageError(f"{source} {error}") from error
    language = settings.language or terminal_language(os.environ)
    return Casting(personas, settings.persona, language)


def _weights(wanted: str | Path | None) -> Path | None:
    """Find the weights, and offer some where there are none; None: the person leaves."""
    folder = WeightsSettings.read().path
    found = choose(str(wanted) if wanted else None, folder)
    if found is not None:
        return found
    ask = input if sys.stdin.isatty() else None
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
    options: ChatOptions, settings: ModelSettings, casting: Casting, store: Path, weights: Path
) -> int:
    _end_cleanly_when_told()
    phrases = Phrasebook.load()
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(Database.open(store))
        chat = await database.chats.open(Platform.TERMINAL, options.chat, "private", "")
        if options.persona is not None and chat.persona != options.persona.lower():
            chat = await database.chats.set_persona(chat.id, options.persona.lower())
        model = await stack.enter_async_context(_open_model(weights, settings))
        dialogue = await stack.enter_async_context(
            _open_dialogue(database, model, casting, phrases, chat.id, settings.seed)
        )
        welcome = phrases.say(
            casting.language(chat),
            "terminal.welcome",
            weights=model.info.name,
            persona=casting.role(chat).name,
        )
        return await _talk(dialogue, phrases, options.chat, store, welcome)


def _end_cleanly_when_told() -> None:
    """A closed terminal or a shutdown ends like a person leaving: what is begun is kept."""
    task = asyncio.current_task()
    if task is not None:
        for number in (signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, task.cancel)


@asynccontextmanager
async def _open_model(weights: Path, settings: ModelSettings) -> AsyncIterator[LlamaModel]:
    machine = Machine.here()
    vocabulary = await asyncio.to_thread(Vocabulary, weights)
    async with contextlib.AsyncExitStack() as stack:
        stack.callback(vocabulary.close)
        renderer = choose_renderer(vocabulary, settings.prompt)
        plan = plan_load(weights, vocabulary, settings, machine)
        options = answer_options(weights, vocabulary, settings)
        _log.info("prompt: %s; %s; %s", renderer.name, plan.load, options)
        model = LlamaModel(vocabulary, renderer, plan.load, options)
        stack.push_async_callback(model.close)
        notice(f"Loading {weights.name}: {plan.memory.describe(machine.total_memory)}")
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
    author = Author(str(os.getuid()), getpass.getuser())
    if sys.stdin.isatty() and sys.stdout.isatty():
        history = store.with_name(f"{store.name}.{chat}.history")
        await converse(dialogue, phrases, key, author, history=history, welcome=welcome)
        return 0
    return await converse_piped(
        dialogue, phrases, key, author, lines=sys.stdin.buffer, out=sys.stdout, err=sys.stderr
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
