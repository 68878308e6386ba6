"""What tests of several rooms share."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Protocol

import pytest

from tests.doubles.model import ScriptedModel
from tests.doubles.rooms import Rooms, open_rooms
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


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a database may be."""
    return tmp_path / "ostro.db"


@pytest.fixture
def model() -> ScriptedModel:
    """A model that says what a test wants."""
    return ScriptedModel()


@pytest.fixture
async def rooms(path: Path, model: ScriptedModel) -> AsyncIterator[Rooms]:
    """All of the bot but its platforms and its real model."""
    async with open_rooms(path, model) as opened:
        yield opened
