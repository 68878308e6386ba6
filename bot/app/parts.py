"""What `ostro chat` and `ostro serve` are both put together from."""

import asyncio
import logging
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bot.access import Access
from bot.admin.chat import AdminCommands
from bot.admin.deeds import Deeds
from bot.ahead import Ahead
from bot.answering import Answering
from bot.attachments import Attachments
from bot.casting import Casting, Role, too_long
from bot.catalogue.choose import choose
from bot.catalogue.offer import first_run
from bot.catch_up import CatchUp
from bot.claims import Claims
from bot.commands import Commands
from bot.commands.again import AgainCommands
from bot.commands.choosing import ChoosingCommands
from bot.commands.keeping import KeepingCommands
from bot.commands.privacy import PrivacyCommands
from bot.dialogue import Dialogue
from bot.dialogue.asking import Asking
from bot.dialogue.pressing import Pressing
from bot.door import Door
from bot.errors import PersonaError, UsageError
from bot.generation.llama.fingerprint import fingerprint
from bot.generation.llama.load import Load
from bot.generation.llama.model import LlamaModel, Warmth
from bot.generation.llama.vocabulary import Vocabulary
from bot.generation.model import Model
from bot.generation.queue import GenerationQueue
from bot.generation.warm.elsewhere import Elsewhere
from bot.generation.warm.states import NoWarmStates, WarmStates
from bot.generation.warm.store import WarmStore
from bot.housekeeping import Housekeeping
from bot.limits import Limits, Turnstile
from bot.loading import answer_options, plan_load
from bot.machine import Machine
from bot.personas import BUILTIN, Personas
from bot.process import ask_person, notice
from bot.prompt.choose import choose_renderer
from bot.recall import Recall
from bot.settings import BotSettings, ModelSettings, WarmSettings, WeightsSettings
from bot.voice import Voice
from storage.database import Database
from storage.errors import LockedError, StorageError
from storage.records import Pending

_GB = 10**9

_log = logging.getLogger("ostro.app")


@dataclass(frozen=True, slots=True)
class House:
    """How people are received.

    Attributes:
        pending: returns what waits in the chats that this process answers.
        access: who is answered.
        catch_up: what has waited too long.
        seed: of the draw; None: a new one each time.
        limits: how much people may ask; None: as much as they like.
        retention_days: exchanges that are older are deleted; None: never.
        clock: unix seconds.
    """

    pending: Callable[[], Awaitable[list[Pending]]]
    access: Access
    catch_up: CatchUp
    seed: int | None
    limits: Limits | None = None
    retention_days: int | None = None
    clock: Callable[[], float] = time.time


@dataclass(frozen=True, slots=True)
class Rooms:
    """What receives people, and what works for that while it runs.

    Attributes:
        dialogue: receives people.
        queue: answers them.
        housekeeping: learns what other processes change, and deletes what is old.
        claims: the codes of owners.
    """

    dialogue: Dialogue
    queue: GenerationQueue
    housekeeping: Housekeeping
    claims: Claims


