"""Settings that no environment of ours gets into."""

import os
from pathlib import Path
from typing import Any, cast

import pytest

from bot.settings import ROOMS


@pytest.fixture(autouse=True)
def env(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An environment without settings, and a .env file of the test's own, not there yet."""
    for room in ROOMS:
        config = cast("dict[str, Any]", room.model_config)
        monkeypatch.setitem(config, "env_file", tmp_path / ".env")
        for name in os.environ:
            if name.upper().startswith(config["env_prefix"]):
                monkeypatch.delenv(name)
    return tmp_path / ".env"
