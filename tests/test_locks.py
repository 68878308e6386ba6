import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from bot.settings import PROJECT

RUNTIME = PROJECT / "requirements.lock"
DEVELOPMENT = PROJECT / "requirements-dev.lock"
HASHED = re.compile(r"[\w.-]+==\S+( ; [^\\]+)?( --hash=sha256:[0-9a-f]{64})+")


def _requirements(text: str) -> list[str]:
    """One requirement a line, with its hashes."""
    return re.sub(r"\s*\\\n\s*", " ", text).splitlines()


def _named(text: str) -> set[str]:
    return {line.split("==")[0] for line in _requirements(text)}


def _asked_for(*groups: str) -> set[str]:
    """What pyproject.toml names itself."""
    given = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = given["project"]["dependencies"] + given["project"]["optional-dependencies"]["embedded"]
    for group in groups:
        asked += [each for each in given["dependency-groups"][group] if isinstance(each, str)]
    return {canonicalize_name(Requirement(each).name) for each in asked}


@pytest.mark.parametrize("lock", [RUNTIME, DEVELOPMENT], ids=lambda lock: lock.name)
def test_a_lock_holds_versions_and_hashes_and_nothing_else(lock: object) -> None:
    text = (PROJECT / str(lock)).read_text(encoding="utf-8")
    assert [line for line in _requirements(text) if not HASHED.fullmatch(line)] == []
    assert "://" not in text
    assert "#" not in text


def test_running_and_developing_use_the_very_same_packages() -> None:
    runtime = set(_requirements(RUNTIME.read_text(encoding="utf-8")))
    development = set(_requirements(DEVELOPMENT.read_text(encoding="utf-8")))
    assert runtime - development == set()


def test_the_locks_hold_all_that_is_asked_for() -> None:
    assert _asked_for("build") - _named(RUNTIME.read_text(encoding="utf-8")) == set()
    assert _asked_for("build", "dev") - _named(DEVELOPMENT.read_text(encoding="utf-8")) == set()
