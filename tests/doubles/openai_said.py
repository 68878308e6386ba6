"""What the tests' model server says: an answer as steps, worded as its sort words it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.generation.remote.sort import Sort

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Text:
    """More of the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class Thought:
    """More of the model's thoughts, told apart from the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class Read:
    """So much of the prompt is read; told where it was asked for."""

    processed: int
    total: int
    cache: int = 0
    time_ms: int = 100


@dataclass(frozen=True, slots=True)
class End:
    """The answer is over."""

    reason: str = "stop"


@dataclass(frozen=True, slots=True)
class Used:
    """What it took."""

    prompt: int = 20
    written: int = 5
    cached: int | None = None
    thought: int | None = None


@dataclass(frozen=True, slots=True)
class Raw:
    """Bytes as they are."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Hold:
    """Nothing comes until the test releases it, or the client goes away."""


@dataclass(frozen=True, slots=True)
class Cut:
    """The connection breaks."""


@dataclass(frozen=True, slots=True)
class Endless:
    """The same text for ever, until the client goes away."""

    text: str


Step = Text | Thought | Read | End | Used | Raw | Hold | Cut | Endless

DONE = Raw(b"data: [DONE]\n\n")
KEEP_ALIVE = Raw(b": keep-alive\n\n")
HALF_JSON = Raw(b'data: {"id": "1", "choices": [{"index": 0, "delta": {"con\n\n')
NO_OBJECT = Raw(b"data: 17\n\n")
NULL_CHOICES = Raw(b'data: {"id": "1", "choices": null}\n\n')


@dataclass(frozen=True, slots=True)
class Streamed:
    """An answer that comes in chunks; after the last step the connection is at its end."""

    steps: tuple[Step, ...]
    content_type: str = "text/event-stream"
    headers: Json = field(default_factory=dict)


def streamed(*steps: Step) -> Streamed:
    """Return an answer of just these steps."""
    return Streamed(steps)


def says(
    *texts: str,
    thoughts: Sequence[str] = (),
    reading: Sequence[Read] = (),
    reason: str = "stop",
    used: Used | None = None,
) -> Streamed:
    """Return a whole answer, with all that a good server sends around it."""
    said: list[Step] = [*reading, *map(Thought, thoughts), *map(Text, texts)]
    took = used or Used(written=len(texts) + len(thoughts))
    return Streamed((*said, End(reason), took, DONE))


def fails_midway(sort: Sort, message: str = "the engine died") -> tuple[Raw, ...]:
    """Return what a server says that fails when it has begun to answer."""
    kind = {Sort.LLAMA_CPP: "server_error", Sort.OLLAMA: "api_error"}.get(
        sort, "InternalServerError"
    )
    error = {"error": {"message": message, "type": kind, "param": None, "code": 500}}
    line = json.dumps(error).encode()
    if sort is Sort.OLLAMA:  # it forgets the frame, and the end
        return (Raw(line + b"\n"),)
    framed = Raw(b"data: " + line + b"\n\n")
    return (framed, DONE) if sort is Sort.VLLM else (framed,)


class Wording:
    """Puts steps into the bytes that a sort of server sends for one request."""

    def __init__(self, sort: Sort, asked: Json) -> None:
        self._sort = sort
        self._model = asked["model"]
        self._reads = asked.get("return_progress") is True
        self._counts = (asked.get("stream_options") or {}).get("include_usage") is True
        self._thoughts = "reasoning_content" if sort is Sort.LLAMA_CPP else "reasoning"

    def opening(self) -> bytes:
        """Return what comes before the first token."""
        if self._sort is Sort.OLLAMA:
            return b""
        content = None if self._sort is Sort.LLAMA_CPP else ""
        return self._frame(self._chunk({"role": "assistant", "content": content}))

    def of(self, step: Text | Thought | Read | End | Used) -> bytes:
        """Return how a step is told; empty where it was not asked for."""
        role: Json = {"role": "assistant"} if self._sort is Sort.OLLAMA else {}
        match step:
            case Text(text):
                return self._frame(self._chunk(role | {"content": text}))
            case Thought(text):
                empty: Json = {"content": ""} if self._sort is Sort.OLLAMA else {}
                return self._frame(self._chunk(role | empty | {self._thoughts: text}))
            case Read():
                return self._frame(self._progress(step)) if self._reads else b""
            case End(reason):
                last = role | ({} if self._sort is Sort.LLAMA_CPP else {"content": ""})
                return self._frame(self._chunk(last, reason))
            case Used():
                return self._frame(self._usage(step)) if self._counts else b""

    def _chunk(self, delta: Json, reason: str | None = None) -> Json:
        choice = {"index": 0, "delta": delta, "finish_reason": reason}
        if self._sort is Sort.VLLM:
            choice |= {"logprobs": None, "stop_reason": None}
        more: Json = {"usage": None} if self._sort is Sort.OTHER and self._counts else {}
        return self._head() | {"choices": [choice]} | more

    def _progress(self, step: Read) -> Json:
        progress = {
            "total": step.total,
            "cache": step.cache,
            "processed": step.processed,
            "time_ms": step.time_ms,
        }
        return self._chunk({"role": "assistant", "content": None}) | {"prompt_progress": progress}

    def _usage(self, step: Used) -> Json:
        usage: Json = {
            "prompt_tokens": step.prompt,
            "completion_tokens": step.written,
            "total_tokens": step.prompt + step.written,
        }
        if step.cached is not None:
            usage["prompt_tokens_details"] = {"cached_tokens": step.cached}
        if step.thought is not None:
            usage["completion_tokens_details"] = {"reasoning_tokens": step.thought}
        return self._head() | {"choices": [], "usage": usage}

    def _head(self) -> Json:
        kind = "chat.completion.chunk"
        return {"id": "chatcmpl-1", "object": kind, "created": 1_763_000_000, "model": self._model}

    def _frame(self, chunk: Json) -> bytes:
        return b"data: " + json.dumps(chunk, ensure_ascii=False).encode() + b"\n\n"
