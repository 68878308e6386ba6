"""The tests' model server refuses what its sort refuses, and what is not of the protocol."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.generation.remote.sort import Sort
from tests.doubles.openai_asking import ask, body, get
from tests.doubles.openai_models import ModelServer
from tests.doubles.openai_refused import unknown_model
from tests.doubles.openai_said import Json, says
from tests.doubles.openai_server import serving


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


SILENCE = [{"role": "user", "content": "a"}, {"role": "assistant", "content": " "}]
WRONG = [
    (Sort.OTHER, body(top_k=3), "knows no field top_k"),
    (Sort.OLLAMA, body(return_progress=True), "knows no field return_progress"),
    (Sort.VLLM, body(repeat_penalty=1.1), "knows no field repeat_penalty"),
    (Sort.OTHER, body(temperature=None), "temperature cannot be None"),
    (Sort.OTHER, body(max_tokens=0), "max_tokens cannot be 0"),
    (Sort.OTHER, body(stream=False), "stream cannot be False"),
    (Sort.OTHER, body(stop=["a", "b", "c", "d", "e"]), "more than four stops"),
    (Sort.OTHER, {"model": "tiny"}, "no messages"),
    (Sort.OTHER, body("user", "assistant"), "the last word is the model's already"),
    (Sort.VLLM, body("user", "assistant"), "the last word is the model's already"),
    (Sort.VLLM, body(continue_final_message=True), "cannot be both begun anew"),
    (Sort.OTHER, body("user", "user"), "roles do not take turns"),
    (Sort.OTHER, body("user", "system"), "roles do not take turns"),
    (Sort.OTHER, body("system"), "roles do not take turns"),
    (Sort.OTHER, body(messages=[{"role": "user", "content": None}]), "a message is a text"),
    (Sort.OLLAMA, {"model": "tiny", "messages": SILENCE}, "an answer of nothing"),
    (Sort.OTHER, body(messages=[{"role": "user"}]), "a message is a role and a content"),
]


@pytest.mark.parametrize(("sort", "asked", "wrong"), WRONG, ids=[wrong for *_, wrong in WRONG])
async def test_a_wrong_request_is_refused_and_fails_the_test(
    session: aiohttp.ClientSession, sort: Sort, asked: Json, wrong: str
) -> None:
    with pytest.raises(AssertionError, match=wrong):
        async with serving(ModelServer(sort)) as server:
            assert (await ask(session, server, asked))[0] == 400


async def test_a_request_that_nobody_has_planned_fails_the_test(
    session: aiohttp.ClientSession,
) -> None:
    with pytest.raises(AssertionError, match="nobody has planned"):
        async with serving(ModelServer()) as server:
            assert (await ask(session, server, body()))[0] == 500


async def test_llama_server_does_not_go_on_while_the_model_may_think(
    session: aiohttp.ClientSession,
) -> None:
    async with serving(ModelServer(template="{{ enable_thinking }}")) as server:
        server.plan(says("more"))
        begun = body("user", "assistant")
        silent = begun | {"chat_template_kwargs": {"enable_thinking": False}}

        assert (await ask(session, server, begun))[0] == 400
        assert (await ask(session, server, silent))[0] == 200


@pytest.mark.parametrize(
    ("sort", "open_path", "shut_path"),
    [
        (Sort.LLAMA_CPP, "/v1/models", "/props"),
        (Sort.OTHER, None, "/v1/models"),
        (Sort.VLLM, None, "/v1/models"),
    ],
)
async def test_a_key_is_wanted_where_each_sort_wants_it(
    session: aiohttp.ClientSession, sort: Sort, open_path: str | None, shut_path: str
) -> None:
    async with serving(ModelServer(sort, key="right")) as server:
        assert (await get(session, server, shut_path))[0] == 401
        if open_path:
            assert (await get(session, server, open_path))[0] == 200
        session.headers["Authorization"] = "Bearer right"
        assert (await get(session, server, shut_path))[0] == 200


@pytest.mark.parametrize(
    ("sort", "words"),
    [
        (Sort.LLAMA_CPP, "exceed_context_size_error"),
        (Sort.VLLM, "maximum context length is 16 tokens"),
        (Sort.OTHER, "context_length_exceeded"),
    ],
)
async def test_a_prompt_that_is_too_long_is_refused(
    session: aiohttp.ClientSession, sort: Sort, words: str
) -> None:
    async with serving(ModelServer(sort, context=16)) as server:
        long = [{"role": "user", "content": "word " * 20}]
        status, text = await ask(session, server, body(messages=long, max_tokens=1))
        assert status == 400
        assert words in text


async def test_another_model_is_unknown(session: aiohttp.ClientSession) -> None:
    refused = unknown_model(Sort.VLLM, "huge")
    async with serving(ModelServer(Sort.VLLM)) as server:
        assert await ask(session, server, body(model="huge")) == (404, refused.body)
