"""Killed between any two lines that change files: what was written before is there, and whole."""

import subprocess
import sys
from pathlib import Path

LIVES = """
import os, shutil, signal, sys, threading
from pathlib import Path
from bot.generation.eras import Eras
from tests.doubles.warm import era, files, keep, restored, talk, warm

good, path = Path(sys.argv[1]) / "good", Path(sys.argv[1]) / "warm"
asked = talk(300)
old, new, other = talk(600, 1, asked), talk(700, 2, asked), talk(300, 3)
over, late, later = talk(300, 4), talk(300, 5), talk(710, 2, new)
os.fsync = lambda handle: None  # slow, and a kill, unlike a power cut, loses nothing without
with warm(good) as store:
    for chat, ids in ((1, old), (2, other), (3, over)):
        keep(store, era(chat), ids)
(good / ("a" * 32 + ".warm.part")).write_bytes(b"half")

CHANGING = ("write", "_made", "delete", "_delete")

def live(killed_at):
    left = [killed_at]
    def in_files(frame, event, argument):
        code = frame.f_code
        if code.co_name not in CHANGING or not code.co_filename.endswith("warm/folder.py"):
            return None
        left[0] -= event == "line"
        if left[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return in_files
    threading.settrace(in_files)
    sys.settrace(in_files)
    with warm(path) as store:
        keep(store, era(1), new)
        store.retain(Eras([era(1), era(2), era(3, 1)]))
        keep(store, era(4), late)

def check():
    with warm(path) as store:
        assert not [name for name in files(path) if name.endswith(".part")]
        assert restored(store, other) == 300
        assert restored(store, new) >= 256 and restored(store, old) >= 256
        assert restored(store, old) == 600 or store.match(new).tokens >= 512
        restored(store, over), restored(store, late)
        store.retain(Eras([era(1), era(2), era(3, 1)]))
        assert store.match(over).tokens == 0
        for chat, ids in ((1, later), (4, late)):
            keep(store, era(chat), ids)
        for ids in (later, other, late):
            assert restored(store, ids) == len(ids)
    assert len(files(path)) == 3 + 2 + 2, files(path)

kills, status = 0, -1
while status:
    shutil.rmtree(path, ignore_errors=True)
    shutil.copytree(good, path)
    child = os.fork()
    if not child:
        try:
            live(kills)
            os._exit(0)
        finally:
            os._exit(1)
    status = os.waitpid(child, 0)[1]
    assert status in (0, signal.SIGKILL), status
    check()
    kills += bool(status)
print(kills)
"""


def test_a_kill_at_any_moment_costs_at_most_what_was_being_written(tmp_path: Path) -> None:
    done = subprocess.run(  # noqa: S603 # our own code, in this interpreter
        [sys.executable, "-c", LIVES, tmp_path],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )

    assert done.stderr == ""
    assert int(done.stdout) > 50
