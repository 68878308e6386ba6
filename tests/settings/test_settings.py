import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from bot.settings import (
    PROJECT,
    BotSettings,
    DiscordSettings,
    LogSettings,
    ModelSettings,
    StorageSettings,
    TelegramSettings,
    WarmSettings,
    WeightsSettings,
)
from tests.doubles.refusals import refusal


def test_the_defaults_are_those_that_were_promised() -> None:
    model = ModelSettings.read()

    assert (model.context, model.max_tokens, model.think_tokens) == (8192, 1024, 512)
    assert (model.batch, model.threads, model.gpu_layers) == ("auto", "auto", "auto")
    assert (model.url, model.name, model.key) == (None, None, None)
    assert (model.path, model.seed, model.temperature, model.stop) == (None, None, None, ())
    assert (model.prompt, model.repack, model.kv_type) == ("auto", "auto", "f16")
    assert (model.slots, model.cells, model.unload_minutes) == ("auto", "auto", 30)
    assert StorageSettings.read().path == PROJECT / "data" / "ostro.db"
    assert StorageSettings.read().retention_days is None
    warm = WarmSettings.read()
    assert (warm.path, warm.disk_gb) == (PROJECT / "data" / "warm", 8)
    assert WeightsSettings.read().path == PROJECT / "weights"
    bot = BotSettings.read()
    assert (bot.persona, bot.personas_path, bot.language) == (None, None, None)
    assert (bot.names, bot.owners, bot.access) == (("ostro", "오스트로"), (), "closed")
    assert (bot.catch_up_minutes, bot.catch_up_group_minutes) == (1440, 60)
    assert (bot.limit_minute, bot.limit_person, bot.limit_queue) == (6, 2, 20)
    assert bot.limit_length == 20000
    telegram = TelegramSettings.read()
    assert (telegram.token, telegram.base_url, telegram.edit_seconds) == (None, None, 1.5)
    discord = DiscordSettings.read()
    assert (discord.token, discord.edit_seconds, discord.threads) == (None, 1.2, "off")
    assert (discord.always_channels, discord.message_content) == ((), "off")
    assert LogSettings.read().level == "warning"


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODEL_TEMPERATURE", "0.2")
    monkeypatch.setenv("MODEL_THREADS", "3")
    monkeypatch.setenv("MODEL_SLOTS", "16")
    monkeypatch.setenv("MODEL_CELLS", "256")
    monkeypatch.setenv("MODEL_UNLOAD_MINUTES", "0")
    monkeypatch.setenv("WARM_DISK_GB", "0.5")
    monkeypatch.setenv("BOT_LANGUAGE", "ko")
    monkeypatch.setenv("BOT_PERSONA", "coder")

    assert (ModelSettings.read().temperature, ModelSettings.read().threads) == (0.2, 3)
    model = ModelSettings.read()
    assert (model.slots, model.cells, model.unload_minutes) == (16, 256, 0)
    assert WarmSettings.read().disk_gb == 0.5
    assert (BotSettings.read().language, BotSettings.read().persona) == ("ko", "coder")


def test_gettexts_language_is_none_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "fr:de")

    assert BotSettings.read().language is None


