import psutil
import pytest

from bot.machine import Machine


def test_it_knows_this_machine() -> None:
    machine = Machine.here()
    assert machine.total_memory == psutil.virtual_memory().total
    assert 0 < machine.available_memory <= machine.total_memory
    assert machine.cores >= 1


def test_it_uses_no_more_cores_than_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(psutil, "cpu_count", lambda *, logical: 64 if not logical else 128)
    monkeypatch.setattr("os.sched_getaffinity", lambda _pid: {0, 1, 2}, raising=False)
    assert Machine.here().cores == 3
