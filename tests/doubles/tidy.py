"""Fixtures of tests over sockets: what is left open is found, and no machine sleeps."""

import gc
import math
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="module", autouse=True)
def collected() -> Iterator[None]:
    """Find a connection that was not closed here, and not in the midst of other tests."""
    yield
    gc.collect()


@pytest.fixture(autouse=True)
def awake(monkeypatch: pytest.MonkeyPatch) -> None:
    """The wall clock stands still here, which otherwise means that the machine slept."""
    monkeypatch.setattr("bot.platforms.lid.SLEPT_SECONDS", math.inf)
