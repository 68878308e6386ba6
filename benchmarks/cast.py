"""Who is measured with one file of weights: Ostro and its peers, each a process."""

from collections.abc import Mapping
from pathlib import Path
from shutil import rmtree
from typing import Any

from benchmarks.part import Part

OSTRO, SEED, SERVER, RAW = "Ostro", "the seed's script", "llama-server", "llama.cpp alone"
SLOTS = 4
WINDOW = 4096
_MODULES = {OSTRO: "ostro", SEED: "seed", SERVER: "server", RAW: "raw"}


class Cast:
    """Starts and ends the parts that use one file of weights.

    All have the same threads, the same KV type and, where they have such, slots and cells.

    Args:
        weights: the file.
        folder: for warm states and logs; what an earlier run left in it is deleted.
    """

    def __init__(self, weights: Path, folder: Path) -> None:
        self._weights = weights
        self._folder = folder
        self._parts: dict[str, Part] = {}
        rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)

    def __getitem__(self, who: str) -> Part:
        return self._parts[who]

    def open(self, who: str, settings: Mapping[str, str] | None = None) -> None:
        """Start a part; ``settings`` of Ostro win over those that it has for the others' sake."""
        kind = _MODULES[who]
        environment = {
            "MODEL_SLOTS": str(SLOTS),
            "MODEL_CONTEXT": str(WINDOW),
            "MODEL_CELLS": str(SLOTS * WINDOW),
            "MODEL_TEMPERATURE": "0",
            "MODEL_REPEAT_PENALTY": "1",
            "WARM_PATH": str(self._folder / "warm"),
            **(settings or {}),
        }
        log = self._folder / f"{kind}.log"
        self._parts[who] = Part(kind, self._weights, self._options(who), environment, log)

    def _options(self, who: str) -> dict[str, Any]:
        if who == SEED:
            return {"window": WINDOW}
        if who == SERVER:
            return {"slots": SLOTS, "cells": SLOTS * WINDOW}
        if who == RAW:
            return {"repack": "repacked" in self._parts[OSTRO].said}
        return {}

    def end(self, who: str) -> None:
        """Let a part end in its own way."""
        self._parts.pop(who).close()

    def kill(self, who: str) -> None:
        """End a part with SIGKILL."""
        self._parts.pop(who).kill()

    def close(self) -> None:
        """Kill who is left, and delete the warm states."""
        for who in list(self._parts):
            self.kill(who)
        rmtree(self._folder / "warm", ignore_errors=True)
