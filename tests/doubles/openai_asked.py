"""What the tests' model server is asked: each request is looked at more closely than any real
server does."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from bot.generation.remote.sort import Sort
from tests.doubles.openai_said import Json

_LARGEST_SEED = 2**63
_MOST_STOPS = 4  # OpenAI takes no more


@dataclass
class Asked:
    """One request for an answer.

    Attributes:
        body: as it came.
        headers: as they came, by their names in small letters.
        left: the client went away before the end.
        over: nothing more will come.
    """

    body: Json
    headers: Mapping[str, str]
    left: bool = False
    over: bool = False

    @property
    def messages(self) -> list[Json]:
        """What the model is to read."""
        messages: list[Json] = self.body["messages"]
        return messages


def wrongs(sort: Sort, asked: Asked) -> Iterator[str]:
    """Yield what is wrong with a request, for this sort of server."""
    yield from _wrong_headers(asked.headers)
    yield from _wrong_fields(sort, asked.body)
    yield from _wrong_messages(sort, asked.body)


def _wrong_headers(headers: Mapping[str, str]) -> Iterator[str]:
    if headers.get("content-type") != "application/json":
        yield f"a body of {headers.get('content-type')}"
    for name in ("openai-organization", "openai-project"):
        if name in headers:
            yield f"{name} is none of this server's business"


def _wrong_fields(sort: Sort, body: Json) -> Iterator[str]:
    known = _FIELDS | _MORE_FIELDS[sort]
    for name, value in body.items():
        if name not in known:
            yield f"{sort} knows no field {name}"
        elif not known[name](value):
            yield f"{name} cannot be {value!r}"
    for name in ("model", "messages", "stream", "stream_options", "max_tokens"):
        if name not in body:
            yield f"no {name}"
    if sort is Sort.OTHER and len(body.get("stop", ())) > _MOST_STOPS:
        yield "more than four stops"
    if body.get("add_generation_prompt", True) and body.get("continue_final_message"):
        yield "an answer cannot be both begun anew and gone on with"


def _wrong_messages(sort: Sort, body: Json) -> Iterator[str]:
    messages = body.get("messages")
    if not isinstance(messages, list):
        return
    for message in messages:
        if not isinstance(message, dict) or set(message) != {"role", "content"}:
            yield f"a message is a role and a content: {message!r}"
            return
        if not isinstance(message["content"], str):
            yield f"a message is a text: {message!r}"
        elif message["role"] == "assistant" and not message["content"].strip():
            yield "an answer of nothing"  # Mistral's tokenizer refuses it
    roles = [message["role"] for message in messages]
    if roles[:1] == ["system"]:
        roles = roles[1:]
    if roles != [("user", "assistant")[place % 2] for place in range(len(roles))] or not roles:
        yield f"roles do not take turns: {roles}"
    if roles[-1:] == ["assistant"] and not _goes_on(sort, body):
        yield "the last word is the model's already"
    if roles[-1:] == ["user"] and body.get("continue_final_message"):
        yield "the person's words are to be gone on with"


def _goes_on(sort: Sort, body: Json) -> bool:
    if sort is Sort.VLLM:
        return body.get("continue_final_message") is True
    return sort is not Sort.OTHER


def _within(least: float, most: float) -> Callable[[object], bool]:
    return lambda value: (
        isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most
    )


def _whole(least: int, most: int = _LARGEST_SEED - 1) -> Callable[[object], bool]:
    return lambda value: type(value) is int and least <= value <= most


def _exactly(wanted: object) -> Callable[[object], bool]:
    return lambda value: value == wanted


def _texts(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(t, str) and t for t in value)


def _thinks(value: object) -> bool:
    return isinstance(value, dict) and [*value] == ["enable_thinking"]


_FIELDS: dict[str, Callable[[object], bool]] = {
    "model": lambda value: isinstance(value, str) and bool(value),
    "messages": lambda value: isinstance(value, list) and bool(value),
    "stream": _exactly(wanted=True),
    "stream_options": _exactly({"include_usage": True}),
    "max_tokens": _whole(1),
    "temperature": _within(0, 2),
    "top_p": _within(0, 1),
    "stop": _texts,
    "seed": _whole(0),
}
_MORE_FIELDS: dict[Sort, dict[str, Callable[[object], bool]]] = {
    Sort.LLAMA_CPP: {
        "top_k": _whole(0),
        "min_p": _within(0, 1),
        "repeat_penalty": _within(0, 2),
        "return_progress": _exactly(wanted=True),
        "chat_template_kwargs": _thinks,
    },
    Sort.VLLM: {
        "top_k": _whole(0),
        "min_p": _within(0, 1),
        "repetition_penalty": _within(0, 2),
        "add_generation_prompt": _exactly(wanted=False),
        "continue_final_message": _exactly(wanted=True),
    },
    Sort.OLLAMA: {},
    Sort.OTHER: {},
}
