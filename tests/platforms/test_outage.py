import logging

import pytest

from bot.platforms.outage import Outage


def test_an_outage_is_one_line_when_it_begins_and_one_when_it_is_over(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    outage = Outage("it works again")
    outage.worked()
    waits = [outage.failed(f"it broke {n}") for n in range(5)]
    outage.worked()
    outage.worked()

    assert caplog.messages == ["it broke 0; trying again until it works", "it works again"]
    assert all(0 < wait <= 8 for wait in waits)
    assert waits[4] >= 4


def test_a_failure_that_is_over_at_once_is_not_worth_a_line(
    caplog: pytest.LogCaptureFixture,
) -> None:
    outage = Outage("it works again", unsaid=1)
    wait = outage.failed("it broke")
    outage.worked()

    assert (wait, caplog.messages) == (0, [])


def test_the_next_outage_is_said_again(caplog: pytest.LogCaptureFixture) -> None:
    outage = Outage("it works again", unsaid=1)
    for reason in ("first", "second", "third"):
        outage.failed(reason)
    outage.worked()
    outage.failed("fourth")
    outage.failed("fifth")

    assert [line.partition(";")[0] for line in caplog.messages] == [
        "second",
        "it works again",
        "fifth",
    ]
