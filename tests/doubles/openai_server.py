"""A strict model server on 127.0.0.1 that speaks OpenAI's protocol as its sort does.

async with serving(ModelServer(Sort.VLLM)) as server:
    server.plan(error(Sort.VLLM, 503, "overloaded"), says("Hello ", "Ada."))
    ...  # ask at server.url
    assert server.asked[0].messages[-1]["content"] == "hello"

Each request for an answer takes the next planned one. Their steps are in openai_said.py, refusals
in openai_refused.py, the server itself in openai_models.py. A request that the rules of
openai_asked.py forbid fails the test at the end of the block.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from bot.generation.remote.sort import Sort
from tests.doubles.loopback.door import Door, cut
from tests.doubles.openai_asked import Asked, wrongs
from tests.doubles.openai_models import Answer, ModelServer, tokens_of
from tests.doubles.openai_refused import Refused, error, unknown_endpoint, wrong_key
from tests.doubles.openai_said import (
    Cut,
    Endless,
    Hold,
    Json,
    Raw,
    Step,
    Streamed,
    Text,
    Wording,
)


@asynccontextmanager
async def serving(server: ModelServer) -> AsyncIterator[ModelServer]:
    """Serve in this event loop until the end of the block, then see that no rule was broken."""
    runner = web.ServerRunner(
        web.Server(_Window(server).answer, access_log=None, handler_cancellation=True),
        shutdown_timeout=1,
    )
    await runner.setup()
    assert runner.server is not None
    server.door = Door(runner.server)
    server.door.up()
    try:
        yield server
    finally:
        server.release()
        await server.door.close()
        await runner.cleanup()
    assert not server.violations, "\n".join(server.violations)


class _Window:
    """Turns requests into answers."""

    def __init__(self, server: ModelServer) -> None:
        self._server = server

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one request."""
        server = self._server
        await server.network.let_through(request.protocol)
        with server.changes.change():
            server.calls.append(f"{request.method} {request.path}")
        if refusal := server.refusals.get(request.path) or self._stopped(request):
            return _refuse(refusal)
        match (request.method, request.path):
            case ("GET", path) if (known := self._known(path)) is not None:
                return web.json_response(known)
            case ("POST", "/tokenize") if server.sort in {Sort.LLAMA_CPP, Sort.VLLM}:
                return web.json_response(self._tokens(await request.json()))
            case ("POST", "/v1/chat/completions"):
                return await self._chat(request)
        return _refuse(unknown_endpoint(server.sort, request.method, request.path))

    def _known(self, path: str) -> Json | None:
        """Return what it tells of itself."""
        server = self._server
        match path:
            case "/v1/models":
                return {"object": "list", "data": server.described()}
            case "/props" if server.sort is Sort.LLAMA_CPP:
                return self._properties()
            case "/api/version" if server.sort is Sort.OLLAMA:
                return {"version": "0.12.6"}
        return None

    def _stopped(self, request: web.BaseRequest) -> Refused | None:
        """Look at the key, where this sort of server does."""
        server = self._server
        if server.key is None or server.sort is Sort.OLLAMA:
            return None
        shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
        is_open = {Sort.LLAMA_CPP: "/v1/models", Sort.VLLM: "/tokenize"}.get(server.sort)
        if shown == server.key or request.path == is_open:
            return None
        return wrong_key(server.sort, shown)

    def _properties(self) -> Json:
        server = self._server
        return {
            "default_generation_settings": {"n_ctx": server.context},
            "total_slots": server.slots,
            "chat_template": server.template,
        }

    def _tokens(self, body: Json) -> Json:
        server = self._server
        if server.sort is Sort.LLAMA_CPP:
            self._only(body, {"content", "add_special", "parse_special"})
            return {"tokens": tokens_of(body["content"])}
        self._only(body, {"model", "prompt", "add_special_tokens"})
        tokens = tokens_of(body["prompt"])
        told = {"count": len(tokens), "tokens": tokens, "token_strs": None}
        return told | {"max_model_len": server.context}

    def _only(self, body: Json, known: set[str]) -> None:
        if unknown := set(body) - known:
            self._server.violations.append(f"/tokenize knows no {unknown}")

    async def _chat(self, request: web.BaseRequest) -> web.StreamResponse:
        server = self._server
        headers = {name.lower(): value for name, value in request.headers.items()}
        asked = Asked(json.loads(await request.read()), headers)
        with server.changes.change():
            server.asked.append(asked)
        if wrong := list(wrongs(server.sort, asked)):
            server.violations += wrong
            return _refuse(error(server.sort, 400, "; ".join(wrong)))
        try:
            answer = server.refuses(asked.body) or server.next_answer()
            return await self._answered(request, asked, answer)
        except (asyncio.CancelledError, OSError):
            asked.left = True
            raise
        finally:
            with server.changes.change():
                asked.over = True

    async def _answered(
        self, request: web.BaseRequest, asked: Asked, answer: Answer
    ) -> web.StreamResponse:
        if isinstance(answer, Hold):
            await self._server.held()
            answer = self._server.next_answer()
        if isinstance(answer, Refused):
            return _refuse(answer)
        if isinstance(answer, Streamed):
            return await self._stream(request, asked, answer)
        return _break(request)

    async def _stream(
        self, request: web.BaseRequest, asked: Asked, answer: Streamed
    ) -> web.StreamResponse:
        response = web.StreamResponse(headers=answer.headers)
        response.content_type = answer.content_type
        await response.prepare(request)
        wording = Wording(self._server.sort, asked.body)
        await response.write(wording.opening())
        for step in answer.steps:
            if isinstance(step, Cut):
                return _break(request)
            await self._tell(response, wording, step)
        await response.write_eof()
        return response

    async def _tell(self, response: web.StreamResponse, wording: Wording, step: Step) -> None:
        match step:
            case Raw(data):
                await response.write(data)
            case Hold():
                await self._server.held()
            case Endless(text):
                while True:
                    await response.write(wording.of(Text(text)))
                    await asyncio.sleep(0)  # others have their turn
            case Cut():
                pass  # the stream is over
            case _:
                await _write_in_two(response, wording.of(step))


async def _write_in_two(response: web.StreamResponse, data: bytes) -> None:
    """Write with a break somewhere, maybe inside of a letter, as networks do."""
    middle = len(data) * 2 // 3
    for half in (data[:middle], data[middle:]):
        await response.write(half)


def _refuse(refused: Refused) -> web.Response:
    return web.Response(
        status=refused.status,
        text=refused.body,
        content_type=refused.content_type,
        headers=refused.headers,
    )


def _break(request: web.BaseRequest) -> web.Response:
    if request.transport is not None:
        cut(request.transport)
    return web.Response()
