"""What tests of the engine share."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from bot.generation.warm.store import WarmStore
from tests.conftest import Tiny
from tests.doubles.engine import Desk
from tests.doubles.watched import vocabulary_of

PLENTY = 2**30


class Desks:
    """Opens engines, and closes them at the end."""

    def __init__(self, tiny: Tiny, stack: ExitStack) -> None:
        self._tiny = tiny
        self._stack = stack

    def __call__(self, sort: str = "v1", **how: Any) -> Desk:  # noqa: ANN401 # see Desk
        return self._stack.enter_context(Desk(self._tiny(sort), **how))


class Stores:
    """Opens the folder of one test for one sort of weights after another."""

    def __init__(self, tiny: Tiny, path: Path, stack: ExitStack) -> None:
        self.path = path
        self._tiny = tiny
        self._stack = stack

    def __call__(self, sort: str = "v1", limit: int = PLENTY) -> WarmStore:
        whole = not vocabulary_of(self._tiny(sort)).can_cut
        store = WarmStore.open(self.path, limit, sort, whole=whole)
        self._stack.callback(store.close)
        return store

    def files(self) -> list[Path]:
        """Return the chunks, the oldest first."""
        return sorted(self.path.glob("*.warm"), key=lambda path: path.stat().st_mtime_ns)


@pytest.fixture
def desks(tiny: Tiny) -> Iterator[Desks]:
    with ExitStack() as stack:
        yield Desks(tiny, stack)


@pytest.fixture
def stores(tiny: Tiny, tmp_path: Path) -> Iterator[Stores]:
    with ExitStack() as stack:
        yield Stores(tiny, tmp_path / "warm", stack)
