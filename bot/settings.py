"""Settings: one small frozen class a room, read from the environment and .env only here."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import UsageError

PROJECT = Path(__file__).resolve().parent.parent
"""The project's folder: relative paths in settings are relative to it."""


def _from_project(path: Path) -> Path:
    try:
        return PROJECT / path.expanduser()
    except RuntimeError as error:
        raise ValueError("there is no such home folder") from error


def _stop_strings(value: object) -> object:
    r"""Comma-separated; ``\n`` and ``\t`` mean what they mean in Python."""
    if isinstance(value, str):
        plain = value.replace("\\n", "\n").replace("\\t", "\t")
        return tuple(part for part in plain.split(",") if part)
    return value


ProjectPath = Annotated[Path, AfterValidator(_from_project)]
StopStrings = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_stop_strings)]
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
        """One line: the first wrong variable or option, its value, and what is allowed."""
        first = error.errors()[0]
        name = str(first["loc"][0])
        variable = f"{cls.model_config['env_prefix']}{name}=".upper()
        if options.get(name) is not None:
            variable = f"--{name.replace('_', '-')} "
        wrong = [item for item in error.errors() if item["loc"][0] == name]
        allowed = ", or ".join(_reason(item["msg"]) for item in wrong)
        value = " ".join(str(first["input"]).split())
        return f"{variable}{value}: {allowed}"


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
    LogSettings,
)
"""All rooms, in the order of .env.example."""
