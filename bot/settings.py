"""Settings: one small frozen class a room, read from the environment and .env only here."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import UsageError
from bot.setting_values import bot_url, listed, owners, stop_strings, telegram_token, without_tokens

PROJECT = Path(__file__).resolve().parent.parent
"""The project's folder: relative paths in settings are relative to it."""


def _from_project(path: Path) -> Path:
    try:
        return PROJECT / path.expanduser()
    except RuntimeError as error:
        raise ValueError("there is no such home folder") from error


ProjectPath = Annotated[Path, AfterValidator(_from_project)]
StopStrings = Annotated[tuple[str, ...], NoDecode, BeforeValidator(stop_strings)]
Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(listed)]
Owners = Annotated[tuple[str, ...], NoDecode, BeforeValidator(listed), AfterValidator(owners)]
Token = Annotated[SecretStr, AfterValidator(telegram_token)]
BotUrl = Annotated[str, AfterValidator(bot_url)]
Auto = Literal["auto"]


def _reason(message: str) -> str:
    reason = message.removeprefix("Value error, ")
    return reason[:1].lower() + reason[1:]


class _Room(BaseSettings):
    """One room's settings; ``description`` of a field is its line in .env.example."""

    model_config = SettingsConfigDict(
        env_file=PROJECT / ".env",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,  # what is wrong may be a secret, and tracebacks are pasted
    )

    @classmethod
    def read(cls, overrides: Mapping[str, Any] | None = None) -> Self:
        """Read this room's settings; ``overrides`` (options of a command) win.

        Raises:
            UsageError: a value is not allowed; the message names variable, value and what is.
        """
        given = overrides or {}
        try:
            return cls(**{name: value for name, value in given.items() if value is not None})
        except ValidationError as error:
            raise UsageError(cls._explain(error, given)) from error
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"{cls.model_config['env_file']} cannot be read: {error}") from error

    @classmethod
    def _explain(cls, error: ValidationError, options: Mapping[str, Any]) -> str:
        """One line: the first wrong variable or option, its value, and what is allowed.

        The value of a secret is not told.
        """
        first = error.errors()[0]
        name = str(first["loc"][0])
        variable = f"{cls.model_config['env_prefix']}{name}=".upper()
        if options.get(name) is not None:
            variable = f"--{name.replace('_', '-')} "
        wrong = [item for item in error.errors() if item["loc"][0] == name]
        allowed = ", or ".join(_reason(item["msg"]) for item in wrong)
        if cls._is_secret(name):
            return f"{variable.rstrip('= ')}: {allowed}"
        value = without_tokens(" ".join(str(first["input"]).split()))
        return f"{variable}{value}: {allowed}"

    @classmethod
    def _is_secret(cls, name: str) -> bool:
        # in words, for the type is inside others: Annotated[SecretStr, ...] | None
        return SecretStr.__name__ in str(cls.model_fields[name].annotation)


class ModelSettings(_Room):
    """The model and how it answers."""

    model_config = SettingsConfigDict(**{**_Room.model_config, "env_prefix": "MODEL_"})

    path: ProjectPath | None = Field(
        None, description="The .gguf file to use; empty: the only one in WEIGHTS_PATH"
    )
    context: int = Field(8192, ge=256, description="Window of one chat, in tokens")
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
    batch: int = Field(512, ge=1, le=8192, description="Most tokens read in one step")
    gpu_layers: Annotated[int, Field(ge=-1)] | Auto = Field(
        "auto",
        description="Layers on the GPU, -1: all; auto: all on Metal where they fit, else none",
    )
    repack: Literal["auto", "on", "off"] = Field(
        "auto",
        description="auto, on or off: repack weights for this CPU, reads faster, takes more memory",
    )


class StorageSettings(_Room):
    """Where conversations are kept."""

    model_config = SettingsConfigDict(**{**_Room.model_config, "env_prefix": "STORAGE_"})

    path: ProjectPath = Field(
        PROJECT / "data" / "ostro.db", description="The database file; its folder holds all data"
    )


class WeightsSettings(_Room):
    """Where model files are kept."""

    model_config = SettingsConfigDict(**{**_Room.model_config, "env_prefix": "WEIGHTS_"})

    path: ProjectPath = Field(PROJECT / "weights", description="The folder of model files")


class BotSettings(_Room):
    """How the bot behaves."""

    model_config = SettingsConfigDict(**{**_Room.model_config, "env_prefix": "BOT_"})

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
        description="Who is answered, such as telegram:123,discord:456; others learn their number",
    )
    access: Literal["closed", "open"] = Field(
        "closed", description="closed: only BOT_OWNERS are answered; open: everyone"
    )
    catch_up_minutes: int = Field(
        1440,
        ge=1,
        description="Private messages that waited longer, in minutes, are asked about first",
    )
    catch_up_group_minutes: int = Field(60, ge=1, description="The same for messages in groups")


class TelegramSettings(_Room):
    """The bot on Telegram."""

    model_config = SettingsConfigDict(**{**_Room.model_config, "env_prefix": "TELEGRAM_"})

    token: Token | None = Field(
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


class LogSettings(_Room):
    """What is logged."""

    model_config = SettingsConfigDict(**{**_Room.model_config, "env_prefix": "LOG_"})

    level: Literal["debug", "info", "warning", "error"] = Field(
        "warning", description="debug, info, warning or error"
    )


ROOMS: tuple[type[_Room], ...] = (
    ModelSettings,
    StorageSettings,
    WeightsSettings,
    BotSettings,
    TelegramSettings,
    LogSettings,
)
"""All rooms, in the order of .env.example."""
