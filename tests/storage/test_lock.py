import os
import subprocess
import sys
from pathlib import Path

import pytest

from storage.errors import LockedError, UnwritableError
from storage.lock import hold

HOLDER = """
import sys
from pathlib import Path
from storage.lock import hold

with hold(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def next_handle() -> int:
    """Return the number that the next opened file gets: the smallest free one."""
    handle = os.open(os.devnull, os.O_RDONLY)
    os.close(handle)
    return handle


def test_a_lock_can_be_held_again_after_it_was_let_go(tmp_path: Path) -> None:
    for _ in range(2):
        with hold(tmp_path / "locks" / "chat.lock"):
            pass


def test_a_second_holder_is_refused_with_one_clear_line(tmp_path: Path) -> None:
    with (
        hold(tmp_path / "lock"),
        pytest.raises(LockedError, match=r"another Ostro is using .*lock: end that one first"),
        hold(tmp_path / "lock"),
    ):
        pass


def test_a_refusal_leaves_the_first_holder_its_lock(tmp_path: Path) -> None:
    with hold(tmp_path / "lock"):
        for _ in range(2):
            with pytest.raises(LockedError), hold(tmp_path / "lock"):
                pass


def test_a_refusal_leaves_no_file_open(tmp_path: Path) -> None:
    with hold(tmp_path / "lock"):
        before = next_handle()
        with pytest.raises(LockedError), hold(tmp_path / "lock"):
            pass
        assert next_handle() == before


def test_an_exception_lets_go(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), hold(tmp_path / "lock"):
        raise ZeroDivisionError
    with hold(tmp_path / "lock"):
        pass


def test_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    with hold(tmp_path / "lock"):
        assert (tmp_path / "lock").stat().st_mode & 0o777 == 0o600


def test_the_lock_of_another_process_ends_when_it_is_killed(tmp_path: Path) -> None:
    with subprocess.Popen(  # noqa: S603 # our own code, in this interpreter
        [sys.executable, "-c", HOLDER, tmp_path / "lock"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        with pytest.raises(LockedError), hold(tmp_path / "lock"):
            pass
        process.kill()
        process.wait(timeout=30)
        with hold(tmp_path / "lock"):
            pass


def test_a_file_that_cannot_be_made_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    with pytest.raises(UnwritableError, match="cannot be opened"), hold(tmp_path / "data" / "lock"):
        pass
