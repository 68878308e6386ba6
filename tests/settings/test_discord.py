"""The bot on Discord, as it is set up."""

import pytest

from bot.settings import DiscordSettings


@pytest.mark.parametrize(
    ("written", "read"),
    [("", ()), ("118", ("118",)), (" 118 , 9007199254740993,", ("118", "9007199254740993"))],
)
def test_channels_are_numbers_separated_by_commas(
    monkeypatch: pytest.MonkeyPatch, written: str, read: tuple[str, ...]
) -> None:
    monkeypatch.setenv("DISCORD_ALWAYS_CHANNELS", written)

    assert DiscordSettings.read().always_channels == read
