"""`ostro serve`: the bot on the platforms that are set up, until it is told to end."""

import asyncio
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bot.access import Access
from bot.app.claiming import offering
from bot.app.engine import Opening, find_model
from bot.app.parts import House, check_persona, read_casting, receive
from bot.app.set_up import even, read_set_up
from bot.app.together import Service, SetUp, all_failed, together, usable
from bot.catch_up import CatchUp
from bot.delivery.replies import LiveReplies
from bot.dialogue import Dialogue
from bot.errors import ChatBusyError
from bot.limits import Limits
from bot.message import Platform
from bot.phrases import FALLBACK, Phrasebook
from bot.process import CleanEnd
from bot.settings import BotSettings, ModelSettings, StorageSettings
from bot.voice import Voice
from storage.database import Database
from storage.errors import LockedError
from storage.lock import hold


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is served, and with what."""

    set_up: Sequence[SetUp]
    access: Access
    catch_up: CatchUp
    voice: Voice
    limits: Limits
    settings: ModelSettings
    storage: StorageSettings
    opening: Opening


def serve() -> int:
    """Answer people on the platforms until the process is told to end; return the exit status.

    Raises:
        OstroError, StorageError: it cannot begin, or go on; the message says what to do.
    """
    plan = _plan()
    if plan is None:
        return 0
    with _only_server(plan.storage.path):
        end = CleanEnd()
        try:
            asyncio.run(_serve(plan, end))
        except asyncio.CancelledError:
            if end.signal is None:
                raise
    return 0


def _plan() -> _Plan | None:
    """Read what is set up; None: there are no weights, and the person leaves."""
    settings, bot = ModelSettings.read(), BotSettings.read()
    phrases = Phrasebook.load()
    set_up = read_set_up(phrases)
    voice = Voice(phrases, read_casting(None, FALLBACK))
    storage = StorageSettings.read()
    opening = find_model(settings)
    if opening is None:
        return None
    limits = Limits(bot.limit_minute, bot.limit_person, bot.limit_queue, bot.limit_length)
    access = Access(bot.owners, open_to_all=bot.access == "open")
    catch_up = CatchUp(60 * bot.catch_up_minutes, 60 * bot.catch_up_group_minutes, time.time)
    return _Plan(set_up, access, catch_up, voice, limits, settings, storage, opening)


@contextmanager
def _only_server(store: Path) -> Iterator[None]:
    """Two would answer everything twice."""
    try:
        with hold(store.with_name(f"{store.name}.lock")):
            yield
    except LockedError as error:
        raise ChatBusyError(f"another `ostro serve` uses {store}: end that one first") from error


async def _serve(plan: _Plan, end: CleanEnd) -> None:
    end.listen(signal.SIGINT)
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(Database.open(plan.storage.path))
        set_up = await usable(plan.set_up, plan.access.own)  # loading weights takes a while
        model = await stack.enter_async_context(plan.opening())
        for role in plan.voice.casting.default_roles():
            await check_persona(model, role)
        platforms = [one.platform for one in set_up]
        rooms = receive(database, model, plan.voice, _house(plan, database, platforms))
        await stack.enter_async_context(rooms.housekeeping.running())
        on_telegram = Platform.TELEGRAM in platforms
        met = await stack.enter_async_context(
            offering(plan.access, rooms.claims, on_telegram=on_telegram)
        )
        services = [_service(one, database, rooms.dialogue, met) for one in set_up]
        # Left in the opposite order: nothing more is taken in, what is being answered pauses,
        # what was said is shown and stored, and then everything is closed.
        await stack.enter_async_context(together([one.connected() for one in services]))
        await stack.enter_async_context(rooms.queue.running())
        await stack.enter_async_context(together([one.listening() for one in services]))
        await all_failed(services)


def _house(plan: _Plan, database: Database, platforms: list[Platform]) -> House:
    return House(
        pending=partial(database.exchanges.pending, platforms),
        access=plan.access,
        catch_up=plan.catch_up,
        seed=plan.settings.seed,
        limits=plan.limits,
        retention_days=plan.storage.retention_days,
    )


def _service(
    one: SetUp, database: Database, dialogue: Dialogue, met: Callable[[str], None]
) -> Service:
    replies = LiveReplies(database.deliveries, dialogue.undeliverable, even())
    return one.build(dialogue, replies, met)
