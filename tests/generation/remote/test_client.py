"""What goes out to a server, and how what comes back is taken."""

import asyncio
import gc
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest

from bot.errors import UsageError
from bot.generation.remote.client import Client
from bot.generation.remote.failures import ServerError, Trouble
from bot.generation.remote.server import counting
from bot.generation.remote.sort import Sort
from tests.doubles.openai_models import ModelServer
from tests.doubles.openai_refused import Refused, page, plain, refused
from tests.doubles.openai_said import (
    DONE,
    HALF_JSON,
    Cut,
    End,
    Endless,
    Hold,
    Raw,
    Step,
    Streamed,
    Text,
    says,
)
from tests.doubles.openai_server import serving

BODY: dict[str, Any] = {
    "model": "tiny",
    "messages": [{"role": "user", "content": "Hello"}],
    "stream": True,
    "stream_options": {"include_usage": True},
    "max_tokens": 8,
}


class Taking:
    """Takes chunks; wants so many of them."""

    def __init__(self, most: int = 1000, seconds: float = 10.0) -> None:
        self.chunks: list[Mapping[str, Any]] = []
        self._most = most
        self._seconds = seconds

    def __call__(self, chunk: Mapping[str, Any]) -> float | None:
        self.chunks.append(chunk)
        return self._seconds if len(self.chunks) < self._most else None


@asynccontextmanager
async def asking(server: ModelServer) -> AsyncIterator[Client]:
    async with serving(server):
        client = Client(server.url, None)
        try:
            yield client
        finally:
            await client.close()


async def test_a_stream_is_handed_on_chunk_by_chunk_and_its_end_is_known() -> None:
    server, take = ModelServer(), Taking()
    server.plan(says("Hello ", "Ada."))
    async with asking(server) as client:
        done = await client.stream(BODY, take, 10.0)

    assert done
    assert len(take.chunks) == 5  # the role, two words, the end, what it took


async def test_connections_are_used_again() -> None:
    server = ModelServer()
    server.otherwise = says("Hello ", "Ada.")
    async with asking(server) as client:
        for _ in range(3):
            await client.stream(BODY, Taking(), 10.0)
            await client.models()
        assert server.network.accepted == 1


async def test_what_is_no_more_wanted_is_not_waited_for() -> None:
    server, take = ModelServer(), Taking(most=2)
    server.plan(Streamed((Text("Hello "), Hold())))
    async with asking(server) as client:
        done = await client.stream(BODY, take, 10.0)
        await server.until(lambda: server.asked[0].over)

    assert not done
    assert len(take.chunks) == 2
    assert server.asked[0].left


async def test_no_more_is_handed_on_than_is_wanted_however_much_comes_at_once() -> None:
    server, take = ModelServer(), Taking(most=3)
    server.plan(Streamed((Endless("more "),)))
    async with asking(server) as client:
        await client.stream(BODY, take, 10.0)

    assert len(take.chunks) == 3


async def test_patience_is_counted_anew_with_each_piece_and_set_by_who_takes() -> None:
    server, take = ModelServer(), Taking(seconds=0.05)
    server.plan(Streamed((Text("Hello "), Hold())))
    async with asking(server) as client:
        with pytest.raises(ServerError, match="does not answer") as caught:
            await client.stream(BODY, take, 600.0)

    assert caught.value.trouble is Trouble.LASTING
    assert len(take.chunks) == 2


async def test_cancelled_it_leaves_the_server() -> None:
    server, take = ModelServer(), Taking()
    server.plan(Streamed((Text("Hello "), Hold())))
    async with asking(server) as client:
        reading = asyncio.create_task(client.stream(BODY, take, 10.0))
        await server.until(lambda: server.asked)
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        await server.until(lambda: server.asked[0].over)

    assert server.asked[0].left


@pytest.mark.parametrize("steps", [(), (Text("Hello"),), (Text("Hello"), End())])
async def test_a_stream_that_ends_without_a_word_of_it_is_not_done(steps: tuple[Any, ...]) -> None:
    server = ModelServer()
    server.plan(Streamed(steps))
    async with asking(server) as client:
        assert not await client.stream(BODY, Taking(), 10.0)


@pytest.mark.parametrize("steps", [(Cut(),), (Text("Hello"), Cut())])
async def test_a_connection_that_breaks_is_told_as_that(steps: tuple[Any, ...]) -> None:
    server = ModelServer()
    server.plan(Streamed(steps))
    async with asking(server) as client:
        with pytest.raises(ServerError, match="cannot be reached: the connection broke") as caught:
            await client.stream(BODY, Taking(), 10.0)

    assert caught.value.trouble is Trouble.PASSING


@pytest.mark.parametrize(
    "data",
    [
        b'data: {"choices": [\n\n',
        b"data: [1, 2]\n\n",
        b"data: " + b"[" * 100_000 + b"\n\n",
        b"data: " + b"x" * 2**21,
        b"data: NaN\n\n",
    ],
)
async def test_what_is_no_chunk_ends_the_stream(data: bytes) -> None:
    server = ModelServer()
    server.plan(Streamed((Raw(data), End(), DONE)))
    async with asking(server) as client:
        with pytest.raises(ServerError, match="sent something that is no answer"):
            await client.stream(BODY, Taking(), 10.0)


