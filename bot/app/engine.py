"""What answers: the engine in this process, or the server that MODEL_URL names."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from functools import partial

from bot.errors import UsageError
from bot.generation.model import Model
from bot.settings import ModelSettings

Opening = Callable[[], AbstractAsyncContextManager[Model]]
"""Holds a model open that was found."""


def find_model(
    settings: ModelSettings, *, weights: str | None = None, slots: int | None = None
) -> Opening | None:
    """Find what answers. Weights are offered where there are none; a server is not asked yet.

    Args:
        settings: what is wanted.
        weights: those that the command line names: they count more than a server that is set.
        slots: answers at once; None: as set.

    Returns:
        What opens it; None: there are no weights, and the person leaves.

    Raises:
        UsageError: the engine is wanted, and is not installed.
        WeightsError: there are no weights to be used, and nobody to be asked.
    """
    if settings.url is not None and weights is None:
        from bot.app import remote  # noqa: PLC0415 # the engine has no need of what it imports

        return partial(remote.open_model, settings.url, settings, slots)
    try:
        from bot.app import embedded  # noqa: PLC0415 # may not be installed beside a server
    except ModuleNotFoundError as error:
        if error.name != "llama_cpp":
            raise
        raise UsageError(
            "llama.cpp is not installed here, which weights need: run make setup with an empty "
            "MODEL_URL, or set MODEL_URL and leave --weights out"
        ) from error
    found = embedded.find_weights(weights or settings.path)
    return None if found is None else partial(embedded.open_model, found, settings, slots)