def test_the_file_is_read_and_the_environment_counts_more(
    env: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    env.write_text("# mine\nMODEL_CONTEXT=4096\nMODEL_SEED=7\nTELEGRAM_TOKEN=x\n")
    monkeypatch.setenv("MODEL_SEED", "8")

    assert (ModelSettings.read().context, ModelSettings.read().seed) == (4096, 8)


def test_an_option_counts_more_than_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODEL_SEED", "8")

    assert ModelSettings.read({"seed": "9"}).seed == 9
    assert ModelSettings.read({"seed": None}).seed == 8


def test_an_empty_value_is_none_at_all(env: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    env.write_text("MODEL_CONTEXT=\nMODEL_PATH=\n")
    monkeypatch.setenv("MODEL_SEED", "")

    assert ModelSettings.read() == ModelSettings.read({"context": 8192})
    assert ModelSettings.read().path is None


def test_relative_paths_are_relative_to_the_project_wherever_it_is_started(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("STORAGE_PATH", "elsewhere/ostro.db")
    monkeypatch.setenv("WEIGHTS_PATH", "../weights")
    monkeypatch.setenv("WARM_PATH", "warm")
    monkeypatch.setenv("MODEL_PATH", str(tmp_path / "a.gguf"))
    monkeypatch.setenv("BOT_PERSONAS_PATH", "~/personas")

    assert StorageSettings.read().path == PROJECT / "elsewhere" / "ostro.db"
    assert WeightsSettings.read().path == PROJECT / ".." / "weights"
    assert WarmSettings.read().path == PROJECT / "warm"
    assert ModelSettings.read().path == tmp_path / "a.gguf"
    assert BotSettings.read().personas_path == Path.home() / "personas"


def test_the_file_of_the_project_is_the_one_that_is_read() -> None:
    code = "from bot.settings import ROOMS; print({str(r.model_config['env_file']) for r in ROOMS})"
    done = subprocess.run(  # noqa: S603 # our own interpreter and code
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        cwd="/",
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.strip() == str({str(PROJECT / ".env")})


def test_settings_cannot_be_changed() -> None:
    settings = ModelSettings.read()

    with pytest.raises(ValidationError):
        settings.seed = 1  # type: ignore[misc] # this is what must fail


def test_stop_strings_are_separated_by_commas_and_may_hold_line_breaks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MODEL_STOP", r"\nUser:,###,,끝")

    assert ModelSettings.read().stop == ("\nUser:", "###", "끝")


@pytest.mark.parametrize(
    ("room", "variable", "value", "allowed"),
    [
        (ModelSettings, "MODEL_TEMPERATURE", "hot", "valid number"),
        (ModelSettings, "MODEL_TEMPERATURE", "5.1", "less than or equal to 5"),
        (ModelSettings, "MODEL_TEMPERATURE", "nan", "5"),
        (ModelSettings, "MODEL_TEMPERATURE", "-1", "greater than or equal to 0"),
        (ModelSettings, "MODEL_CONTEXT", "255", "greater than or equal to 256"),
        (ModelSettings, "MODEL_CONTEXT", "8k", "valid integer"),
        (ModelSettings, "MODEL_MAX_TOKENS", "0", "greater than or equal to 1"),
        (ModelSettings, "MODEL_SEED", "4294967295", "less than 4294967295"),
        (ModelSettings, "MODEL_TOP_P", "0", "greater than 0"),
        (ModelSettings, "MODEL_MIN_P", "2", "less than or equal to 1"),
        (ModelSettings, "MODEL_PROMPT", "v9", "'auto', 'v1', 'v3', 'v7' or 'template'"),
        (ModelSettings, "MODEL_THREADS", "many", "integer, unable to parse"),
        (ModelSettings, "MODEL_THREADS", "many", "or input should be 'auto'"),
        (ModelSettings, "MODEL_THREADS", "0", "greater than or equal to 1"),
        (ModelSettings, "MODEL_GPU_LAYERS", "-2", "greater than or equal to -1"),
        (ModelSettings, "MODEL_BATCH", "0", "greater than or equal to 1"),
        (ModelSettings, "MODEL_REPACK", "yes", "'auto', 'on' or 'off'"),
        (ModelSettings, "MODEL_SLOTS", "0", "greater than or equal to 1"),
        (ModelSettings, "MODEL_SLOTS", "257", "less than or equal to 256"),
        (ModelSettings, "MODEL_SLOTS", "some", "or input should be 'auto'"),
        (ModelSettings, "MODEL_CELLS", "255", "greater than or equal to 256"),
        (ModelSettings, "MODEL_CELLS", "16k", "integer, unable to parse"),
        (ModelSettings, "MODEL_KV_TYPE", "q4_0", "'f16' or 'q8_0'"),
        (ModelSettings, "MODEL_UNLOAD_MINUTES", "-1", "greater than or equal to 0"),
        (ModelSettings, "MODEL_UNLOAD_MINUTES", "0.5", "valid integer"),
        (WarmSettings, "WARM_DISK_GB", "-1", "greater than or equal to 0"),
        (WarmSettings, "WARM_DISK_GB", "8GB", "valid number"),
        (WarmSettings, "WARM_DISK_GB", "inf", "finite number"),
        (WarmSettings, "WARM_DISK_GB", "nan", "finite number"),
        (ModelSettings, "MODEL_PATH", "~nobody-at-all/x", "there is no such home folder"),
        (BotSettings, "BOT_LANGUAGE", "fr", "'en' or 'ko'"),
        (BotSettings, "BOT_OWNERS", "123", "write telegram:NUMBER or discord:NUMBER"),
        (BotSettings, "BOT_OWNERS", "telegram:1,signal:2", "telegram:NUMBER"),
        (BotSettings, "BOT_OWNERS", "telegram:1 discord:2", "separated by commas"),
        (BotSettings, "BOT_OWNERS", "telegram:", "telegram:NUMBER"),
        (BotSettings, "BOT_OWNERS", "telegram:@mina", "telegram:NUMBER"),
        (BotSettings, "BOT_OWNERS", "telegram:012", "telegram:NUMBER"),
        (BotSettings, "BOT_OWNERS", "telegram:1٢", "telegram:NUMBER"),
        (BotSettings, "BOT_OWNERS", "telegram:-5", "telegram:NUMBER"),
        (BotSettings, "BOT_ACCESS", "public", "'closed' or 'open'"),
        (BotSettings, "BOT_CATCH_UP_MINUTES", "-1", "greater than or equal to 1"),
        (BotSettings, "BOT_CATCH_UP_GROUP_MINUTES", "1h", "valid integer"),
        (BotSettings, "BOT_LIMIT_MINUTE", "0", "greater than or equal to 1"),
        (BotSettings, "BOT_LIMIT_PERSON", "0", "greater than or equal to 1"),
        (BotSettings, "BOT_LIMIT_QUEUE", "none", "valid integer"),
        (BotSettings, "BOT_LIMIT_LENGTH", "99", "greater than or equal to 100"),
        (StorageSettings, "STORAGE_RETENTION_DAYS", "0", "greater than or equal to 1"),
        (StorageSettings, "STORAGE_RETENTION_DAYS", "1.5", "valid integer"),
        (TelegramSettings, "TELEGRAM_EDIT_SECONDS", "0.4", "greater than or equal to 0.5"),
        (TelegramSettings, "TELEGRAM_EDIT_SECONDS", "61", "less than or equal to 60"),
        *(
            (TelegramSettings, "TELEGRAM_BASE_URL", url, "such as http://127.0.0.1:8081/bot")
            for url in (
                *("127.0.0.1:8081/bot", "http://127.0.0.1:8081", "http://127.0.0.1:8081/bot/"),
                *("ftp://127.0.0.1/bot", "http:///bot", "http://host:port/bot", "http://[::1/bot"),
                *("http://host/bot?x=/bot", "http://host/#/bot", "http://a host/bot", "bot"),
                *("http://host/robot", "http://ho\u200bst/bot"),
            )
        ),
        (DiscordSettings, "DISCORD_EDIT_SECONDS", "0", "greater than or equal to 0.5"),
        (DiscordSettings, "DISCORD_THREADS", "on", "'off' or 'on_mention'"),
        (DiscordSettings, "DISCORD_MESSAGE_CONTENT", "yes", "'off' or 'on'"),
        *(
            (DiscordSettings, "DISCORD_ALWAYS_CHANNELS", channels, "the channels' numbers")
            for channels in ("#general", "118 119", "0118", "118;119", "1" * 20, "١١٨")
        ),
        (LogSettings, "LOG_LEVEL", "loud", "'debug', 'info', 'warning' or 'error'"),
    ],
)
def test_a_bad_value_is_a_line_with_variable_value_and_what_is_allowed(
    monkeypatch: pytest.MonkeyPatch, room: type[Any], variable: str, value: str, allowed: str
) -> None:
    monkeypatch.setenv(variable, value)
    message = refusal(room)

    assert message.startswith(f"{variable}={value}: ")
    assert allowed in message
    assert "\n" not in message


def test_names_and_owners_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_NAMES", " ostro , 오스트로,my bot,, \u1112\u1161\u11ab")
    monkeypatch.setenv("BOT_OWNERS", "telegram:123, Discord:456,")

    assert BotSettings.read().names == ("ostro", "오스트로", "my bot", "한")
    assert BotSettings.read().owners == ("telegram:123", "discord:456")


def test_a_comma_alone_is_no_name_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_NAMES", ",")

    assert BotSettings.read().names == ()


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:8081/bot", "https://example.org/telegram/bot", "http://[::1]:8081/bot"],
)
def test_the_address_of_a_bot_api_server_stays_as_it_is(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("TELEGRAM_BASE_URL", url)

    assert TelegramSettings.read().base_url == url


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("http://127.0.0.1:8080/v1", "http://127.0.0.1:8080/v1"),
        (" https://models.example.org/openai/v1/ ", "https://models.example.org/openai/v1"),
        ("http://[::1]:11434/v1", "http://[::1]:11434/v1"),
    ],
)
def test_the_address_of_a_models_server_has_no_slash_at_its_end(
    monkeypatch: pytest.MonkeyPatch, written: str, url: str
) -> None:
    monkeypatch.setenv("MODEL_URL", written)

    assert ModelSettings.read().url == url


def test_a_bad_option_is_told_as_it_was_typed() -> None:
    assert refusal(ModelSettings, temperature="hot").startswith("--temperature hot: ")
    assert refusal(ModelSettings, max_tokens="0").startswith("--max-tokens 0: ")


def test_a_bad_value_of_several_lines_is_told_in_one() -> None:
    message = refusal(ModelSettings, seed="1\n2\n\n3")

    assert message.startswith("--seed 1 2 3: ")


def test_a_file_that_is_no_text_is_a_line_too(env: Path) -> None:
    env.write_bytes(b"MODEL_SEED=\xff\n")
    message = refusal(ModelSettings)

    assert message.startswith(f"{env} cannot be read: ")
    assert "\n" not in message