@pytest.mark.parametrize("kind", ["", "text/event-stream", "Text/Event-Stream; charset=utf-8"])
async def test_a_stream_is_known_by_its_type_if_it_has_one(kind: str) -> None:
    server = ModelServer()
    server.plan(Streamed(says("Hi.").steps, headers={"Content-Type": kind}))
    async with asking(server) as client:
        assert await client.stream(BODY, Taking(), 10.0)


@pytest.mark.parametrize("step", [Hold(), Endless("more ")])
async def test_what_is_no_stream_is_left_also_where_it_has_no_end(step: Step) -> None:
    server = ModelServer()
    server.plan(Streamed((Raw(b"<html>"), step), content_type="text/plain"))
    async with asking(server) as client:
        with pytest.raises(ServerError, match="sent"):
            await client.stream(BODY, Taking(), 10.0)
        await server.until(lambda: server.asked[0].over)

    assert server.asked[0].left


@pytest.mark.parametrize(
    "steps",
    [
        (DONE,),
        (Text("Hello"), Hold()),
        (Text("Hello"), Endless("more")),
        (HALF_JSON, Hold()),
        (Text("Hello"), Cut()),
    ],
)
async def test_no_generator_is_left_for_the_garbage_collector(steps: tuple[Step, ...]) -> None:
    left: list[object] = []
    hooks = sys.get_asyncgen_hooks()
    server = ModelServer()
    server.plan(Streamed(steps))
    async with asking(server) as client:
        sys.set_asyncgen_hooks(finalizer=left.append)
        try:
            with suppress(ServerError):
                await client.stream(BODY, Taking(most=3), 10.0)
            gc.collect()
        finally:
            sys.set_asyncgen_hooks(*hooks)

    assert left == []


async def test_a_fault_of_who_takes_is_not_the_servers() -> None:
    server = ModelServer()
    server.plan(says("Hello."))

    def take(_: Mapping[str, Any]) -> float | None:
        raise ValueError("mine")

    async with asking(server) as client:
        with pytest.raises(ValueError, match="mine"):
            await client.stream(BODY, take, 10.0)


@pytest.mark.parametrize("sort", [Sort.LLAMA_CPP, Sort.VLLM])
async def test_tokens_are_counted_in_the_words_of_each_server(sort: Sort) -> None:
    server = ModelServer(sort)
    async with asking(server) as client:
        assert await client.tokenize(counting(sort, "tiny", "one two three")) == 3

    assert server.calls == ["POST /tokenize"]


@pytest.mark.parametrize(
    ("answer", "line"),
    [
        (page(200), "sent a web page"),
        (plain(200, "[1, 2]"), "sent something else"),
        (refused(200, {"tokens": None}), "does not count tokens"),
        (refused(200, {"error": "Unexpected endpoint"}), "does not answer that: Unexpected"),
        (refused(404, {"error": "no"}), "does not have that"),
    ],
)
async def test_an_answer_that_is_none_is_explained(answer: Refused, line: str) -> None:
    server = ModelServer()
    server.refusals["/tokenize"] = answer
    async with asking(server) as client:
        with pytest.raises(ServerError, match=line):
            await client.tokenize({"content": "one"})


@pytest.mark.parametrize("listed", [None, 17, {"a": 1}, ["tiny", None, {"id": "tiny"}]])
async def test_a_list_of_models_may_have_any_shape(listed: object) -> None:
    server = ModelServer()
    server.refusals["/v1/models"] = refused(200, {"data": listed})
    async with asking(server) as client:
        models = await client.models()

    assert models == ([{"id": "tiny"}] if isinstance(listed, list) else [])


async def test_closed_it_asks_nothing_more_and_can_be_closed_again() -> None:
    server = ModelServer()
    async with asking(server) as client:
        await client.models()
        await client.close()
        await client.close()
        with pytest.raises(ServerError, match="is not asked any more"):
            await client.models()
        with pytest.raises(ServerError, match="is not asked any more"):
            await client.stream(BODY, Taking(), 10.0)

    assert server.calls == ["GET /v1/models"]


async def test_a_redirection_is_not_followed() -> None:
    server = ModelServer()
    async with asking(server) as client:
        to = {"Location": f"{server.url}/elsewhere"}
        server.refusals["/v1/models"] = Refused(307, "", "text/plain", to)
        with pytest.raises(ServerError, match="sends elsewhere"):
            await client.models()

    assert server.calls == ["GET /v1/models"]


@pytest.mark.parametrize("key", ["비밀", "two\nlines", "a\x00b"])
def test_a_key_that_cannot_be_sent_is_told_without_it(key: str) -> None:
    with pytest.raises(UsageError) as caught:
        Client("http://127.0.0.1:1/v1", key)

    assert key not in str(caught.value)


def test_a_host_that_no_network_can_have_is_told_by_the_setting() -> None:
    with pytest.raises(UsageError, match=r"^MODEL_URL: no network has a host of that name$"):
        Client("http://\u2603.example/v1", None)


@pytest.mark.parametrize(
    ("url", "where"),
    [
        ("http://127.0.0.1:8080/v1", "127.0.0.1:8080"),
        ("https://models.example/v1/", "models.example"),
        ("http://[::1]:8080/v1", "[::1]:8080"),
    ],
)
def test_where_it_is_can_be_shown(url: str, where: str) -> None:
    assert Client(url, None).where == where
