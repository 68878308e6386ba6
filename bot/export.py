"""A conversation as a file for people (Markdown) or for programs (JSON). Pure."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType

from bot.reply import Document
from storage.records import Chat, Exchange


def as_markdown(chat: Chat, exchanges: Sequence[Exchange]) -> Document:
    """Return all exchanges as headings and text, oldest first; times are local."""
    parts = [f"# {chat.title or chat.native_id}"]
    for exchange in exchanges:
        asked = datetime.fromtimestamp(exchange.created_at, UTC).astimezone()
        parts.append(f"## {exchange.author_name}, {asked:%Y-%m-%d %H:%M}")
        parts.append(exchange.question)
        parts.append("### Ostro")
        parts.append(_answer(exchange))
    return Document(_name(chat, "md"), "\n\n".join(parts) + "\n")


def as_json(chat: Chat, exchanges: Sequence[Exchange]) -> Document:
    """Return all exchanges as one object; times are ISO 8601 in UTC.

    ``ended`` is ``stop``, ``length``, ``cut``, ``error`` or null while there is no answer.
    """
    content = {
        "chat": f"{chat.platform}:{chat.native_id}",
        "exchanges": [
            {
                "asked_at": datetime.fromtimestamp(exchange.created_at, UTC).isoformat(),
                "author": exchange.author_name,
                "question": exchange.question,
                "answer": exchange.answer,
                "ended": exchange.ended,
            }
            for exchange in exchanges
        ],
    }
    return Document(_name(chat, "json"), json.dumps(content, ensure_ascii=False, indent=2) + "\n")


FORMATS: Mapping[str, Callable[[Chat, Sequence[Exchange]], Document]] = MappingProxyType(
    {"md": as_markdown, "markdown": as_markdown, "json": as_json}
)
"""What can be written after /export."""


def _answer(exchange: Exchange) -> str:
    if exchange.answer is None:
        return "*(no answer)*"
    return exchange.answer + (" *(cut)*" if exchange.ended == "cut" else "")


def _name(chat: Chat, extension: str) -> str:
    place = "".join(letter if letter.isalnum() else "-" for letter in chat.title or chat.native_id)
    return f"ostro-{place[:40]}.{extension}"
