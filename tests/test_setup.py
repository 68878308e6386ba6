"""``make setup`` on a small project of the same shape, with packages from a folder."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.settings import PROJECT

PYPROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
[project]
name = "ostro"
version = "0.1.0"
"""

BACKEND = """
import zipfile
def build_editable(folder, config_settings=None, metadata_directory=None):
    name = "ostro-0.1.0-py3-none-any.whl"
    with zipfile.ZipFile(f"{folder}/{name}", "w") as wheel:
        info = "ostro-0.1.0.dist-info"
        metadata = "Metadata-Version: 2.1\\nName: ostro\\nVersion: 0.1.0\\n"
        wheel.writestr(f"{info}/METADATA", metadata)
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\\nTag: py3-none-any\\n")
        wheel.writestr(f"{info}/entry_points.txt", "[console_scripts]\\nostro = llama_cpp:main\\n")
        wheel.writestr(f"{info}/RECORD", "")
    return name
"""


class Sandbox:
    """A small project beside a folder of packages."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "project"
        self.packages = folder / "packages"
        (self.folder / "scripts").mkdir(parents=True)
        self.packages.mkdir()
        shutil.copy(PROJECT / "Makefile", self.folder)
        shutil.copy(PROJECT / "scripts" / "setup.sh", self.folder / "scripts")
        (self.folder / "pyproject.toml").write_text(PYPROJECT)
        (self.folder / "backend.py").write_text(BACKEND)
        engine = self._package(
            "llama_cpp", "import sys\ndef main(): print('hello', *sys.argv[1:])\n"
        )
        tool = self._package("tool", "")
        self.runtime = self.folder / "requirements.lock"
        self.runtime.write_text(engine)
        (self.folder / "requirements-dev.lock").write_text(engine + tool)

    def _package(self, name: str, code: str) -> str:
        """Make a package and return its line of a lock."""
        path = self.packages / f"{name}-1.0-py3-none-any.whl"
        info = f"{name}-1.0.dist-info"
        with zipfile.ZipFile(path, "w") as wheel:
            wheel.writestr(f"{name}/__init__.py", code)
            wheel.writestr(
                f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n"
            )
            wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
            wheel.writestr(f"{info}/RECORD", "")
        return f"{name}==1.0 --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"

    def run(self, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
        ours = ("PIP_", "MAKE", "MFLAGS", "ARGS")  # of this run, which may be one of make's
        given = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        given |= {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(self.packages)}
        given |= {"PIP_CONFIG_FILE": "/dev/null", "PYTHON": sys.executable, **environment}
        return subprocess.run(  # noqa: S603 # the project's own commands
            command, cwd=self.folder, env=given, capture_output=True, text=True, check=False
        )

    def setup(self, kind: str = "runtime", **environment: str) -> subprocess.CompletedProcess[str]:
        return self.run("scripts/setup.sh", kind, **environment)

    def holds(self, package: str) -> bool:
        return any((self.folder / ".venv").glob(f"lib/python3*/site-packages/{package}"))


@pytest.fixture
def bare(tmp_path: Path) -> Sandbox:
    return Sandbox(tmp_path)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Sandbox:
    sandbox = Sandbox(tmp_path_factory.mktemp("setup"))
    done = sandbox.setup()
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""  # so that answers can be piped through make chat
    assert "compiling llama.cpp" in done.stderr
    return sandbox


@pytest.fixture
def ready(made: Sandbox) -> Iterator[Sandbox]:
    lock = made.runtime.read_text()
    yield made
    made.runtime.write_text(lock)


def _fake(folder: Path, name: str, script: str) -> str:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


def test_make_chat_sets_up_once_and_hands_its_options_on(ready: Sandbox) -> None:
    done = ready.run("make", "chat", "ARGS=--persona coder", PYTHON="/nowhere/python")
    assert done.stdout == "hello chat --persona coder\n"
    assert done.stderr == ""  # and nothing was looked for again


def test_developing_adds_to_the_same_environment_and_leaves_chatting_ready(ready: Sandbox) -> None:
    assert not ready.holds("tool")
    done = ready.setup("dev")
    assert done.returncode == 0, done.stderr
    assert "compiling" not in done.stderr
    assert ready.holds("tool")
    assert ready.setup("runtime", PYTHON="/nowhere/python").stderr == ""
    assert ready.setup("dev", PYTHON="/nowhere/python").stderr == ""


def test_a_set_up_that_failed_is_told_in_one_line_and_done_again(ready: Sandbox) -> None:
    lock = ready.runtime.read_text()
    ready.runtime.write_text(lock.replace("llama_cpp==1.0", "llama_cpp==2.0"))
    broken = ready.setup(PIP_NO_INDEX="", PIP_INDEX_URL="http://127.0.0.1:9/", PIP_RETRIES="1")
    assert broken.returncode == 1
    assert "Set-up stopped: the package index cannot be reached." in broken.stderr.splitlines()[-1]
    ready.runtime.write_text(lock)
    again = ready.setup()
    assert again.stderr.splitlines()[-1] == "Set-up is complete."
    assert ready.setup(PYTHON="/nowhere/python").stderr == ""


def test_a_package_with_another_hash_is_not_installed(ready: Sandbox) -> None:
    lock = ready.runtime.read_text()
    ready.runtime.write_text(
        re.sub(r"llama_cpp.*sha256:\w+", "tool==1.0 --hash=sha256:" + "0" * 64, lock)
    )
    ready.run(".venv/bin/python", "-m", "pip", "uninstall", "-y", "tool")
    done = ready.setup()
    assert done.returncode == 1
    assert "is not the one that requirements.lock promises" in done.stderr.splitlines()[-1]
    assert not ready.holds("tool")


def test_a_python_that_is_too_old_is_told(bare: Sandbox, tmp_path: Path) -> None:
    old = _fake(tmp_path, "python3", '[ "$1" = --version ] && echo Python 3.9.6 || exit 1')
    done = bare.setup(PYTHON=old)
    assert done.returncode == 1
    assert done.stderr.startswith("Set-up stopped: Python 3.9.6 is too old. Install Python 3.11")


def test_no_python_at_all_is_told(bare: Sandbox) -> None:
    done = bare.setup(PYTHON="/nowhere/python")
    assert done.returncode == 1
    assert done.stderr.startswith("Set-up stopped: there is no /nowhere/python here.")


def test_a_python_without_venv_is_told(bare: Sandbox, tmp_path: Path) -> None:
    bald = _fake(tmp_path, "python3", 'case "$*" in *ensurepip*) exit 1 ;; esac')
    done = bare.setup(PYTHON=bald)
    assert done.returncode == 1
    assert "has no venv module" in done.stderr


def test_a_missing_compiler_is_told(bare: Sandbox, tmp_path: Path) -> None:
    for name in ("c++", "g++", "clang++"):
        _fake(tmp_path, name, "exit 1")
    done = bare.setup(PATH=f"{tmp_path}:{os.environ['PATH']}", CXX="")
    assert done.returncode == 1
    assert done.stderr.startswith("Set-up stopped: there is no C++ compiler here")


def test_help_says_what_each_target_does(bare: Sandbox) -> None:
    done = bare.run("make", "help")
    targets = [line.split()[0] for line in done.stdout.splitlines()[1:]]
    assert targets == ["help", "chat", "serve", "test", "bench", "setup", "lock", "clean"]


def test_clean_keeps_weights_and_conversations(bare: Sandbox) -> None:
    for path in (".venv/x", "bot/__pycache__/x", "weights/x.gguf", "data/ostro.db"):
        (bare.folder / path).parent.mkdir(parents=True)
        (bare.folder / path).touch()
    assert bare.run("make", "clean").returncode == 0
    assert not (bare.folder / ".venv").exists()
    assert not (bare.folder / "bot" / "__pycache__").exists()
    assert (bare.folder / "weights" / "x.gguf").exists()
    assert (bare.folder / "data" / "ostro.db").exists()
