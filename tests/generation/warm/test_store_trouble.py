"""A disk that is full, read-only or gone costs warmth, and one line in the log."""

import errno
import logging
import os
import resource
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.generation.eras import Eras
from tests.doubles.clock import ManualClock
from tests.doubles.warm import (
    era,
    files,
    keep,
    keep_one_by_one,
    pieces,
    restored,
    settle,
    talk,
    warm,
)

SAID = ["states", "cannot", "chats", "go on"]


def complaints(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    return [record for record in caplog.records if record.name == "ostro.warm"]


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """Let the system refuse to make files larger than ``size``, as a full disk does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_on_a_full_disk_nothing_more_is_kept_and_what_was_there_stays(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    big = bytes(300_000)
    clock = ManualClock()
    with warm(tmp_path, clock=clock) as store:
        keep(store, era(1), talk(300))
        before = files(tmp_path)
        with largest_file(200_000):
            for chat in (2, 3):
                ids = talk(512, seed=chat)
                store.keep(era(chat), ids[:256], 0, big)
                store.keep(era(chat), ids, 256, b"stands on it")
                settle(store)
                assert store.match(ids).tokens == 0
                clock.now += 60
        assert files(tmp_path) == before
        assert restored(store, talk(300)) == 300
        assert len(complaints(caplog)) == 1
        assert all(word in complaints(caplog)[0].getMessage() for word in SAID)

        store.keep(era(2), talk(256, seed=2), 0, big)
        [chunk] = store.match(talk(256, seed=2)).chunks
        assert store.fetch(chunk).result(timeout=30) == big


def test_a_disk_that_refused_is_left_alone_for_a_minute(tmp_path: Path) -> None:
    clock, ids = ManualClock(), talk(600)
    with warm(tmp_path, clock=clock) as store:
        with largest_file(10):
            assert keep_one_by_one(store, era(1), ids) == 1
        clock.now += 59
        assert store.missing(ids) == []
        store.keep(era(1), ids[:256], 0, b"state")
        settle(store)
        assert (store.match(ids).tokens, files(tmp_path)) == (0, set())

        clock.now += 1
        assert keep_one_by_one(store, era(1), ids) == pieces(600)
        assert restored(store, ids) == 600


def test_a_write_that_fails_leaves_the_old_branch_alone(tmp_path: Path) -> None:
    asked = talk(256)
    old, new = (talk(500, seed=seed, after=asked) for seed in (1, 2))
    with warm(tmp_path) as store:
        keep(store, era(1), old)
        with largest_file(20_000):
            store.keep(era(1), new, 256, bytes(30_000))
            settle(store)

        assert restored(store, old) == 500
        assert store.match(new).tokens == 256


def test_what_never_reached_the_disk_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(_handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with warm(tmp_path) as store:
        monkeypatch.setattr(os, "fsync", refuse)
        keep(store, era(1), talk(300))

        assert store.match(talk(300)).tokens == 0
        assert files(tmp_path) == set()
    assert len(complaints(caplog)) == 1


def test_a_read_only_folder_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    with warm(tmp_path) as store:
        keep(store, era(1), talk(600))
        for name in ("open", "utime", "unlink", "rename"):
            monkeypatch.setattr(os, name, refuse)
        keep(store, era(2), talk(600, seed=2))

        assert restored(store, talk(600)) == 600
        assert store.match(talk(600, seed=2)).tokens == 0
        store.retain(Eras([era(1, epoch=1)]))
        settle(store)
        assert store.match(talk(600)).tokens == 0
        monkeypatch.undo()
    assert len(complaints(caplog)) == 1
    with warm(tmp_path) as store:  # what could not be deleted is, once it can
        assert store.match(talk(600)).tokens == 600
        store.retain(Eras([era(1, epoch=1)]))
    assert files(tmp_path) == set()


def test_a_folder_that_is_gone_is_missed_once_and_never_raised(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "warm"
    with warm(path) as store:
        keep(store, era(1), talk(600))
        shutil.rmtree(path)

        assert restored(store, talk(600)) == 0
        keep(store, era(1), talk(600))
        assert store.match(talk(600)).tokens == 0
        store.retain(Eras(()))
    assert len(complaints(caplog)) == 1


def test_nothing_that_was_said_is_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    ids = (31_337,) * 300
    with warm(tmp_path) as store:
        keep(store, era(1), ids)
        with largest_file(10):
            keep(store, era(1), (*ids, 31_337))

    assert complaints(caplog)
    assert "31337" not in caplog.text
