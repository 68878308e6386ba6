"""From settings and a file of weights to how a model is loaded and how it answers."""

import contextlib
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

from bot.capacity import MOST_SLOTS, decide_cells, decide_slots
from bot.catalogue.choose import size_on_disk
from bot.catalogue.entries import Advised, known_file
from bot.catalogue.memory import (
    USUAL_STEP,
    KvCache,
    MemoryPlan,
    decide_repack,
    estimate,
    gib,
    room_for_a_model,
)
from bot.errors import UsageError, WeightsError
from bot.generation.llama.load import Load, flash_attention
from bot.generation.llama.sequences import how_many
from bot.generation.llama.vocabulary import Vocabulary
from bot.generation.model import AnswerOptions, Sampling
from bot.machine import Machine
from bot.program import command
from bot.settings import ModelSettings
from bot.shape import kv_shape, state_bytes

_ALL_LAYERS = -1
_GPU_STEP = 512
_METAL_SHARE = 0.7
"""Share of the memory that Metal lets one process use, about."""

_IN_GGUF = {
    "temperature": "general.sampling.temp",
    "top_k": "general.sampling.top_k",
    "top_p": "general.sampling.top_p",
    "min_p": "general.sampling.min_p",
    "repeat_penalty": "general.sampling.penalty_repeat",
}
"""Where weights say how their makers would draw tokens (llama.cpp's metadata keys)."""


@dataclass(frozen=True, slots=True)
class LoadPlan:
    """How weights are to be loaded, and the memory that it takes."""

    load: Load
    memory: MemoryPlan


def plan_load(
    path: Path,
    vocabulary: Vocabulary,
    settings: ModelSettings,
    machine: Machine,
    slots: int | None = None,
) -> LoadPlan:
    """Decide how to load weights on a machine.

    Args:
        path: the weights.
        vocabulary: of the same weights.
        settings: what is wanted.
        machine: what there is.
        slots: answers that are made at once; None: as the settings say.

    Raises:
        WeightsError: they need more memory than there is; the message says how much.
        UsageError: MODEL_CELLS is less than one window, or there are too many MODEL_SLOTS.
    """
    slots = slots or _slots(settings, machine)
    kv, file_bytes = _one_window(path, vocabulary, settings, slots), size_on_disk(path)
    gpu_layers = _gpu_layers(settings, estimate(file_bytes, kv, repack=False).total, machine)
    if flash_attention(settings.kv_type, gpu_layers):
        kv = replace(kv, bytes_per_score=0)
    usual = USUAL_STEP if gpu_layers == 0 else _GPU_STEP
    wanted = usual if settings.batch == "auto" else settings.batch
    # Each answer under way has a token in every step, and one reads.
    step = max(min(wanted, kv.window), slots + 1)
    repack = settings.repack if gpu_layers == 0 else "off"
    memory = _memory(file_bytes, kv, repack, settings.cells, machine, slots=slots, step=step)
    _check(path, memory, machine)
    load = Load(
        path=path,
        window=kv.window,
        cells=memory.kv.cells,
        slots=slots,
        batch=step,
        threads=machine.cores if settings.threads == "auto" else settings.threads,
        gpu_layers=gpu_layers,
        repack=memory.repacked > 0,
        kv_type=settings.kv_type,
    )
    return LoadPlan(load, memory)


def _memory(
    file_bytes: int,
    kv: KvCache,
    repack: Literal["auto", "on", "off"],
    cells: int | Literal["auto"],
    machine: Machine,
    *,
    slots: int,
    step: int,
) -> MemoryPlan:
    """Divide the memory: what is left by the weights and one window may go to more windows."""
    room = room_for_a_model(machine.total_memory, machine.available_memory)
    copied = decide_repack(repack, estimate(file_bytes, kv, repack=True, step=step), room)
    least = estimate(file_bytes, kv, repack=copied, step=step)
    per_cell = kv.bytes_per_cell(step)
    spare = room - least.total + per_cell * kv.cells
    kv = replace(kv, cells=decide_cells(cells, kv.window, slots, per_cell, spare))
    return estimate(file_bytes, kv, repack=copied, step=step)


def _slots(settings: ModelSettings, machine: Machine) -> int:
    if settings.slots != "auto" and settings.slots > MOST_SLOTS:
        raise UsageError(
            f"MODEL_SLOTS={settings.slots}: the engine makes at most {MOST_SLOTS} answers at once; "
            "only a server, which MODEL_URL names, may make more"
        )
    return decide_slots(settings.slots, machine.total_memory, machine.cores)


def _one_window(path: Path, vocabulary: Vocabulary, settings: ModelSettings, slots: int) -> KvCache:
    """Return the least KV cache that there can be, with plain attention."""
    trained = vocabulary.number("context_length")
    window = min(settings.context, trained or settings.context)
    if settings.cells != "auto" and settings.cells < window:
        raise UsageError(
            f"MODEL_CELLS={settings.cells}: less than one window of {window} tokens: "
            "set a larger MODEL_CELLS, or a smaller MODEL_CONTEXT"
        )
    shape = kv_shape(path, vocabulary)
    sequences = how_many(slots, can_cut=vocabulary.can_cut)
    return KvCache(
        bytes_per_token=shape.bytes_per_token(settings.kv_type) if shape else 0,
        window=window,
        cells=window,
        states=sequences * state_bytes(vocabulary, shape),
        bytes_per_score=shape.bytes_per_score() if shape else 0,
    )


def answer_options(path: Path, vocabulary: Vocabulary, settings: ModelSettings) -> AnswerOptions:
    """Return the limits of answers, and how tokens are drawn.

    What the settings leave open is taken from the catalogue, then from the weights themselves,
    then from the defaults of Sampling.
    """
    entry = known_file(path.name)
    advised = asdict(entry.advised if entry else Advised())
    sampling: dict[str, Any] = {}
    for name, key in _IN_GGUF.items():
        choices = (getattr(settings, name), advised[name], _number(vocabulary.metadata(key)))
        chosen = [value for value in choices if value is not None]
        if chosen:
            sampling[name] = chosen[0]
    return AnswerOptions(
        sampling=Sampling(**sampling),
        max_tokens=settings.max_tokens,
        think_tokens=settings.think_tokens,
        stops=settings.stop,
        steady=settings.seed is not None,
    )


def _number(text: str | None) -> float | int | None:
    """Read a number of the metadata; None for what is none."""
    for read in (int, float):
        with contextlib.suppress(ValueError, TypeError):
            return read(text)  # type: ignore[arg-type] # None is suppressed too
    return None


def _gpu_layers(settings: ModelSettings, needed: int, machine: Machine) -> int:
    if settings.gpu_layers != "auto":
        return settings.gpu_layers
    fits = needed <= machine.total_memory * _METAL_SHARE
    return _ALL_LAYERS if machine.metal and fits else 0


def _check(path: Path, plan: MemoryPlan, machine: Machine) -> None:
    """Refuse what would make the machine swap. The file is mapped: it alone need not be free."""
    held = plan.total - plan.weights
    if plan.total <= machine.total_memory and held <= machine.available_memory:
        return
    raise WeightsError(
        f"{path.name} needs {gib(plan.total)} of memory ({plan.describe(machine.total_memory)}) "
        f"and {gib(machine.available_memory)} are free: set a smaller MODEL_CONTEXT or "
        "MODEL_CELLS, MODEL_KV_TYPE=q8_0, MODEL_REPACK=off, or choose smaller weights "
        f"({command('weights list')})"
    )