def read_casting(wanted: str | None, fallback: str) -> Casting:
    """Read the personas; what is wrong with some is said, and the others work.

    Args:
        wanted: the persona that the command line names.
        fallback: the language of people of whom nothing is known.

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
    return Casting(personas, settings.persona, settings.language, fallback)


def find_weights(wanted: str | Path | None) -> Path | None:
    """Find the weights, and offer some where there are none; None: the person leaves."""
    folder = WeightsSettings.read().path
    found = choose(str(wanted) if wanted else None, folder)
    if found is not None:
        return found
    ask = ask_person if sys.stdin.isatty() else None
    return first_run(folder, Machine.here().total_memory, ask=ask, say=notice)


async def check_persona(model: Model, role: Role) -> None:
    """Say at once what would otherwise fail at every question.

    Raises:
        PersonaError: the persona leaves too little of the window.
    """
    error = await too_long(role, model)
    if error is not None:
        raise PersonaError(
            f"the persona {role.name} takes {error.size} tokens, and a window of "
            f"{model.info.context} has room for {error.limit}: set a larger MODEL_CONTEXT, "
            "or choose another"
        ) from error


@asynccontextmanager
async def open_model(
    weights: Path, settings: ModelSettings, slots: int | None = None
) -> AsyncIterator[LlamaModel]:
    """Hold the weights loaded; one line before says what they take.

    Args:
        weights: the file.
        settings: how it is loaded, and how it answers.
        slots: answers at once, at most; None: as set.
    """
    machine = Machine.here()
    vocabulary = await asyncio.to_thread(Vocabulary, weights)
    async with AsyncExitStack() as stack:
        stack.callback(vocabulary.close)
        renderer = choose_renderer(vocabulary, settings.prompt)
        plan = plan_load(weights, vocabulary, settings, machine, slots)
        options = answer_options(weights, vocabulary, settings)
        states = await asyncio.to_thread(_warm_states, plan.load, vocabulary)
        stack.callback(states.close)
        unload_seconds = 60.0 * settings.unload_minutes or None
        warmth = Warmth(states, unload_seconds)
        model = LlamaModel(vocabulary, renderer, plan.load, options, warmth)
        _log.info("prompt: %s; %s; %s", model.info.prompt, plan.load, options)
        stack.push_async_callback(model.close)
        notice(f"Loading {weights.name}: {plan.memory.describe(machine.total_memory)}")
        await model.open()
        yield model


def _warm_states(load: Load, vocabulary: Vocabulary) -> WarmStates:
    """Open what is warm on disk. Without it the bot works, and reads again after a restart."""
    settings = WarmSettings.read()
    limit, whole = int(settings.disk_gb * _GB), not vocabulary.can_cut
    if limit == 0 and not settings.path.is_dir():
        return NoWarmStates()
    try:
        states = WarmStore.open(settings.path, limit, fingerprint(load), whole=whole)
        if limit:
            return states
        states.close()  # what an earlier setting has left is deleted by now
    except LockedError:
        notice(f"Another Ostro has {settings.path}: chats are warm in memory only")
    except (StorageError, OSError) as error:
        notice(f"Chats are warm in memory only: {error}")
    else:
        return NoWarmStates()
    return Elsewhere(settings.path)


def receive(database: Database, model: Model, voice: Voice, house: House) -> Rooms:
    """Put together what receives and answers people."""
    clock, access = house.clock, house.access
    recall = Recall(database, voice.casting, model.info.vocabulary)
    ahead = Ahead(database, model, recall)
    answering = Answering(database, model, recall, voice, house.seed, house.catch_up, access, ahead)
    slots, parks = model.info.slots, house.seed is None
    queue = GenerationQueue(house.pending, answering.answer, clock, slots, parks=parks)
    keeper = Housekeeping(database, access, queue, model, clock, house.retention_days)
    claims = Claims(database.claims, clock)
    door = Door(database, access, voice, claims, keeper.settle, clock)
    keeper.after_settling(door.settled)
    turnstile = Turnstile(house.limits, database.people, house.pending, queue, voice, clock)
    deeds = Deeds(
        database,
        access,
        voice.casting.personas,
        keeper.settle,
        clock,
        partial(too_long, model=model),
    )
    commands = Commands(
        voice,
        AgainCommands(database, queue, voice, turnstile),
        ChoosingCommands(database, model, voice, ahead),
        KeepingCommands(database, keeper.settle, model, recall, voice, ahead),
        PrivacyCommands(database, keeper.settle, voice, house.retention_days),
        AdminCommands(deeds, voice),
    )
    asking = Asking(database, queue, voice, turnstile, clock)
    pressing = Pressing(database, queue, commands, voice, turnstile)
    attachments = Attachments(model)
    dialogue = Dialogue(database, queue, commands, asking, pressing, voice, door, attachments)
    return Rooms(dialogue, queue, keeper, claims)
