"""How the Bot API, or the way to it, can fail."""

from collections.abc import Callable

from tests.doubles.loopback.failures import Failure, Way, always, lost, proxy_page, reset, silence
from tests.doubles.telegram.wire import Json, RefusalError, bad_request, flooded

__all__ = [
    "BLOCKED",
    "CHAT_GONE",
    "CONFLICT",
    "DEACTIVATED",
    "DELETE_TARGET_GONE",
    "EDIT_TARGET_GONE",
    "ENTITIES_REFUSED",
    "KICKED",
    "MUTED",
    "NEVER_WROTE",
    "PRESS_TOO_OLD",
    "REPLY_TARGET_GONE",
    "TERMINATED",
    "TOPIC_GONE",
    "UNDELETABLE",
    "Failure",
    "Way",
    "When",
    "flood",
    "lost",
    "migrated",
    "proxy_page",
    "reset",
    "server_error",
    "silence",
]

When = Callable[[Json], bool]


def flood(retry_after: int) -> Failure:
    """Too many requests; who writes into that chat before then is refused again."""
    return Failure(Way.REFUSED, flooded(retry_after))


def server_error(status: int = 500) -> Failure:
    """The Bot API itself failed."""
    return Failure(Way.REFUSED, RefusalError(status, "Internal Server Error"))


def _forbidden(words: str) -> Failure:
    return Failure(Way.REFUSED, RefusalError(403, f"Forbidden: {words}"))


def _bad(words: str, applies: When = always) -> Failure:
    return Failure(Way.REFUSED, bad_request(words), applies=applies)


def _must_reply(params: Json) -> bool:
    reply = params.get("reply_parameters")
    return reply is not None and not reply.get("allow_sending_without_reply")


BLOCKED = _forbidden("bot was blocked by the user")
NEVER_WROTE = _forbidden("bot can't initiate conversation with a user")
KICKED = _forbidden("bot was kicked from the supergroup chat")
DEACTIVATED = _forbidden("user is deactivated")
EDIT_TARGET_GONE = _bad("message to edit not found")
DELETE_TARGET_GONE = _bad("message to delete not found")
UNDELETABLE = _bad("message can't be deleted")
REPLY_TARGET_GONE = _bad("message to be replied not found", _must_reply)
TOPIC_GONE = _bad("message thread not found", lambda params: "message_thread_id" in params)
ENTITIES_REFUSED = _bad(
    "can't parse entities: unsupported entity at byte offset 0",
    lambda params: bool(params.get("entities")),
)
CHAT_GONE = _bad("chat not found")
MUTED = _bad("not enough rights to send text messages to the chat")
TERMINATED = RefusalError(
    409,
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance"
    " is running",
)
CONFLICT = Failure(Way.REFUSED, TERMINATED)
PRESS_TOO_OLD = _bad("query is too old and response timeout expired or query ID is invalid")


def migrated(new_chat_id: int) -> Failure:
    """The group has become a supergroup of another id."""
    words = "group chat was upgraded to a supergroup chat"
    return Failure(Way.REFUSED, bad_request(words, migrate_to_chat_id=new_chat_id))
