"""When, where and how the figures were measured."""

import platform
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks.cast import OSTRO, RAW, SEED, SERVER, SLOTS, WINDOW
from bot.catalogue.memory import gib
from bot.machine import Machine


def about(load: float, minutes: float) -> Iterator[str]:
    """Return when and where the figures were measured, and what holds for all of them.

    Args:
        load: of the machine before.
        minutes: that measuring took.
    """
    machine = Machine.here()
    today = datetime.now(UTC).date()
    yield (
        f"{today}, {_processor()}, {machine.cores} cores, {gib(machine.total_memory)}, "
        f"{platform.system()}; took {minutes:.0f} minutes."
    )
    yield (
        "Medians of several repeats, measured in turns; always the likeliest token; "
        f"{SLOTS} slots, windows of {WINDOW:,} tokens. They hold for a machine that does nothing "
        f"else (load at the start: {load:.1f})."
    )
    yield (
        f"{OSTRO}, {SEED} and {RAW}: llama-cpp-python {version('llama-cpp-python')}, compiled "
        f"for this CPU. {SERVER}: the wheel of xllamacpp {version('xllamacpp')}, which outside of "
        "macOS is compiled for what most CPUs have in common, and reads more slowly for it."
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
