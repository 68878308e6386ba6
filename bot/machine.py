"""What this machine has to run a model on."""

import os
import platform
from dataclasses import dataclass
from typing import Self

import psutil


@dataclass(frozen=True, slots=True)
class Machine:
    """Memory in bytes, and processors.

    Attributes:
        total_memory: all of it.
        available_memory: what can be had now without swapping.
        cores: physical cores that this process may use.
        metal: whether there is Apple's GPU, which shares the memory.
    """

    total_memory: int
    available_memory: int
    cores: int
    metal: bool

    @classmethod
    def here(cls) -> Self:
        """Look at the machine that this runs on."""
        memory = psutil.virtual_memory()
        physical = psutil.cpu_count(logical=False) or os.cpu_count() or 1
        allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else physical
        return cls(
            total_memory=memory.total,
            available_memory=memory.available,
            cores=min(physical, allowed),
            metal=platform.system() == "Darwin" and platform.machine() == "arm64",
        )
