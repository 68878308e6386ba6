"""Tiny weights, opened for their vocabulary, once a session."""

from collections.abc import Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Protocol

import pytest

from bot.generation.llama.vocabulary import Vocabulary
from tests.doubles.oracles import MistralCommon
from tests.doubles.weights import tiny_weights


class Opened(Protocol):
    def __call__(self, generation: str) -> Vocabulary: ...


class Oracle(Protocol):
    def __call__(self, generation: str) -> MistralCommon: ...


@pytest.fixture(scope="session")
def opened(folder: Path) -> Iterator[Opened]:
    """Weights by generation."""
    with ExitStack() as stack:

        @cache
        def open_(generation: str) -> Vocabulary:
            return stack.enter_context(Vocabulary(tiny_weights(folder, generation)))

        yield open_


@pytest.fixture(scope="session")
def oracle(folder: Path) -> Oracle:
    """mistral-common by generation."""

    @cache
    def made(generation: str) -> MistralCommon:
        return MistralCommon(folder, generation)

    return made
