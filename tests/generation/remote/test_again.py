"""How failures are tried again."""

import logging
from contextlib import suppress

import pytest

from bot.generation.remote.again import Again, Tries, pause
from bot.generation.remote.failures import ServerError, Trouble
from tests.doubles.remote_model import Passing

PASSING = ServerError("failed", Trouble.PASSING)


def tries(time: Passing, seconds: float = 30.0) -> Tries:
    return Tries(Again(seconds, time.clock, time.sleep, draw=lambda: 0.0))


async def test_the_waits_grow_and_have_an_end() -> None:
    time, begun = Passing(), 100.0
    waiting = tries(time)
    for _ in range(11):
        await waiting.wait(PASSING)
    with pytest.raises(ServerError) as caught:
        await waiting.wait(PASSING)

    assert caught.value is PASSING
    assert time.slept == [0.125, 0.25, 0.5, 1, 2, 4, 4, 4, 4, 4, 4]
    assert time.now - begun <= 30


async def test_the_time_is_counted_from_the_first_failure() -> None:
    time = Passing()
    waiting = tries(time)
    time.now += 3600  # that long it has been read

    await waiting.wait(PASSING)

    assert time.slept == [0.125]


async def test_a_server_that_loads_its_weights_is_waited_for_longer() -> None:
    time, loading = Passing(), ServerError("is not ready", Trouble.LOADING)
    waiting = tries(time)
    await waiting.wait(PASSING)  # it was not there at all before
    with suppress(ServerError):
        while time.now < 10_000:
            await waiting.wait(loading)

    assert 590 < time.now - 100 <= 600


async def test_what_fails_behind_the_loading_is_not_waited_for_as_long() -> None:
    time, loading = Passing(), ServerError("is not ready", Trouble.LOADING)
    waiting = tries(time)
    while time.now - 100 < 60:
        await waiting.wait(loading)

    with pytest.raises(ServerError):
        await waiting.wait(PASSING)


@pytest.mark.parametrize("trouble", set(Trouble) - {Trouble.PASSING, Trouble.LOADING})
async def test_what_lasts_is_not_waited_for(trouble: Trouble) -> None:
    time = Passing()
    with pytest.raises(ServerError):
        await tries(time).wait(ServerError("refuses", trouble))

    assert time.slept == []


async def test_the_server_says_how_long_at_least() -> None:
    time = Passing()
    waiting = tries(time)
    await waiting.wait(ServerError("failed", Trouble.PASSING, after=29.0))
    with pytest.raises(ServerError):
        await waiting.wait(ServerError("failed", Trouble.PASSING, after=2.0))

    assert time.slept == [29.0]


async def test_the_first_failure_is_logged_for_all_to_see(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "ostro.remote")
    waiting = tries(Passing())
    await waiting.wait(PASSING)
    await waiting.wait(PASSING)

    assert [(one.levelname, one.message) for one in caplog.records] == [
        ("WARNING", "the model's server failed; trying again in 0.1 s"),
        ("INFO", "the model's server failed; trying again in 0.2 s"),
    ]


def test_the_jitter_is_half_of_a_wait() -> None:
    assert [pause(3, drawn) for drawn in (0.0, 0.5, 1.0)] == [1.0, 1.5, 2.0]
    assert pause(10**6, 1.0) == 8.0
