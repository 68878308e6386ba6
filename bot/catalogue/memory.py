"""What a model takes in memory: pure estimates, in bytes."""

from dataclasses import dataclass
from typing import Literal

GIB = 2**30
OVERHEAD = 400 * 2**20
"""Buffers of the computation, the vocabulary and Python itself, stated generously: 126 MiB were
measured with the 0.5B starter at a batch of 512, and the buffers grow with a model's width."""

_KV_ELEMENT = 2  # an f16 number
_SHARE_OF_MACHINE = 2 / 3


@dataclass(frozen=True, slots=True)
class KvShape:
    """What decides the size of a model's KV cache.

    Attributes:
        layers: layers with attention.
        heads: KV heads in one layer.
        head_dim: numbers in one head.
    """

    layers: int
    heads: int
    head_dim: int

    @property
    def bytes_per_token(self) -> int:
        """Keys and values of one token, in f16."""
        return 2 * self.layers * self.heads * self.head_dim * _KV_ELEMENT


@dataclass(frozen=True, slots=True)
class MemoryPlan:
    """What a model will take, in bytes.

    Attributes:
        weights: the file, which is mapped into memory.
        repacked: the copy of it that is laid out for this CPU; 0 where there is none.
        kv: the KV cache of one chat's whole window.
        overhead: everything else.
    """

    weights: int
    repacked: int
    kv: int
    overhead: int

    @property
    def total(self) -> int:
        """All of it."""
        return self.weights + self.repacked + self.kv + self.overhead

    def describe(self, total_memory: int) -> str:
        """Say it in one line, of ``total_memory`` bytes."""
        copy = f" + {gib(self.repacked)} repacked for this CPU" if self.repacked else ""
        return (
            f"weights {gib(self.weights)}{copy}, KV cache {gib(self.kv)}, "
            f"{gib(self.total)} in all of {gib(total_memory)}"
        )


def gib(size: int) -> str:
    """Write a size in GiB, as memory is counted."""
    return f"{size / GIB:.1f} GiB"


def estimate(file_bytes: int, kv_bytes_per_token: int, context: int, *, repack: bool) -> MemoryPlan:
    """Estimate what weights take with a window of ``context`` tokens.

    The repacked copy is taken to be as large as the file: measured with Q4_K, nearly all of a
    model is copied.
    """
    return MemoryPlan(
        weights=file_bytes,
        repacked=file_bytes if repack else 0,
        kv=kv_bytes_per_token * context,
        overhead=OVERHEAD,
    )


def decide_repack(
    setting: Literal["auto", "on", "off"],
    plan: MemoryPlan,
    *,
    total_memory: int,
    available_memory: int,
) -> bool:
    """Decide whether weights are repacked for the CPU, which reads faster and doubles them.

    Args:
        setting: ``on`` and ``off`` are obeyed. ``auto`` repacks where the copy is free now and
            the whole stays within two thirds of the machine, so that other programs have room.
        plan: the estimate with repacking.
        total_memory: the machine's memory in bytes.
        available_memory: what can be had now, without swapping, in bytes.
    """
    if setting != "auto":
        return setting == "on"
    return plan.total <= min(available_memory, total_memory * _SHARE_OF_MACHINE)
