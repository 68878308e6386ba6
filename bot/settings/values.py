"""What people write in settings, and what it means: checked and taken apart, nothing read."""

import re
import unicodedata
from urllib.parse import urlsplit

from pydantic import SecretStr

_OWNER = re.compile(r"(?:telegram|discord):[1-9][0-9]*")
_TELEGRAM_TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]{35,}")
_DISCORD_TOKEN = re.compile(r"[A-Za-z0-9_-]{18,}\.[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]{20,}")
_KEY = re.compile(r"[!-~]+")
_CHANNEL = re.compile(r"[1-9][0-9]{0,18}")


def stop_strings(value: object) -> object:
    r"""Comma-separated; ``\n`` and ``\t`` mean what they mean in Python."""
    if isinstance(value, str):
        plain = value.replace("\\n", "\n").replace("\\t", "\t")
        return tuple(part for part in plain.split(",") if part)
    return value


def listed(value: object) -> object:
    """Comma-separated, in form C; blanks around a part are not a part of it."""
    if isinstance(value, str):
        parts = (part.strip() for part in unicodedata.normalize("NFC", value).split(","))
        return tuple(part for part in parts if part)
    return value


def owners(value: tuple[str, ...]) -> tuple[str, ...]:
    """People: each a platform and its number for them.

    Raises:
        ValueError: one is not.
    """
    people = tuple(owner.lower() for owner in value)
    if not all(map(_OWNER.fullmatch, people)):
        raise ValueError("write telegram:NUMBER or discord:NUMBER, separated by commas")
    return people


def telegram_token(value: SecretStr) -> SecretStr:
    """Return a token of a Telegram bot, without blanks around it.

    Raises:
        ValueError: it does not look like one; the message does not hold it.
    """
    token = value.get_secret_value().strip()
    if _TELEGRAM_TOKEN.fullmatch(token) is None:
        raise ValueError("this is no token; @BotFather gives one, such as 123456789:AAH...")
    return SecretStr(token)


def discord_token(value: SecretStr) -> SecretStr:
    """Return a token of a Discord bot, without blanks and the word ``Bot`` around it.

    Raises:
        ValueError: it does not look like one; the message does not hold it.
    """
    token = value.get_secret_value().strip().removeprefix("Bot ").strip()
    if _DISCORD_TOKEN.fullmatch(token) is None:
        raise ValueError(
            "this is no token; the Developer Portal gives one under Bot > Reset Token: "
            "three parts with dots between"
        )
    return SecretStr(token)


def channels(value: tuple[str, ...]) -> tuple[str, ...]:
    """Channels of Discord, by their numbers.

    Raises:
        ValueError: one is not.
    """
    if not all(map(_CHANNEL.fullmatch, value)):
        raise ValueError(
            "write the channels' numbers, separated by commas: Copy Channel ID in their menu, "
            "with Developer Mode on"
        )
    return value


def bot_url(value: str) -> str:
    """Return the address of a Bot API server, which a token is put behind.

    Raises:
        ValueError: it is none.
    """
    if not _is_bot_url(value):
        raise ValueError("write an address that ends in /bot, such as http://127.0.0.1:8081/bot")
    return value


def _is_bot_url(value: str) -> bool:
    return _is_address(value) and value.endswith("/bot")


def _is_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return False
    plain = value.isprintable() and not {"?", "#", " "} & set(value)
    return plain and bool(host) and parts.scheme in {"http", "https"}


class Untold:
    """Marks a setting of which a wrong value is not told: it may hold a secret."""


def model_url(value: str) -> str:
    """Return the address of a server that speaks as OpenAI's does, without a slash at its end.

    Raises:
        ValueError: it is none, or holds a name and a password, or a host that nobody can ask for.
    """
    address = value.strip().rstrip("/")
    if not _is_address(address) or not address.endswith("/v1"):
        raise ValueError("write an address that ends in /v1, such as http://127.0.0.1:8080/v1")
    if "@" in urlsplit(address).netloc:
        raise ValueError("write the address without a name or password; a key is set as MODEL_KEY")
    if not _is_host(urlsplit(address).hostname or ""):
        raise ValueError("no network has a host of that name; see how it is written")
    return address


def _is_host(name: str) -> bool:
    """Say whether a name can be looked up: parts of 1 to 63 letters, as the network writes them."""
    try:
        name.encode("idna")
    except UnicodeError:
        return False
    return True


def model_key(value: SecretStr) -> SecretStr:
    """Return a server's key, without blanks and the word ``Bearer`` around it.

    Raises:
        ValueError: it cannot be one; the message does not hold it.
    """
    key = value.get_secret_value().strip().removeprefix("Bearer ").strip()
    if _KEY.fullmatch(key) is None:
        raise ValueError("a key is one word of letters, digits and signs; empty: none")
    return SecretStr(key)


def without_tokens(text: str) -> str:
    """Return a text without the tokens that somebody put into the wrong place."""
    for token in (_TELEGRAM_TOKEN, _DISCORD_TOKEN):
        text = token.sub("(a token)", text)
    return text
