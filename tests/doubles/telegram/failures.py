"""How the Bot API, or the way to it, can fail, and when it is to."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto

from tests.doubles.telegram.wire import Json, RefusalError, bad_request, flooded

When = Callable[[Json], bool]


class Way(Enum):
    """What the client sees of a failure."""

    REFUSED = auto()  # an answer of the Bot API
    PAGE = auto()  # a page of a proxy, not JSON
    SILENCE = auto()  # no answer until ``release``
    CUT = auto()  # the connection breaks


def _always(_params: Json) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Failure:
    """One way to fail.

    Attributes:
        way: what the client sees.
        refusal: the answer, for ``REFUSED``; its status, for ``PAGE``.
        acts: what was asked is done all the same.
        applies: whether a request with these parameters can fail so.
    """

    way: Way
    refusal: RefusalError = field(default_factory=lambda: RefusalError(502, "Bad Gateway"))
    acts: bool = False
    applies: When = _always


def flood(retry_after: int) -> Failure:
    """Too many requests; who writes into that chat before then is refused again."""
    return Failure(Way.REFUSED, flooded(retry_after))


def server_error(status: int = 500) -> Failure:
    """The Bot API itself failed."""
    return Failure(Way.REFUSED, RefusalError(status, "Internal Server Error"))


def proxy_page(status: int = 502) -> Failure:
    """Something in front of the Bot API failed, and answers with a page."""
    return Failure(Way.PAGE, RefusalError(status, ""))


def silence(*, acted: bool = False) -> Failure:
    """No answer until ``release``; ``acted``: done at once, else when it is released.

    A client that has given up by then gets nothing, and nothing is done for it.
    """
    return Failure(Way.SILENCE, acts=acted)


def reset() -> Failure:
    """The connection breaks, and nothing was done."""
    return Failure(Way.CUT)


def lost() -> Failure:
    """What was asked is done, and the connection breaks before the answer."""
    return Failure(Way.CUT, acts=True)


def _forbidden(words: str) -> Failure:
    return Failure(Way.REFUSED, RefusalError(403, f"Forbidden: {words}"))


def _bad(words: str, applies: When = _always) -> Failure:
    return Failure(Way.REFUSED, bad_request(words), applies=applies)


def _must_reply(params: Json) -> bool:
    reply = params.get("reply_parameters")
    return reply is not None and not reply.get("allow_sending_without_reply")


BLOCKED = _forbidden("bot was blocked by the user")
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
CONFLICT = Failure(
    Way.REFUSED,
    RefusalError(
        409,
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance"
        " is running",
    ),
)
PRESS_TOO_OLD = _bad("query is too old and response timeout expired or query ID is invalid")


def migrated(new_chat_id: int) -> Failure:
    """The group has become a supergroup of another id."""
    words = "group chat was upgraded to a supergroup chat"
    return Failure(Way.REFUSED, bad_request(words, migrate_to_chat_id=new_chat_id))


@dataclass(slots=True)
class _Planned:
    method: str
    failure: Failure
    chat_id: int | None
    when: When
    times: int | None


class Failures:
    """What is to fail, in the order in which it was planned."""

    def __init__(self) -> None:
        self._planned: list[_Planned] = []

    def plan(
        self, method: str, failure: Failure, times: int | None, chat_id: int | None, when: When
    ) -> None:
        """Let the next requests of a method fail; ``times`` None: all from now on."""
        self._planned.append(_Planned(method, failure, chat_id, when, times))

    def forget(self) -> None:
        """Let nothing fail any more."""
        self._planned.clear()

    def next(self, method: str, params: Json) -> Failure | None:
        """Return how this request fails, and count it."""
        for planned in self._planned:
            if (
                planned.method == method
                and planned.chat_id in (None, params.get("chat_id"))
                and planned.failure.applies(params)
                and planned.when(params)
            ):
                self._count(planned)
                return planned.failure
        return None

    def _count(self, planned: _Planned) -> None:
        if planned.times is not None:
            planned.times -= 1
            if planned.times <= 0:
                self._planned.remove(planned)
