"""What ``ostro weights list | pull | verify`` do; each returns the text to show."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from bot.catalogue.choose import locate
from bot.catalogue.entries import Advised, Entry, entries, find, recommend
from bot.catalogue.fetch import Say, fetch
from bot.catalogue.memory import gib
from bot.catalogue.shelf import gigabytes
from bot.catalogue.verify import verify
from bot.program import command

_HEADINGS = ("", "NAME", "SIZE", "MEMORY", "LANGUAGES", "LICENCE", "SHA-256", "ADVISED")
_SHOWN = 12  # digits of a hash that are enough to tell files apart
_MANY = 5  # languages that are named one by one


def list_weights(folder: Path, context: int, total_memory: int) -> str:
    """Return a table of all known weights.

    Args:
        folder: the folder of weights, for what is there already.
        context: the window that is set, in tokens, for the memory needed.
        total_memory: the machine's memory in bytes, for what is recommended here.
    """
    advised = recommend(total_memory)
    rows = [_HEADINGS, *(_row(entry, folder, context, advised) for entry in entries())]
    notes = [
        f"* is here; > is the one for this machine with its {gib(total_memory)}.",
        f"MEMORY is for one window of {context} tokens. Weights that are repacked for the CPU",
        "(MODEL_REPACK) read faster and take their SIZE once more. ADVISED is by their makers.",
        f"Fetch one: {command('weights pull NAME')}; any other: hf:OWNER/REPO/FILE as its NAME",
    ]
    return "\n".join([*_aligned(rows), "", *notes])


def _row(entry: Entry, folder: Path, context: int, advised: Entry) -> tuple[str, ...]:
    plan = entry.memory(context, repack=False)
    return (
        ("*" if (folder / entry.filename).is_file() else "") + (">" if entry is advised else ""),
        entry.name,
        "-" if entry.size is None else gigabytes(entry.size),
        "-" if plan is None else gib(plan.total),
        _languages(entry.languages),
        entry.licence,
        (entry.sha256 or "-")[:_SHOWN],
        _advised(entry.advised),
    )


def _advised(advised: Advised) -> str:
    given = {name: value for name, value in asdict(advised).items() if value is not None}
    return ", ".join(f"{name} {value:g}" for name, value in given.items()) or "-"


def _languages(codes: Sequence[str]) -> str:
    """Name a few; of many, English and Korean and how many more."""
    if len(codes) <= _MANY:
        return " ".join(codes)
    named = [code for code in ("en", "ko") if code in codes]
    return f"{' '.join(named)} +{len(codes) - len(named)}"


def _aligned(rows: Sequence[tuple[str, ...]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def pull_weights(name: str, folder: Path, say: Say) -> str:
    """Fetch weights by name; ``say`` is told on the way what is being done.

    Raises:
        WeightsError: there are none of that name.
        DownloadError: they could not be fetched, or are not what was promised.
    """
    entry = find(name)
    fetched = fetch(entry, folder, say)
    path = folder / entry.filename
    if fetched:
        return f"{entry.title} is in {path}, verified"
    return f"{path} is there already, verified; nothing was fetched"


def verify_weights(wanted: str, folder: Path) -> str:
    """Check weights given by path, by file name or by name, and say what they are.

    Raises:
        WeightsError: they are not there, no GGUF file, or not what their name promises.
    """
    return verify(locate(wanted, folder))
