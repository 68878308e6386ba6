import pytest

from bot.delivery.progress import progress_line
from bot.delivery.stream import Phase, Snapshot


def say(key: str, **fields: object) -> str:
    return f"{key} {fields}"


def reading(seconds_left: float | None, read: int = 30, to_read: int = 120) -> Snapshot:
    return Snapshot(Phase.READING, read=read, to_read=to_read, seconds_left=seconds_left)


def test_a_long_reading_shows_how_far_it_is_and_how_long_it_takes() -> None:
    assert progress_line(reading(4.2), say) == "progress.reading {'percent': 25, 'seconds': 5}"


def test_a_long_reading_that_was_not_measured_shows_how_far_it_is() -> None:
    assert progress_line(reading(None), say) == "progress.reading_unmeasured {'percent': 25}"


@pytest.mark.parametrize(
    "snapshot",
    [
        reading(1.5),
        reading(None, read=57),
        reading(None, read=0, to_read=0),
        Snapshot(Phase.WAITING, ahead=0),
        Snapshot(Phase.ANSWERING, seconds_left=9, thinking_seconds=3),
        Snapshot(Phase.ENDED, seconds_left=9, thinking_seconds=3),
    ],
)
def test_what_is_soon_over_has_no_line(snapshot: Snapshot) -> None:
    assert progress_line(snapshot, say) is None


def test_thinking_shows_its_seconds() -> None:
    snapshot = Snapshot(Phase.THINKING, thinking_seconds=12.9)
    assert progress_line(snapshot, say) == "progress.thinking {'seconds': 12}"


def test_waiting_shows_who_is_ahead() -> None:
    snapshot = Snapshot(Phase.WAITING, ahead=2)
    assert progress_line(snapshot, say) == "progress.waiting_unmeasured {'ahead': 2}"


def test_an_answer_that_was_parked_shows_who_is_ahead() -> None:
    parked = Snapshot(Phase.ANSWERING, ahead=2, seconds_left=19, text="Hel")
    assert progress_line(parked, say) == "progress.waiting {'ahead': 2, 'seconds': 20}"
    assert progress_line(parked._replace(paused=True), say) == "progress.paused {}"


def test_loading_the_weights_is_said() -> None:
    assert progress_line(Snapshot(Phase.LOADING), say) == "progress.loading {}"


def test_where_nothing_is_begun_now_that_is_said_and_not_who_is_ahead() -> None:
    paused = Snapshot(Phase.WAITING, ahead=2, paused=True)
    assert progress_line(paused, say) == "progress.paused {}"
    assert progress_line(Snapshot(Phase.ANSWERING, paused=True), say) is None
