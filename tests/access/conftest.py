"""What these tests share: connections that were not closed are found, and no machine sleeps."""

import gc
import math
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="module", autouse=True)
def collected() -> Iterator[None]:
    yield
    gc.collect()  # a connection that was not closed is found here


@pytest.fixture(autouse=True)
def awake(monkeypatch: pytest.MonkeyPatch) -> None:
    """The wall clock stands still here, which otherwise means that the machine slept."""
    monkeypatch.setattr("bot.platforms.lid.SLEPT_SECONDS", math.inf)
