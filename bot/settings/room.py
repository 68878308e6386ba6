"""What all rooms of settings have in common: where they are read, and how a wrong one is told."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import AfterValidator, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import UsageError
from bot.settings.values import Untold, without_tokens

PROJECT = Path(__file__).resolve().parents[2]
"""The project's folder: relative paths in settings are relative to it."""


def _from_project(path: Path) -> Path:
    try:
        return PROJECT / path.expanduser()
    except RuntimeError as error:
        raise ValueError("there is no such home folder") from error


ProjectPath = Annotated[Path, AfterValidator(_from_project)]


def _reason(message: str) -> str:
    reason = message.removeprefix("Value error, ")
    return reason[:1].lower() + reason[1:]


class Room(BaseSettings):
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
        annotation = str(cls.model_fields[name].annotation)
        return any(one.__name__ in annotation for one in (SecretStr, Untold))
