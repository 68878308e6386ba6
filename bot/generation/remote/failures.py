"""What went wrong at a server, in one line: errors of openai and httpx2 become ours here."""

import re
import socket
import ssl
from collections.abc import Iterator, Mapping
from email.utils import parsedate_to_datetime
from enum import Enum, auto
from errno import ECONNREFUSED
from typing import Any

import aiohttp
import httpx2
import openai

from bot.errors import EngineError

WHO = "the model's server"
"""How it is called in every sentence: people who only chat need not learn where it stands."""

_LONGEST = 200  # characters of what a server says
# Of RFC 9110 and 6585: what passes, and what a server of its own fault will never do.
_PASSING = frozenset({408, 409, 425, 429})
_LASTING = frozenset({501, 505})
_KEY = frozenset({401, 403})
_REFUSED, _NOT_THERE, _TOO_MANY, _SERVERS_OWN, _UNAVAILABLE = 400, 404, 429, 500, 503
_LOADS = re.compile(r"\bloading\b", re.IGNORECASE)
_TOO_LONG = re.compile(
    r"(?:context (?:length|size|window)|maximum model length)(?:\D{0,24}(\d[\d,]*))?", re.IGNORECASE
)
_LEAST_WINDOW = 256  # tokens: a smaller number is something else
# Of the templates of Gemma and the first Mistrals, which raise it; vLLM hands it on.
_NO_SYSTEM = re.compile(r"system role|system message|roles must alternate", re.IGNORECASE)
_REASONS: tuple[tuple[tuple[type[BaseException], ...], str], ...] = (
    ((socket.gaierror, aiohttp.ClientConnectorDNSError), "its name is not known"),
    ((aiohttp.ServerTimeoutError,), "it does not answer"),
    (
        (aiohttp.ServerDisconnectedError, aiohttp.ClientPayloadError, ConnectionResetError),
        "the connection broke off",
    ),
)
_PAGE = re.compile(r"\s*<(?:!doctype|html|\?xml|head|body)", re.IGNORECASE)


class Trouble(Enum):
    """What can be done about a failure."""

    PASSING = auto()  # it may work when it is tried again
    LOADING = auto()  # it will work once the server has loaded its weights
    SYSTEM = auto()  # the model's template takes no system message
    WINDOW = auto()  # the prompt is too long for the server's window
    KEY = auto()  # the server wants another key
    MODEL = auto()  # the server does not have the model
    LASTING = auto()  # it will fail again


class ServerError(EngineError):
    """The server did not do what it was asked.

    Attributes:
        trouble: what can be done about it.
        after: seconds that the server wants to be left alone for, where it says.
        context: tokens in the server's window, where it says.
    """

    def __init__(
        self,
        sentence: str,
        trouble: Trouble = Trouble.LASTING,
        *,
        after: float | None = None,
        context: int | None = None,
    ) -> None:
        super().__init__(f"{WHO} {sentence}")
        self.trouble = trouble
        self.after = after
        self.context = context


def explained(error: Exception, key: str | None) -> ServerError:
    """Translate what the openai client raises, or httpx2 and aiohttp below it.

    Args:
        error: of one of these; what led to it says more than its class, for what aiohttp raises is
            called a timeout on its way up.
        key: that was sent; it stands in no sentence.
    """
    if isinstance(error, openai.APIStatusError):
        said = said_by(error.body, key)
        return _refused(error.status_code, error.response.headers, error.body, said, key)
    if any(isinstance(one, ssl.SSLError) for one in _causes(error)):
        return ServerError(f"cannot be trusted: {_clean(_deepest(error), key)}")
    return ServerError(f"cannot be reached: {_why_not_reached(error, key)}", Trouble.PASSING)


def told_midway(body: object, key: str | None) -> ServerError:
    """Translate an error that a server tells inside of a stream."""
    said = said_by(body, key)
    context = _context(body, said)
    if context is not None:
        return ServerError(f"finds it too long: {said}", Trouble.WINDOW, context=context or None)
    return ServerError(f"failed: {said}" if said else "failed", Trouble.PASSING)


def not_an_answer(content_type: str, text: str, key: str | None) -> ServerError:
    """Say what a server sent in place of what was asked for."""
    kind = content_type.split(";", maxsplit=1)[0].strip().lower()
    if kind == "text/html" or _PAGE.match(text):
        return ServerError("sent a web page in place of an answer: see that MODEL_URL is right")
    said = _clean(text, key)
    what = _clean(kind, key) or "no type"
    return ServerError(f"sent something else ({what}) in place of an answer" + _tail(said))


