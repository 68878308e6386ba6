"""What `ostro chat` and `ostro serve` are both put together from."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from bot.access import Access
from bot.admin.chat import AdminCommands
from bot.admin.deeds import Deeds
from bot.ahead import Ahead
from bot.answering import Answering
from bot.attachments import Attachments
from bot.casting import Casting, Role, too_long
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
from bot.generation.model import Model
from bot.generation.queue import GenerationQueue
from bot.housekeeping import Housekeeping
from bot.limits import Limits, Turnstile
from bot.personas import BUILTIN, Personas
from bot.process import notice
from bot.recall import Recall
from bot.settings import BotSettings
from bot.voice import Voice
from storage.database import Database
from storage.records import Pending


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


def receive(database: Database, model: Model, voice: Voice, house: House) -> Rooms:
    """Put together what receives and answers people."""
    clock, access = house.clock, house.access
    recall = Recall(database, voice.casting, model.info.vocabulary)
    ahead = Ahead(database, model, recall)
    answering = Answering(database, model, recall, voice, house.seed, house.catch_up, access, ahead)
    # Where broken off answers do not go on exactly, or a seed is fixed, a turn is not cut in two.
    slots, parks = model.info.slots, house.seed is None and model.info.resumes
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
        PrivacyCommands(
            database,
            keeper.settle,
            voice,
            house.retention_days,
            is_elsewhere=bool(model.info.where),
        ),
        AdminCommands(deeds, voice),
    )
    asking = Asking(database, queue, voice, turnstile, clock)
    pressing = Pressing(database, queue, commands, voice, turnstile)
    attachments = Attachments(model)
    dialogue = Dialogue(database, queue, commands, asking, pressing, voice, door, attachments)
    return Rooms(dialogue, queue, keeper, claims)
