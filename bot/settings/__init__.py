"""Settings: one small frozen class a room, read from the environment and .env only here."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_settings import NoDecode, SettingsConfigDict

from bot.settings.room import PROJECT as PROJECT  # others know it from here
from bot.settings.room import ProjectPath, Room
from bot.settings.values import (
    Untold,
    bot_url,
    channels,
    discord_token,
    listed,
    model_key,
    model_url,
    owners,
    stop_strings,
    telegram_token,
)

StopStrings = Annotated[tuple[str, ...], NoDecode, BeforeValidator(stop_strings)]
Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(listed)]
Owners = Annotated[tuple[str, ...], NoDecode, BeforeValidator(listed), AfterValidator(owners)]
Channels = Annotated[tuple[str, ...], NoDecode, BeforeValidator(listed), AfterValidator(channels)]
TelegramToken = Annotated[SecretStr, AfterValidator(telegram_token)]
DiscordToken = Annotated[SecretStr, AfterValidator(discord_token)]
ModelUrl = Annotated[str, AfterValidator(model_url), Untold]
ModelKey = Annotated[SecretStr, AfterValidator(model_key)]
BotUrl = Annotated[str, AfterValidator(bot_url)]
Auto = Literal["auto"]


class ModelSettings(Room):
    """The model and how it answers."""

    model_config = SettingsConfigDict(**{**Room.model_config, "env_prefix": "MODEL_"})

    path: ProjectPath | None = Field(
        None, description="The .gguf file to use; empty: the only one in WEIGHTS_PATH"
    )
    url: ModelUrl | None = Field(
        None,
        description="A server that has the model, such as http://127.0.0.1:8080/v1; empty: none",
    )
    name: str | None = Field(None, description="The server's name for it; empty: its only one")
    key: ModelKey | None = Field(None, description="The server's key, a secret; empty: none")
    context: int = Field(8192, ge=256, description="Window of one chat, in tokens")
    slots: Annotated[int, Field(ge=1, le=256)] | Auto = Field(
        "auto",
        description="Answers that are made at once; auto: by memory and cores, or as many as "
        "the server says",
    )
    cells: Annotated[int, Field(ge=256)] | Auto = Field(
        "auto",
        description="Tokens held for all chats together; auto: a window for each answer at once, "
        "where memory allows",
    )
    kv_type: Literal["f16", "q8_0"] = Field(
        "f16", description="f16, or q8_0: tokens held take half the memory, and are less exact"
    )
    max_tokens: int = Field(1024, ge=1, description="Longest answer, in tokens")
    seed: int | None = Field(
        None,
        ge=0,
        lt=2**32 - 1,
        description="Seed of the draw, reads more slowly; empty: a new one each time",
    )
    temperature: float | None = Field(
        None, ge=0, le=5, description="0: always the likeliest token; empty: as the weights advise"
    )
    top_k: int | None = Field(
        None, ge=0, description="Draw from the k likeliest; 0: all; empty: as the weights advise"
    )
    top_p: float | None = Field(
        None, gt=0, le=1, description="Draw from this share of probability; empty: as advised"
    )
    min_p: float | None = Field(
        None,
        ge=0,
        le=1,
        description="Drop what is less likely than this part of the likeliest; empty: as advised",
    )
    repeat_penalty: float | None = Field(
        None,
        gt=0,
        le=2,
        description="1 is none, more makes repetition less likely; empty: as advised",
    )
    stop: StopStrings = Field(
        (), description="Texts that end an answer, separated by commas; \\n is a line break"
    )
    think_tokens: int = Field(
        512, ge=0, description="Longest thinking of a reasoning model, in tokens"
    )
    prompt: Literal["auto", "v1", "v3", "v7", "template"] = Field(
        "auto", description="auto, or v1, v3, v7 (Mistral's), template (the model's own)"
    )
    threads: Annotated[int, Field(ge=1, le=512)] | Auto = Field(
        "auto", description="CPU threads; auto: the physical cores"
    )
    batch: Annotated[int, Field(ge=1, le=8192)] | Auto = Field(
        "auto", description="Most tokens read in one step; auto: 128, on a GPU 512"
    )
    gpu_layers: Annotated[int, Field(ge=-1)] | Auto = Field(
        "auto",
        description="Layers on the GPU, -1: all; auto: all on Metal where they fit, else none",
    )
    repack: Literal["auto", "on", "off"] = Field(
        "auto",
        description="auto, on or off: repack weights for this CPU, reads faster, takes more memory",
    )
    unload_minutes: int = Field(
        30, ge=0, description="Free the memory when nobody talked for so many minutes; 0: never"
    )


class StorageSettings(Room):
    """Where conversations are kept."""

    model_config = SettingsConfigDict(**{**Room.model_config, "env_prefix": "STORAGE_"})

    path: ProjectPath = Field(
        PROJECT / "data" / "ostro.db", description="The database file; its folder holds all data"
    )
    retention_days: int | None = Field(
        None, ge=1, description="Delete what was said longer ago, in days; empty: never"
    )


class WarmSettings(Room):
    """What chats have read, kept on disk, so that they go on at once."""

    model_config = SettingsConfigDict(**{**Room.model_config, "env_prefix": "WARM_"})

    path: ProjectPath = Field(
        PROJECT / "data" / "warm", description="The folder of what chats have read"
    )
    disk_gb: float = Field(
        8, ge=0, allow_inf_nan=False, description="Disk that it may take, in GB; 0: nothing is kept"
    )


class WeightsSettings(Room):
    """Where model files are kept."""

    model_config = SettingsConfigDict(**{**Room.model_config, "env_prefix": "WEIGHTS_"})

    path: ProjectPath = Field(PROJECT / "weights", description="The folder of model files")


class BotSettings(Room):
    """How the bot behaves."""

    model_config = SettingsConfigDict(**{**Room.model_config, "env_prefix": "BOT_"})

    persona: str | None = Field(
        None, description="Persona of new chats; empty: assistant, in Korean chats korean"
    )
    personas_path: ProjectPath | None = Field(
        None, description="A folder of your own persona files (.toml)"
    )
    language: Literal["en", "ko"] | None = Field(
        None, description="Language of the bot's own sentences: en or ko; empty: the person's"
    )
    names: Names = Field(
        ("ostro", "오스트로"),
        description="What the bot is called by at the start of a message in groups, with commas",
    )
    owners: Owners = Field(
        (),
        description="Owners without a code, such as telegram:123,discord:456",
    )
    access: Literal["closed", "open"] = Field(
        "closed", description="closed: who was let in is answered; open: all who are not blocked"
    )
    catch_up_minutes: int = Field(
        1440,
        ge=1,
        description="Private messages that waited longer, in minutes, are asked about first",
    )
    catch_up_group_minutes: int = Field(60, ge=1, description="The same for messages in groups")
    limit_minute: int = Field(6, ge=1, description="Questions of one person in a minute, at most")
    limit_person: int = Field(2, ge=1, description="Questions of one person that wait, at most")
    limit_queue: int = Field(20, ge=1, description="Questions of all people that wait, at most")
    limit_length: int = Field(
        20000, ge=100, description="Characters of one message with its files, at most"
    )


class TelegramSettings(Room):
    """The bot on Telegram."""

    model_config = SettingsConfigDict(**{**Room.model_config, "env_prefix": "TELEGRAM_"})

    token: TelegramToken | None = Field(
        None, description="The bot's token from @BotFather, a secret; empty: no Telegram"
    )
    base_url: BotUrl | None = Field(
        None,
        description="A Bot API server of your own: http://127.0.0.1:8081/bot; empty: Telegram's",
    )
    edit_seconds: float = Field(
        1.5,
        ge=0.5,
        le=60,
        description="Seconds between edits of an answer in private chats; groups are slower",
    )


class DiscordSettings(Room):
    """The bot on Discord."""

    model_config = SettingsConfigDict(**{**Room.model_config, "env_prefix": "DISCORD_"})

    token: DiscordToken | None = Field(
        None, description="The bot's token from the Developer Portal, a secret; empty: no Discord"
    )
    edit_seconds: float = Field(
        1.2, ge=0.5, le=60, description="Seconds between edits of an answer, in each channel"
    )
    threads: Literal["off", "on_mention"] = Field(
        "off", description="on_mention: a mention in a channel opens a thread; off: it does not"
    )
    always_channels: Channels = Field(
        (), description="Channels by number, with commas, where no mention is needed"
    )
    message_content: Literal["off", "on"] = Field(
        "off", description="on: read messages without a mention; allow it in the portal first"
    )


class LogSettings(Room):
    """What is logged."""

    model_config = SettingsConfigDict(**{**Room.model_config, "env_prefix": "LOG_"})

    level: Literal["debug", "info", "warning", "error"] = Field(
        "warning", description="debug, info, warning or error"
    )


ROOMS: tuple[type[Room], ...] = (
    ModelSettings,
    StorageSettings,
    WarmSettings,
    WeightsSettings,
    BotSettings,
    TelegramSettings,
    DiscordSettings,
    LogSettings,
)
"""All rooms, in the order of .env.example."""
