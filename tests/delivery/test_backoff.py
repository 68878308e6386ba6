from bot.delivery.backoff import pause


def test_pauses_grow_up_to_eight_seconds_and_no_further() -> None:
    longest = [pause(failures, lambda: 1.0) for failures in (1, 2, 3, 4, 5, 6, 10_000)]

    assert longest == [0.5, 1, 2, 4, 8, 8, 8]


def test_chance_takes_up_to_half_of_a_pause() -> None:
    assert [pause(5, lambda: chance) for chance in (0.0, 0.5)] == [4, 6]  # noqa: B023 # called at once
    assert 4 <= pause(5) <= 8
