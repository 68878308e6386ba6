"""A context of tiny weights with an eye on every logit."""

import ctypes
import functools
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import llama_cpp
import numpy as np
import numpy.typing as npt

from bot.generation.llama.context import Context, Part
from bot.generation.llama.load import Load
from bot.generation.llama.sampler import Sampler
from bot.generation.llama.vocabulary import Vocabulary
from bot.generation.model import Sampling

Logits = npt.NDArray[np.float32]

LIMIT = 4
"""Tokens of an answer, unless a test wants another number."""


def load_of(path: Path, **changes: Any) -> Load:  # noqa: ANN401 # Load says what each is
    """Return how tiny weights are loaded: two answers at once, small in all."""
    usual: dict[str, Any] = {
        "window": 256,
        "cells": 512,
        "slots": 2,
        "batch": 64,
        "threads": 1,
        "gpu_layers": 0,
        "repack": False,
        "kv_type": "f16",
    }
    return Load(path, **{**usual, **changes})


def said(seed: int, count: int = LIMIT) -> tuple[int, ...]:
    """Return what a watched context says in an answer with a seed."""
    return tuple(1000 + (97 * seed + 31 * number) % 20_000 for number in range(count))


@functools.cache
def vocabulary_of(path: Path) -> Vocabulary:
    """Return the vocabulary of tiny weights, opened once."""
    return Vocabulary(path)


class WatchedContext(Context):
    """A context that says what ``said`` says, and remembers what would have been drawn from.

    Attributes:
        steps: the parts of every batch that was read.
        logits: seed of an answer -> those that each of its tokens was drawn from.
        speaks: False: what is said is what the weights say.
    """

    def __init__(self, load: Load, sequences: int) -> None:
        self.steps: list[list[Part]] = []
        self.logits: dict[int, list[Logits]] = {}
        self.speaks = True
        self._seeds: dict[Sampler, int] = {}
        super().__init__(load, sequences, lambda: True)

    def decode(self, parts: Sequence[Part]) -> list[int]:
        """Read one batch."""
        places = super().decode(parts)
        self.steps.append(list(parts))
        return places

    def sampler(self, sampling: Sampling, seed: int, said: Sequence[int] = ()) -> Sampler:
        """Make the sampler of one answer."""
        sampler = super().sampler(sampling, seed, said)
        self._seeds[sampler] = seed
        self.logits[seed] = []
        return sampler

    def draw(self, sampler: Sampler, place: int) -> int:
        """Draw the next token."""
        seed = self._seeds[sampler]
        self.logits[seed].append(self.logits_at(place))
        drawn = super().draw(sampler, place)
        count = len(self.logits[seed])
        return said(seed, count)[-1] if self.speaks else drawn

    def logits_at(self, place: int) -> Logits:
        """Return the logits behind a part of the last batch."""
        pointer = llama_cpp.llama_get_logits_ith(self._context, place)
        values = ctypes.cast(pointer, ctypes.POINTER(ctypes.c_float))
        return np.ctypeslib.as_array(values, (self.vocabulary_size,)).copy()

    @property
    def tokens_read(self) -> int:
        """Tokens that were read in all, written ones included."""
        return sum(len(part.ids) for step in self.steps for part in step)
