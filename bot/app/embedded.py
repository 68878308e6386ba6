"""The engine in this process, and its weights: all that needs llama.cpp."""

import asyncio
import logging
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from bot.catalogue.choose import choose
from bot.catalogue.offer import first_run
from bot.generation.llama.fingerprint import fingerprint
from bot.generation.llama.load import Load
from bot.generation.llama.model import LlamaModel, Warmth
from bot.generation.llama.vocabulary import Vocabulary
from bot.generation.warm.elsewhere import Elsewhere
from bot.generation.warm.states import NoWarmStates, WarmStates
from bot.generation.warm.store import WarmStore
from bot.loading import answer_options, plan_load
from bot.machine import Machine
from bot.process import ask_person, notice
from bot.prompt.choose import choose_renderer
from bot.settings import ModelSettings, WarmSettings, WeightsSettings
from storage.errors import LockedError, StorageError

_GB = 10**9

_log = logging.getLogger("ostro.app")


def find_weights(wanted: str | Path | None) -> Path | None:
    """Find the weights, and offer some where there are none; None: the person leaves."""
    folder = WeightsSettings.read().path
    found = choose(str(wanted) if wanted else None, folder)
    if found is not None:
        return found
    ask = ask_person if sys.stdin.isatty() else None
    return first_run(folder, Machine.here().total_memory, ask=ask, say=notice)


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
