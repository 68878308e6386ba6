"""From settings and a file of weights to how a model is loaded and how it answers."""

import contextlib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bot.catalogue.choose import size_on_disk
from bot.catalogue.entries import Advised, known_file
from bot.catalogue.memory import KvShape, MemoryPlan, decide_repack, estimate, gib
from bot.errors import WeightsError
from bot.generation.llama.context import Load
from bot.generation.llama.vocabulary import Vocabulary
from bot.generation.model import AnswerOptions, Sampling
from bot.machine import Machine
from bot.program import command
from bot.settings import ModelSettings

_ALL_LAYERS = -1
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
    path: Path, vocabulary: Vocabulary, settings: ModelSettings, machine: Machine
) -> LoadPlan:
    """Decide how to load weights on a machine.

    Raises:
        WeightsError: they need more memory than there is; the message says how much.
    """
    trained = vocabulary.number("context_length")
    context = min(settings.context, trained or settings.context)
    file_bytes = size_on_disk(path)
    shape = kv_shape(vocabulary)
    kv = shape.bytes_per_token if shape else 0
    repacked = estimate(file_bytes, kv, context, repack=True)
    gpu_layers = _gpu_layers(settings, repacked.total - repacked.repacked, machine)
    repack = gpu_layers == 0 and decide_repack(
        settings.repack,
        repacked,
        total_memory=machine.total_memory,
        available_memory=machine.available_memory,
    )
    plan = estimate(file_bytes, kv, context, repack=repack)
    _check(path, plan, machine)
    threads = machine.cores if settings.threads == "auto" else settings.threads
    load = Load(path, context, min(settings.batch, context), threads, gpu_layers, repack)
    return LoadPlan(load, plan)


def kv_shape(vocabulary: Vocabulary) -> KvShape | None:
    """Read the shape of a model's KV cache from its metadata; None where it has none of its own.

    Models with other memory than attention (recurrent, hybrid) are among those.
    """
    layers, heads = vocabulary.number("block_count"), vocabulary.number("attention.head_count")
    width = vocabulary.number("embedding_length")
    if not layers or not heads or not width:
        return None
    kv_heads = vocabulary.number("attention.head_count_kv") or heads
    head_dim = vocabulary.number("attention.key_length") or width // heads
    return KvShape(layers, kv_heads, head_dim)


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
        f"and {gib(machine.available_memory)} are free: set a smaller MODEL_CONTEXT, "
        f"MODEL_REPACK=off, or choose smaller weights ({command('weights list')})"
    )
