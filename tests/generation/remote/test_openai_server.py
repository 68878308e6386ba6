"""The tests' model server speaks as its sort does, and goes wrong as it is planned."""

import asyncio
import json
from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.generation.remote.sort import Sort
from tests.doubles.openai_asking import ask, body, content_of, get
from tests.doubles.openai_models import ModelServer
from tests.doubles.openai_refused import error, page
from tests.doubles.openai_said import (
    DONE,
    HALF_JSON,
    Cut,
    Endless,
    Hold,
    Read,
    Text,
    Used,
    fails_midway,
    says,
    streamed,
)
from tests.doubles.openai_server import serving


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


@pytest.mark.parametrize("sort", Sort)
async def test_every_sort_says_what_is_planned_and_then_is_done(
    session: aiohttp.ClientSession, sort: Sort
) -> None:
    async with serving(ModelServer(sort)) as server:
        server.plan(says("안녕", "하세요", thoughts=["hm"], reading=[Read(1, 2)]))

        status, text = await ask(session, server, body())

        assert (status, content_of(text)) == (200, "안녕하세요")
        assert text.endswith("data: [DONE]\n\n")
        assert '"completion_tokens": 3' in text
        assert server.asked[0].messages == [{"role": "user", "content": "hello"}]
        assert (server.asked[0].over, server.asked[0].left) == (True, False)


async def test_an_answer_can_be_gone_on_with_as_each_sort_wants_it(
    session: aiohttp.ClientSession,
) -> None:
    begun = body("user", "assistant")
    for sort, asked in [
        (Sort.LLAMA_CPP, begun),
        (Sort.OLLAMA, begun),
        (Sort.VLLM, begun | {"add_generation_prompt": False, "continue_final_message": True}),
    ]:
        async with serving(ModelServer(sort)) as server:
            server.plan(says("more"))
            assert content_of((await ask(session, server, asked))[1]) == "more"


@pytest.mark.parametrize("end", ["goes away", "is let go"])
async def test_a_client_that_goes_away_is_noted(session: aiohttp.ClientSession, end: str) -> None:
    async with serving(ModelServer()) as server:
        server.plan(streamed(Text("a"), Hold(), Text("b"), Used(), DONE))
        response = await session.post(f"{server.url}/chat/completions", json=body())
        await server.until(lambda: server.asked)
        if end == "is let go":
            server.release()
            await response.read()
        response.close()

        await server.until(lambda: server.asked[0].over)

        assert server.asked[0].left is (end == "goes away")


async def test_what_never_ends_ends_when_the_client_goes_away(
    session: aiohttp.ClientSession,
) -> None:
    async with serving(ModelServer()) as server:
        server.plan(streamed(Endless("on and ")))
        response = await session.post(f"{server.url}/chat/completions", json=body())
        await response.content.readany()
        response.close()

        await server.until(lambda: server.asked[0].left)


@pytest.mark.parametrize("midway", [True, False])
async def test_a_connection_breaks(session: aiohttp.ClientSession, midway: bool) -> None:  # noqa: FBT001 # the case
    async with serving(ModelServer()) as server:
        server.plan(streamed(Text("a"), Cut()) if midway else Cut())
        with pytest.raises(aiohttp.ClientError):
            await ask(session, server, body())


async def test_the_network_goes_down_and_comes_back(session: aiohttp.ClientSession) -> None:
    async with serving(ModelServer()) as server:
        server.network.down()
        with pytest.raises(aiohttp.ClientConnectorError):
            await get(session, server, "/v1/models")
        server.network.up()
        assert (await get(session, server, "/v1/models"))[0] == 200


async def test_a_page_a_refusal_and_broken_chunks_come_as_planned(
    session: aiohttp.ClientSession,
) -> None:
    async with serving(ModelServer(Sort.OLLAMA)) as server:
        overloaded = error(Sort.OLLAMA, 503, "busy", retry_after="3")
        server.plan(page(502), overloaded, streamed(HALF_JSON, *fails_midway(Sort.OLLAMA)))

        assert "<html>" in (await ask(session, server, body()))[1]
        assert overloaded.headers == {"Retry-After": "3"}
        assert json.loads((await ask(session, server, body()))[1])["error"]["message"] == "busy"
        broken = (await ask(session, server, body()))[1]
        assert '"con\n\n{"error": {' in broken  # Ollama forgets the frame


async def test_what_is_held_before_a_word_is_said_can_be_refused_later(
    session: aiohttp.ClientSession,
) -> None:
    async with serving(ModelServer()) as server:
        server.plan(Hold(), says("late"))
        asking = asyncio.create_task(ask(session, server, body()))
        await server.until(lambda: server.asked)
        server.release()
        assert content_of((await asking)[1]) == "late"


async def test_tokens_are_words_and_other_endpoints_are_unknown(
    session: aiohttp.ClientSession,
) -> None:
    async with serving(ModelServer(Sort.VLLM)) as server:
        root = server.url.removesuffix("/v1")
        asked = {"model": "tiny", "prompt": "one two three", "add_special_tokens": False}
        async with session.post(f"{root}/tokenize", json=asked) as response:
            assert (await response.json())["count"] == 3
        assert (await get(session, server, "/props"))[0] == 404
    async with serving(ModelServer(Sort.OTHER)) as studio:
        assert "Unexpected endpoint" in (await get(session, studio, "/props"))[1]
