"""The warm folder where another process has it, or had it when this one began."""

import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bot.generation.eras import Eras
from bot.generation.warm.states import NoWarmStates
from bot.generation.warm.store import sweep
from storage.errors import StorageError

_log = logging.getLogger("ostro.warm")


class Elsewhere(NoWarmStates):
    """Keeps nothing, and deletes what is over from the folder once nobody else has it.

    Who has it learns of erasures itself; but it may be gone by then.

    Args:
        path: the folder.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="warm")

    def retain(self, eras: Eras) -> None:
        """Delete the states whose era is over."""
        self._thread.submit(self._sweep, eras)

    def close(self) -> None:
        """Finish that. Can be called twice."""
        self._thread.shutdown()

    def _sweep(self, eras: Eras) -> None:
        try:
            sweep(self._path, eras)
        except StorageError as error:
            _log.warning("warm states that are over are still in %s: %s", self._path, error)
