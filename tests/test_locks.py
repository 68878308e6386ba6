import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from bot.settings import PROJECT

REMOTE = PROJECT / "requirements-remote.lock"
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
    asked = list(given["project"]["dependencies"])
    if "embedded" in groups:
        asked += given["project"]["optional-dependencies"]["embedded"]
    for group in given["dependency-groups"].keys() & groups:
        asked += [each for each in given["dependency-groups"][group] if isinstance(each, str)]
    return {canonicalize_name(Requirement(each).name) for each in asked}


@pytest.mark.parametrize("lock", [REMOTE, RUNTIME, DEVELOPMENT], ids=lambda lock: lock.name)
def test_a_lock_holds_versions_and_hashes_and_nothing_else(lock: object) -> None:
    text = (PROJECT / str(lock)).read_text(encoding="utf-8")
    assert [line for line in _requirements(text) if not HASHED.fullmatch(line)] == []
    assert "://" not in text
    assert "#" not in text


def test_running_and_developing_use_the_very_same_packages() -> None:
    remote, runtime, development = (
        set(_requirements(lock.read_text(encoding="utf-8")))
        for lock in (REMOTE, RUNTIME, DEVELOPMENT)
    )
    assert remote < runtime < development


def test_the_locks_hold_all_that_is_asked_for() -> None:
    remote, runtime, development = (
        _named(lock.read_text(encoding="utf-8")) for lock in (REMOTE, RUNTIME, DEVELOPMENT)
    )
    assert _asked_for("build") - remote == set()
    assert _asked_for("build", "embedded") - runtime == set()
    assert _asked_for("build", "embedded", "dev") - development == set()


def test_who_has_a_server_gets_nothing_that_has_to_be_compiled() -> None:
    assert "llama-cpp-python" in _named(RUNTIME.read_text(encoding="utf-8"))
    assert "llama-cpp-python" not in _named(REMOTE.read_text(encoding="utf-8"))
