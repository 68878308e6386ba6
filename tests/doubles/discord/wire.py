"""What goes over the wire: ids, times, and an answer that refuses."""

from datetime import UTC, datetime
from typing import Any, Self

from tests.doubles.loopback.denied import DeniedError

Json = dict[str, Any]

EPOCH = 1_420_070_400_000  # 2015, in milliseconds: where Discord's ids begin to count
_COUNTED_BITS = 22


class RefusalError(DeniedError):
    """A request is refused, as Discord words it.

    Attributes:
        status: the HTTP status.
        code: Discord's own number; 0 where it has none.
        message: the words.
        more: further fields: ``errors``, ``retry_after``.
    """

    def __init__(self, status: int, code: int, message: str, **more: Any) -> None:  # noqa: ANN401 # JSON
        super().__init__(f"{status} {code}: {message}", status, more)
        self.code = code
        self.message = message

    def again(self) -> Self:
        """Return the same once more, to be raised: what is raised remembers from where."""
        return type(self)(self.status, self.code, self.message, **self.more)

    def body(self) -> Json:
        """Return the answer as it is sent."""
        return {"message": self.message, "code": self.code, **self.more}


def invalid(field: str, code: str, words: str) -> RefusalError:
    """Return the refusal of a request with a field that breaks a rule."""
    errors = {field: {"_errors": [{"code": code, "message": words}]}}
    return RefusalError(400, 50035, "Invalid Form Body", errors=errors)


def unknown(code: int, what: str) -> RefusalError:
    """Return the refusal of a request that names something which is not there."""
    return RefusalError(404, code, f"Unknown {what}")


UNKNOWN_CHANNEL = unknown(10003, "Channel")
UNKNOWN_MEMBER = unknown(10007, "Member")
UNKNOWN_MESSAGE = unknown(10008, "Message")
UNKNOWN_USER = unknown(10013, "User")
UNKNOWN_WEBHOOK = unknown(10015, "Webhook")
UNKNOWN_INTERACTION = unknown(10062, "interaction")
MISSING_ACCESS = RefusalError(403, 50001, "Missing Access")
MISSING_PERMISSIONS = RefusalError(403, 50013, "Missing Permissions")
UNAUTHORIZED = RefusalError(401, 0, "401: Unauthorized")
NOT_FOUND = RefusalError(404, 0, "404: Not Found")
EMPTY = RefusalError(400, 50006, "Cannot send an empty message")


def limited(seconds: float, *, everywhere: bool = False) -> RefusalError:
    """Return the refusal of a request that came too soon."""
    told = {"retry_after": round(seconds, 3), "global": everywhere}
    return RefusalError(429, 0, "You are being rate limited.", **told)


def snowflake(seconds: float, after: int = 0) -> int:
    """Return the id of something that began at such unix seconds, above the last one."""
    return max(after + 1, (int(seconds * 1000) - EPOCH) << _COUNTED_BITS)


def born(number: int) -> float:
    """Return the unix seconds in an id."""
    return ((number >> _COUNTED_BITS) + EPOCH) / 1000


def stamp(seconds: float) -> str:
    """Return unix seconds as Discord writes times."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="microseconds")


def units(text: str) -> int:
    """Return the length of a text in UTF-16 units: never less than what Discord counts."""
    return len(text.encode("utf-16-le")) // 2
