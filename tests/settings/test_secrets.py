"""Tokens: read, and never told."""

import traceback
from typing import Any

import pytest

from bot.errors import UsageError
from bot.settings import (
    BotSettings,
    DiscordSettings,
    LogSettings,
    ModelSettings,
    TelegramSettings,
)
from tests.doubles.refusals import refusal

TELEGRAM = f"123456789:{'AAH-x_9' * 5}"
DISCORD = f"{'MTE4' * 6}MQ.GwX-_a.{'c0ffee-_' * 5}"
"""They have the shape of one."""

NOT_TELEGRAMS = "TELEGRAM_TOKEN: this is no token; @BotFather gives one"
NOT_DISCORDS = "DISCORD_TOKEN: this is no token; the Developer Portal gives one under Bot"


@pytest.mark.parametrize(
    ("room", "variable", "written", "token"),
    [
        (TelegramSettings, "TELEGRAM_TOKEN", TELEGRAM, TELEGRAM),
        (TelegramSettings, "TELEGRAM_TOKEN", f" {TELEGRAM} ", TELEGRAM),
        (TelegramSettings, "TELEGRAM_TOKEN", f"1:{'x' * 35}", f"1:{'x' * 35}"),
        (DiscordSettings, "DISCORD_TOKEN", DISCORD, DISCORD),
        (DiscordSettings, "DISCORD_TOKEN", f" Bot {DISCORD} ", DISCORD),
    ],
)
def test_a_token_is_read_without_what_is_around_it_and_never_shown(
    monkeypatch: pytest.MonkeyPatch,
    room: type[TelegramSettings | DiscordSettings],
    variable: str,
    written: str,
    token: str,
) -> None:
    monkeypatch.setenv(variable, written)
    settings = room.read()

    assert settings.token is not None
    assert settings.token.get_secret_value() == token
    assert token not in f"{settings!r} {settings} {settings.model_dump_json()}"


@pytest.mark.parametrize(
    ("room", "told", "secret"),
    [
        *((TelegramSettings, NOT_TELEGRAMS, f"{wrong}") for wrong in ("s3cret", DISCORD)),
        *(
            (TelegramSettings, NOT_TELEGRAMS, wrong)
            for wrong in (f"bot{TELEGRAM}", f"{TELEGRAM} x", TELEGRAM[:44], f"{TELEGRAM}!")
        ),
        *(
            (TelegramSettings, NOT_TELEGRAMS, wrong)
            for wrong in (TELEGRAM.replace(":", ""), f"١٢٣:{'x' * 35}", f":{'x' * 35}")
        ),
        *(
            (DiscordSettings, NOT_DISCORDS, wrong)
            for wrong in ("s3cret", TELEGRAM, DISCORD.replace(".", ""), f"{DISCORD}.x", "1.2.3")
        ),
        (DiscordSettings, NOT_DISCORDS, f"{DISCORD}!"),
        (DiscordSettings, NOT_DISCORDS, f"Bearer {DISCORD}"),
    ],
)
def test_what_is_no_token_is_refused_and_not_told(
    monkeypatch: pytest.MonkeyPatch, room: type[Any], told: str, secret: str
) -> None:
    monkeypatch.setenv(told.partition(":")[0], secret)
    with pytest.raises(UsageError) as refused:
        room.read()

    assert str(refused.value).startswith(told)
    assert secret not in "".join(traceback.format_exception(refused.value))


@pytest.mark.parametrize("written", ["sk-1/2+3=", " sk-1/2+3= ", "Bearer sk-1/2+3=\n"])
def test_a_servers_key_is_read_without_what_is_around_it_and_never_shown(
    monkeypatch: pytest.MonkeyPatch, written: str
) -> None:
    monkeypatch.setenv("MODEL_KEY", written)
    settings = ModelSettings.read()

    assert settings.key is not None
    assert settings.key.get_secret_value() == "sk-1/2+3="
    assert "sk-1" not in f"{settings!r} {settings} {settings.model_dump_json()}"


@pytest.mark.parametrize("secret", ["s3cret key", "s3cret\nkey", "s3cret\x07", "s3crét"])
def test_what_cannot_be_sent_as_a_key_is_refused_and_not_told(
    monkeypatch: pytest.MonkeyPatch, secret: str
) -> None:
    monkeypatch.setenv("MODEL_KEY", secret)
    with pytest.raises(UsageError) as refused:
        ModelSettings.read()

    assert str(refused.value).startswith("MODEL_KEY: a key is one word")
    assert "s3cr" not in "".join(traceback.format_exception(refused.value))


@pytest.mark.parametrize(
    ("url", "told"),
    [
        *(
            (url, "write an address that ends in /v1, such as http://127.0.0.1:8080/v1")
            for url in (
                *("s3cret", "http://host/s3cret", "http://host/v1?key=s3cret", "ftp://s3cret/v1"),
                *("http://:s3cret/v1", "http:///s3cret/v1", "http://a s3cret/v1", "s3cret/v1"),
            )
        ),
        *(
            (url, "write the address without a name or password; a key is set as MODEL_KEY")
            for url in ("http://mina:s3cret@host/v1", "http://s3cret@host:8080/v1")
        ),
        *(
            (url, "no network has a host of that name; see how it is written")
            for url in (f"http://{64 * 'a'}/v1", "http://s3cret..example/v1")
        ),
    ],
)
def test_a_wrong_address_of_a_server_is_not_told_for_it_may_hold_a_key(
    monkeypatch: pytest.MonkeyPatch, url: str, told: str
) -> None:
    monkeypatch.setenv("MODEL_URL", url)
    with pytest.raises(UsageError) as refused:
        ModelSettings.read()

    assert str(refused.value) == f"MODEL_URL: {told}"
    assert "s3cret" not in "".join(traceback.format_exception(refused.value))


@pytest.mark.parametrize("room", [TelegramSettings, DiscordSettings])
def test_a_secret_given_as_an_option_is_not_told_either(room: type[Any]) -> None:
    option = {"token": "s3cret"}

    assert refusal(room, **option).startswith("--token: this is no token")


@pytest.mark.parametrize("token", [TELEGRAM, DISCORD])
@pytest.mark.parametrize(
    ("room", "variable", "value"),
    [
        (TelegramSettings, "TELEGRAM_BASE_URL", "https://api.telegram.org/{}"),
        (BotSettings, "BOT_OWNERS", "telegram:1,{}"),
        (DiscordSettings, "DISCORD_ALWAYS_CHANNELS", "{}"),
        (LogSettings, "LOG_LEVEL", "{}"),
    ],
)
def test_a_token_in_the_wrong_place_is_not_told(
    monkeypatch: pytest.MonkeyPatch, room: type[Any], variable: str, value: str, token: str
) -> None:
    monkeypatch.setenv(variable, value.format(token))
    with pytest.raises(UsageError) as refused:
        room.read()

    assert str(refused.value).startswith(f"{variable}={value.format('(a token)')}: ")
    assert token not in "".join(traceback.format_exception(refused.value))
