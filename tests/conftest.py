"""What tests of several rooms share."""

from pathlib import Path
from typing import Protocol

import pytest

from tests.doubles.weights import tiny_weights


class Tiny(Protocol):
    def __call__(self, generation: str) -> Path: ...


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where tiny weights are made, once a session."""
    return tmp_path_factory.mktemp("weights")


@pytest.fixture(scope="session")
def tiny(folder: Path) -> Tiny:
    """Tiny weights by generation."""
    return lambda generation: tiny_weights(folder, generation)
