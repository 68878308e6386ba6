"""What goes over the wire: values, fields of a request, and an answer that refuses."""

import json
from collections.abc import Mapping
from typing import Any, Self

from tests.doubles.loopback.denied import DeniedError

Json = dict[str, Any]

_NUMBERS = frozenset(
    [
        "chat_id",
        "cache_time",
        "limit",
        "message_id",
        "message_thread_id",
        "offset",
        "timeout",
        "user_id",
    ]
)
_FLAGS = frozenset(
    ["disable_notification", "drop_pending_updates", "protect_content", "show_alert"]
)
_OBJECTS = frozenset(
    [
        "allowed_updates",
        "commands",
        "caption_entities",
        "entities",
        "link_preview_options",
        "reply_markup",
        "reply_parameters",
        "scope",
    ]
)


class RefusalError(DeniedError):
    """A request is refused, as the Bot API words it.

    Attributes:
        status: the HTTP status, which is the ``error_code`` too.
        description: the words.
        more: ``retry_after`` or ``migrate_to_chat_id``.
    """

    def __init__(self, status: int, description: str, **parameters: int) -> None:
        super().__init__(description, status, parameters)
        self.description = description

    def again(self) -> Self:
        """Return the same once more, to be raised: what is raised remembers from where."""
        return type(self)(self.status, self.description, **self.more)

    def body(self) -> Json:
        """Return the answer as it is sent."""
        body: Json = {
            "ok": False,
            "error_code": self.status,
            "description": self.description,
        }
        if self.more:
            body["parameters"] = self.more
        return body


def bad_request(words: str, **parameters: int) -> RefusalError:
    """Return the refusal of a request that asks for something impossible."""
    return RefusalError(400, f"Bad Request: {words}", **parameters)


def flooded(seconds: int) -> RefusalError:
    """Return the refusal of a request that came too soon."""
    return RefusalError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


def decoded(fields: Mapping[str, Any]) -> Json:
    """Return the fields of a form with numbers, flags and objects in place of their text."""
    return {name: _value(name, value) for name, value in fields.items()}


def _value(name: str, value: Any) -> Any:  # noqa: ANN401 # whatever the client sends
    if not isinstance(value, str):
        return value
    if name in _NUMBERS:
        return int(value)
    if name in _FLAGS:
        return value == "true"
    if name in _OBJECTS:
        return json.loads(value)
    return value


def units(text: str) -> int:
    """Return the length of a text in UTF-16 units, as Telegram counts."""
    return len(text.encode("utf-16-le")) // 2


def cut_units(text: str, start: int, end: int) -> str:
    """Return what stands between two UTF-16 offsets that cut no character."""
    return text.encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le")


def cuts_character(text: str, offset: int) -> bool:
    """Return whether a UTF-16 offset stands between the halves of a surrogate pair."""
    unit = text.encode("utf-16-le")[2 * offset : 2 * offset + 2]
    return len(unit) == 2 and 0xDC00 <= int.from_bytes(unit, "little") <= 0xDFFF
