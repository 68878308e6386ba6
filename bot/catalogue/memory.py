"""What a model takes in memory: pure estimates, in bytes."""

from dataclasses import dataclass
from typing import Literal

from bot.generation.llama.load import KvType

GIB = 2**30
USUAL_STEP = 128
"""Tokens of one step on the CPU, where nothing else is set: larger ones read no faster there."""

_PROGRAM = 264 * 2**20
"""Python, two copies of the vocabulary and the samplers, stated generously: 174 MiB were measured
with the starter's 152,000 tokens in `ostro chat`, and `ostro serve` takes 26 MiB more."""
_STEP_TOKEN = 272 * 2**10
"""Buffers of the computation for each token of a step: with the 7B shape 131 MiB were measured for
steps of 512 tokens and 522 MiB for 2048; smaller models take less."""
_ON_THE_WAY = 4 * 256
"""Tokens whose states are held once more while they are written to disk: four chunks."""

_BYTES_OF_32: dict[KvType, int] = {"f16": 64, "q8_0": 34}
"""Bytes that 32 numbers take: q8_0 has one byte for each, and two for what they are scaled by."""
_NUMBER = 4
_SHARE_OF_MACHINE = 2 / 3


@dataclass(frozen=True, slots=True)
class KvShape:
    """What decides the size of a model's KV cache.

    Attributes:
        layers: layers with attention.
        queries: heads in one layer that ask.
        heads: KV heads in one layer, of which each answers several of those.
        head_dim: numbers in one head.
    """

    layers: int
    queries: int
    heads: int
    head_dim: int

    def bytes_per_token(self, kv_type: KvType) -> int:
        """Keys and values of one token."""
        return 2 * self.layers * self.heads * self.head_dim * _BYTES_OF_32[kv_type] // 32

    def bytes_per_score(self) -> int:
        """What plain attention takes for one token of a step and one that is held.

        A number for each head, in one layer at a time, and what masks it: with the starter's 14
        heads 489 MiB were measured for steps of 512 tokens and 16,384 that are held.
        """
        return (self.queries + 1) * _NUMBER


@dataclass(frozen=True, slots=True)
class KvCache:
    """What is kept of the tokens that were read.

    Attributes:
        bytes_per_token: of one token; 0 where the model keeps nothing of each.
        window: tokens that one chat may take.
        cells: tokens that can be held, of all chats together.
        states: what recurrent layers keep, whatever the tokens, in bytes.
        bytes_per_score: of one token of a step and one that is held; 0 with flash attention.
    """

    bytes_per_token: int
    window: int
    cells: int
    states: int = 0
    bytes_per_score: int = 0

    @property
    def size(self) -> int:
        """All of it, in bytes: it is taken whole at the start."""
        return self.bytes_per_token * self.cells + self.states

    def bytes_per_cell(self, step: int) -> int:
        """What each token more takes that can be held, with steps of ``step`` tokens."""
        return self.bytes_per_token + step * self.bytes_per_score

    def describe(self) -> str:
        """Say what all chats have together, and one of them."""
        if self.cells == self.window:
            return f"KV cache {gib(self.size)} (one window of {self.window} tokens)"
        one = gib(self.bytes_per_token * self.window)
        return (
            f"KV cache {gib(self.size)} ({self.cells} tokens; {one} for one window "
            f"of {self.window})"
        )


@dataclass(frozen=True, slots=True)
class MemoryPlan:
    """What a model will take, in bytes.

    Attributes:
        weights: the file, which is mapped into memory.
        repacked: the copy of it that is laid out for this CPU; 0 where there is none.
        kv: the KV cache of all chats.
        overhead: everything else.
    """

    weights: int
    repacked: int
    kv: KvCache
    overhead: int

    @property
    def total(self) -> int:
        """All of it."""
        return self.weights + self.repacked + self.kv.size + self.overhead

    def describe(self, total_memory: int) -> str:
        """Say it in one line, of ``total_memory`` bytes."""
        copy = f" + {gib(self.repacked)} repacked for this CPU" if self.repacked else ""
        return (
            f"weights {gib(self.weights)}{copy}, {self.kv.describe()}, "
            f"{gib(self.total)} in all of {gib(total_memory)}"
        )


def gib(size: int) -> str:
    """Write a size in GiB, as memory is counted."""
    return f"{size / GIB:.1f} GiB"


def estimate(file_bytes: int, kv: KvCache, *, repack: bool, step: int = USUAL_STEP) -> MemoryPlan:
    """Estimate what weights take, with steps of at most ``step`` tokens.

    The repacked copy is taken to be as large as the file: measured with Q4_K, nearly all of a
    model is copied. (Of the starter it is a twentieth: few of its tensors have a shape for it.)
    """
    return MemoryPlan(
        weights=file_bytes,
        repacked=file_bytes if repack else 0,
        kv=kv,
        overhead=_PROGRAM
        + step * (_STEP_TOKEN + kv.cells * kv.bytes_per_score)
        + _ON_THE_WAY * kv.bytes_per_token,
    )


def room_for_a_model(total_memory: int, available_memory: int) -> int:
    """Return what a model may take of a machine by itself, so that other programs have room.

    Args:
        total_memory: the machine's memory in bytes.
        available_memory: what can be had now, without swapping, in bytes.
    """
    return min(available_memory, int(total_memory * _SHARE_OF_MACHINE))


def decide_repack(setting: Literal["auto", "on", "off"], plan: MemoryPlan, room: int) -> bool:
    """Decide whether weights are repacked for the CPU, which reads faster and doubles them.

    Args:
        setting: ``on`` and ``off`` are obeyed, ``auto`` repacks where there is room.
        plan: the estimate with repacking.
        room: what the model may take, in bytes.
    """
    if setting != "auto":
        return setting == "on"
    return plan.total <= room
