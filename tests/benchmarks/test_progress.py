from functools import partial

import pytest

from benchmarks.progress import Step, line, run


def test_the_bar_fills_with_what_is_done() -> None:
    assert line(0, 0, "begins").startswith("[........................]   0% 0:00 begins")
    assert line(0.5, 75, "half").startswith("[############............]  50% 1:15 half")


def test_steps_are_done_in_their_order_and_count_by_their_weight(
    capsys: pytest.CaptureFixture[str],
) -> None:
    done: list[str] = []
    steps = [Step("a", 1, partial(done.append, "a")), Step("b", 3, partial(done.append, "b"))]
    run(steps)
    assert done == ["a", "b"]
    told = capsys.readouterr()
    assert told.out == ""
    assert [text.split("]")[1].split()[0] for text in told.err.splitlines() if text] == [
        *("0%", "25%", "100%"),
    ]