def said_by(body: object, key: str | None) -> str:
    """Return what a server says of its failure, in one short line without the key.

    Bodies differ: ``{"error": {"message": ...}}`` of OpenAI, llama-server and vLLM, the same
    without ``error`` of older vLLM, ``{"error": "..."}`` of Ollama, ``{"detail": ...}`` of others.
    """
    if isinstance(body, Mapping):
        for name in ("message", "error", "detail"):
            if body.get(name):
                return said_by(body[name], key)
        return ""
    return "" if body is None else _clean(str(body), key)


def _refused(
    status: int, headers: httpx2.Headers, body: object, said: str, key: str | None
) -> ServerError:
    context = None if status in _KEY else _context(body, said)
    if context is not None:
        return ServerError(f"finds it too long: {said}", Trouble.WINDOW, context=context or None)
    if status == _UNAVAILABLE and _LOADS.search(said):  # llama-server
        return ServerError(f"is not ready ({status}): {said}", Trouble.LOADING)
    if status in _PASSING or (status >= _SERVERS_OWN and status not in _LASTING):
        if _field(body, "code") == "insufficient_quota":  # it is told as 429, and does not pass
            return ServerError(f"gives no more ({status}){_tail(said)}")
        how = "has too much to do" if status == _TOO_MANY else "failed"
        return ServerError(f"{how} ({status}){_tail(said)}", Trouble.PASSING, after=_after(headers))
    return _refused_for_good(status, said, key)


def _refused_for_good(status: int, said: str, key: str | None) -> ServerError:
    if status in _KEY:  # what it says may repeat a part of the key
        what = "wants a key ({}): set MODEL_KEY" if key is None else "refuses MODEL_KEY ({})"
        return ServerError(what.format(status), Trouble.KEY)
    if status < _REFUSED:
        return ServerError(f"sends elsewhere ({status}): set MODEL_URL to where it stands now")
    if status == _REFUSED and _NO_SYSTEM.search(said):
        return ServerError(f"refuses the conversation ({status}): {said}", Trouble.SYSTEM)
    if status == _NOT_THERE:
        return ServerError(f"does not have that (404){_tail(said)}", Trouble.MODEL)
    return ServerError(f"refuses the request ({status}){_tail(said)}")


def _context(body: object, said: str) -> int | None:
    """Return the window that an error tells of, 0 where it has no number; None: it is another."""
    told = _field(body, "n_ctx")
    if isinstance(told, int) and told > 0:
        return told
    found = _TOO_LONG.search(said)
    if found is not None:
        number = int((found[1] or "0").replace(",", ""))
        return number if number >= _LEAST_WINDOW else 0
    names = {_field(body, "type"), _field(body, "code")}
    return 0 if names & {"exceed_context_size_error", "context_length_exceeded"} else None


def _field(body: object, name: str) -> Any:  # noqa: ANN401 # whatever a server put there
    if not isinstance(body, Mapping):
        return None
    inner = body.get("error")
    found = inner.get(name) if isinstance(inner, Mapping) else body.get(name)
    return found if isinstance(found, str | int) else None


def _after(headers: httpx2.Headers) -> float | None:
    """Read Retry-After: seconds, or a moment, which is compared with the server's own clock."""
    wanted = headers.get("retry-after", "")
    try:
        return max(0.0, float(wanted))
    except ValueError:
        pass
    try:
        moments = [parsedate_to_datetime(text) for text in (wanted, headers.get("date", ""))]
        return max(0.0, (moments[0] - moments[1]).total_seconds())
    except (ValueError, TypeError):  # not there, or no moment
        return None


def _why_not_reached(error: Exception, key: str | None) -> str:
    causes = [*_causes(error)]
    for sorts, sentence in _REASONS:
        if any(isinstance(one, sorts) for one in causes):
            return sentence
    if any(isinstance(one, OSError) and one.errno == ECONNREFUSED for one in causes):
        return "connection refused"
    return _clean(_deepest(error), key) or "the connection broke off"


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and all that led to it."""
    seen: list[BaseException] = []
    one: BaseException | None = error
    while one is not None and one not in seen:
        yield one
        seen.append(one)
        one = one.__cause__ or one.__context__


def _deepest(error: Exception) -> str:
    """Return what the first cause with something to say says."""
    said = [one.strerror if isinstance(one, OSError) else str(one) for one in _causes(error)]
    return next((text for text in reversed(said) if text), "")


def _clean(text: str, key: str | None) -> str:
    """Return a foreign text as one short line that can be shown; of a web page nothing."""
    if _PAGE.match(text):
        return ""
    if key:
        text = text.replace(key, "***")
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


def _tail(said: str) -> str:
    return f": {said}" if said else ""
