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
        wheel.writestr(f"{info}/entry_points.txt", "[console_scripts]\\nostro = program:main\\n")
        wheel.writestr(f"{info}/RECORD", "")
    return name
"""


URL = "http://127.0.0.1:8080/v1"


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
        program = self._package(
            "program", "import sys\ndef main(): print('hello', *sys.argv[1:])\n"
        )
        engine, tool = self._package("llama_cpp", ""), self._package("tool", "")
        self.runtime = self.folder / "requirements.lock"
        self.runtime.write_text(program + engine)
        (self.folder / "requirements-remote.lock").write_text(program)
        (self.folder / "requirements-dev.lock").write_text(program + engine + tool)

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
        # What is of this run, which may be one of make's.
        ours = ("PIP_", "MAKE", "MFLAGS", "ARGS", "MODEL_")
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


def test_who_has_the_engine_is_ready_for_a_server(ready: Sandbox) -> None:
    assert ready.setup(MODEL_URL=URL, PYTHON="/nowhere/python").stderr == ""


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


def _without_compiler(folder: Path) -> dict[str, str]:
    for name in ("cc", "gcc", "c++", "g++", "clang", "clang++"):
        _fake(folder, name, "exit 1")
    return {"PATH": f"{folder}:{os.environ['PATH']}", "CXX": ""}


def test_a_missing_compiler_is_told(bare: Sandbox, tmp_path: Path) -> None:
    done = bare.setup(**_without_compiler(tmp_path))
    assert done.returncode == 1
    assert done.stderr.startswith("Set-up stopped: there is no C++ compiler here")


@pytest.fixture(scope="module")
def remote(tmp_path_factory: pytest.TempPathFactory) -> Sandbox:
    """Set up for a server, by ``make chat``, where nothing can be compiled."""
    sandbox = Sandbox(tmp_path_factory.mktemp("remote"))
    bald = _without_compiler(tmp_path_factory.mktemp("bald"))
    done = sandbox.run("make", "chat", "ARGS=there", MODEL_URL=URL, **bald)
    assert done.stdout == "hello chat there\n", done.stderr
    assert "compiling" not in done.stderr
    assert not sandbox.holds("llama_cpp")
    return sandbox


def test_where_a_server_has_the_model_nothing_is_compiled_and_it_is_done_once(
    remote: Sandbox,
) -> None:
    done = remote.run("make", "serve", MODEL_URL=URL, PYTHON="/nowhere/python")
    assert (done.stdout, done.stderr) == ("hello serve\n", "")


@pytest.mark.parametrize(
    ("written", "is_set"),
    [
        (f"MODEL_URL={URL}\n", True),
        (f"# mine\n  export model_url = '{URL}' # home\n", True),
        (f"MODEL_URL=\nMODEL_URL={URL}", True),
        (f"MODEL_URL={URL}\r\nMODEL_KEY=\r\n", True),
        ("MODEL_URL=\n", False),
        ("MODEL_URL=\r\n", False),
        ('MODEL_URL="" # none\n', False),
        (f"MODEL_URL={URL}\nMODEL_URL=''\n", False),
        (f"# MODEL_URL={URL}\n", False),
        (f"MODEL_URLS={URL}\nMY_MODEL_URL={URL}\n", False),
    ],
)
@pytest.mark.parametrize("environment", [{}, {"MODEL_URL": ""}])
def test_the_file_of_settings_says_it_too(
    remote: Sandbox, written: str, *, is_set: bool, environment: dict[str, str]
) -> None:
    file = remote.folder / ".env"
    file.write_text(written, newline="")
    done = remote.setup(PYTHON="/nowhere/python", **environment)
    file.unlink()

    assert (done.returncode == 0) is is_set
    assert ("there is no /nowhere/python here" in done.stderr) is not is_set


def test_without_a_server_what_was_set_up_for_one_gets_the_engine(
    remote: Sandbox, tmp_path: Path
) -> None:
    refused = remote.setup(**_without_compiler(tmp_path))
    done = remote.setup()

    assert "there is no C++ compiler here" in refused.stderr
    assert (done.returncode, "compiling llama.cpp" in done.stderr) == (0, True)
    assert remote.holds("llama_cpp")
    assert remote.setup(MODEL_URL=URL, PYTHON="/nowhere/python").stderr == ""


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
