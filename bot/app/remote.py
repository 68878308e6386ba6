"""A server that has the model."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.generation.model import Model
from bot.generation.remote.client import Client
from bot.generation.remote.model import RemoteModel
from bot.generation.remote.options import RemoteOptions, Wanted
from bot.generation.warm.store import WarmStore
from bot.process import notice
from bot.settings import ModelSettings, WarmSettings
from storage.errors import LockedError, StorageError

_DRAWING = ("temperature", "top_k", "top_p", "min_p", "repeat_penalty")

_log = logging.getLogger("ostro.app")


@asynccontextmanager
async def open_model(
    url: str, settings: ModelSettings, slots: int | None = None
) -> AsyncIterator[Model]:
    """Hold a server's model; one line before says which it is, and what is known of it.

    Args:
        url: the server's address.
        settings: its model, its key, and how it is to answer.
        slots: answers at once; None: as set.

    Raises:
        EngineError: the server cannot be used; the message says why.
        UsageError: its model cannot be told, or there is none of that name.
    """
    await asyncio.to_thread(_let_go_of_warm)
    wanted = Wanted(settings.name, settings.context, slots or settings.slots)
    client = Client(url, settings.key.get_secret_value() if settings.key else None)
    bounds = options(settings)
    model = await RemoteModel.open(client, bounds, wanted, say=notice)
    info = model.info
    _log.info("prompt: %s; %s", info.prompt, bounds)
    try:
        notice(f"Model: {info.title}; window: {info.context} tokens; answers at once: {info.slots}")
        yield model
    finally:
        await model.close()


def options(settings: ModelSettings) -> RemoteOptions:
    """Return how a server's answers are bound; what the settings leave open is left to it."""
    drawing = {name: getattr(settings, name) for name in _DRAWING}
    return RemoteOptions(
        max_tokens=settings.max_tokens,
        think_tokens=settings.think_tokens,
        stops=settings.stop,
        drawing={name: value for name, value in drawing.items() if value is not None},
        seeded=settings.seed is not None,
    )


def _let_go_of_warm() -> None:
    """Delete what the engine kept on disk: nobody here would delete what is erased of it."""
    path = WarmSettings.read().path
    if not path.is_dir():
        return
    try:
        WarmStore.open(path, limit=0, fingerprint="", whole=False).close()
    except LockedError:
        pass  # who has it sees to that
    except (StorageError, OSError) as error:
        _log.warning("what an earlier run kept warm is still there: %s", error)
