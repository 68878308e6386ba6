"""A model server that answers at once, in a process of its own.

    python -m benchmarks.peers.at_once OWNER

It speaks as much of OpenAI's protocol as is asked of it, and prints its port. Its answers are
written before they are asked for: what it takes is little, and it tells how much in each answer.
"""

import asyncio
import json
import re
import sys
import time

PIECES = 16
"""Of an answer; each is about a token, and an event of its own."""

_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_WORDS = ("Lakes ", "lie ", "still ", "in ", "the ", "morning. ")
_COUNTED = json.dumps({"count": 20, "tokens": [1] * 20, "max_model_len": 8192})


def _models(owner: str) -> str:
    """Return what /v1/models says; by who owns the model it is known which server this is."""
    model = {"id": "at-once", "object": "model", "owned_by": owner, "max_model_len": 8192}
    return json.dumps({"object": "list", "data": [model]})


def microseconds(answer: str) -> int:
    """Return how long the server took for an answer, as it begins with that."""
    return int(answer.partition(" ")[0])


def _event(choice: dict[str, object] | None, **more: object) -> bytes:
    chunk = {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "at-once",
        "choices": [] if choice is None else [{"index": 0, "finish_reason": None, **choice}],
        **more,
    }
    return f"data: {json.dumps(chunk)}\n\n".encode()


def _framed(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


def _said(text: str) -> bytes:
    return _framed(_event({"delta": {"content": text}}))


_HEAD = (
    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\n"
    b"transfer-encoding: chunked\r\n\r\n"
)
_BEGIN = _framed(_event({"delta": {"role": "assistant", "content": ""}}))
_END = b"".join(
    [
        *(_said(_WORDS[number % len(_WORDS)]) for number in range(PIECES - 1)),
        _framed(_event({"delta": {}, "finish_reason": "stop"})),
        _framed(
            _event(
                None, usage={"prompt_tokens": 60, "completion_tokens": PIECES, "total_tokens": 76}
            )
        ),
        _framed(b"data: [DONE]\n\n"),
        b"0\r\n\r\n",
    ]
)


class _Window(asyncio.Protocol):
    """One connection: requests one after the other, each answered as soon as it is whole."""

    def __init__(self, owner: str) -> None:
        self._owner = owner
        self._came = b""
        self._begun = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 # it is TCP
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._begun = self._begun or time.perf_counter()
        self._came += data
        while b"\r\n\r\n" in self._came:
            head, _, rest = self._came.partition(b"\r\n\r\n")
            found = _LENGTH.search(head)
            length = int(found[1]) if found else 0
            if len(rest) < length:
                return
            self._came = rest[length:]
            self._transport.write(self._answer(head.split(b" ", 2)[1]))
            self._begun = 0.0

    def _answer(self, path: bytes) -> bytes:
        if path.endswith(b"/chat/completions"):
            took = round(1_000_000 * (time.perf_counter() - self._begun))
            return b"".join([_HEAD, _BEGIN, _said(f"{took} "), _END])
        if path.endswith(b"/tokenize"):
            return _json(_COUNTED)
        return _json(_models(self._owner)) if path.endswith(b"/models") else _NONE


def _json(text: str, status: str = "200 OK") -> bytes:
    head = f"HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {len(text)}"
    return f"{head}\r\n\r\n{text}".encode()


_NONE = _json('{"error": {"message": "there is no such thing"}}', "404 Not Found")


async def _serve(owner: str) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Window(owner), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201 # what it is asked for
    await asyncio.to_thread(sys.stdin.read)  # until whoever started it closes that, or ends
    server.close()


if __name__ == "__main__":
    asyncio.run(_serve(sys.argv[1]))
