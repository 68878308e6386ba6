"""Which platforms the settings name."""

from pathlib import Path
from typing import Any, cast

import pytest

from bot.app.set_up import read_set_up
from bot.errors import UsageError
from bot.message import Platform
from bot.phrases import Phrasebook
from bot.settings import ROOMS

TELEGRAM = f"123456789:{'AAH-x_9' * 5}"
DISCORD = f"{'MTE4' * 6}MQ.GwX-_a.{'c0ffee-_' * 5}"
PHRASES = Phrasebook.load()


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for room in ROOMS:
        monkeypatch.setitem(cast("dict[str, Any]", room.model_config), "env_file", tmp_path / "no")
    for name in (
        "TELEGRAM_TOKEN",
        "DISCORD_TOKEN",
        "DISCORD_ALWAYS_CHANNELS",
        "DISCORD_MESSAGE_CONTENT",
    ):
        monkeypatch.delenv(name, raising=False)


def platforms(monkeypatch: pytest.MonkeyPatch, **settings: str) -> list[Platform]:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    return [one.platform for one in read_set_up(PHRASES)]


def test_what_has_a_token_is_served(monkeypatch: pytest.MonkeyPatch) -> None:
    assert platforms(monkeypatch, DISCORD_TOKEN=DISCORD) == [Platform.DISCORD]
    both = [Platform.TELEGRAM, Platform.DISCORD]
    assert platforms(monkeypatch, TELEGRAM_TOKEN=TELEGRAM) == both


def test_without_any_token_it_is_said_where_they_are_had(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match=r"as TELEGRAM_TOKEN .* or as DISCORD_TOKEN"):
        platforms(monkeypatch)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"DISCORD_TOKEN": "garbage"}, "DISCORD_TOKEN: this is no token"),
        (
            {"DISCORD_TOKEN": DISCORD, "DISCORD_ALWAYS_CHANNELS": "118"},
            "DISCORD_ALWAYS_CHANNELS: to read what does not mention the bot, set DISCORD_",
        ),
    ],
)
def test_what_is_wrong_with_discord_stops_discord_only(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    settings: dict[str, str],
    told: str,
) -> None:
    with pytest.raises(UsageError, match=told):
        platforms(monkeypatch, **settings)
    assert platforms(monkeypatch, TELEGRAM_TOKEN=TELEGRAM) == [Platform.TELEGRAM]
    line = capsys.readouterr().err
    assert line.startswith(told)
    assert line.endswith("; the other platform goes on\n")


def test_what_is_wrong_with_both_is_told_of_both(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(UsageError, match="DISCORD_TOKEN: "):
        platforms(monkeypatch, DISCORD_TOKEN="x", TELEGRAM_TOKEN="x")  # noqa: S106 # no token
    line = capsys.readouterr().err
    assert line.startswith("TELEGRAM_TOKEN: this is no token")
    assert "goes on" not in line
