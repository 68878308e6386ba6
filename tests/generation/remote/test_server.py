"""What is learned of a server when it is opened."""

import re
from collections.abc import Mapping
from typing import Any

import pytest

from bot.errors import UsageError
from bot.generation.remote.client import Client
from bot.generation.remote.failures import ServerError
from bot.generation.remote.server import Server, choose, listing, look, title, without_model
from bot.generation.remote.sort import Sort
from tests.doubles.openai_models import ModelServer
from tests.doubles.openai_refused import Refused, error, page, plain, refused
from tests.doubles.openai_server import serving


async def seen(server: ModelServer, wanted: str | None = None, key: str | None = None) -> Server:
    async with serving(server):
        client = Client(server.url, key)
        try:
            return await look(client, wanted)
        finally:
            await client.close()


@pytest.mark.parametrize(
    ("sort", "context", "slots", "counts"),
    [
        (Sort.LLAMA_CPP, 2048, 3, True),
        (Sort.VLLM, 2048, 16, True),
        (Sort.OLLAMA, None, 4, False),
        (Sort.OTHER, None, 4, False),
    ],
)
async def test_each_sort_of_server_is_known_for_what_it_is(
    sort: Sort, context: int | None, slots: int, *, counts: bool
) -> None:
    server = await seen(ModelServer(sort, context=2048, slots=3))

    assert server == Server("tiny", sort, context, slots, can_think=False, counts=counts)


@pytest.mark.parametrize(
    ("models", "context"),
    [
        (
            [{"model": "other", "context_length": 1}, {"model": "tiny", "context_length": 4096}],
            4096,
        ),
        ([{"model": "tiny:latest", "context_length": 4096}], 4096),
        ([{"model": "tiny"}], None),
        ([], None),
        (None, None),
    ],
)
async def test_ollama_tells_the_window_of_a_model_that_it_has_loaded(
    models: list[Mapping[str, Any]] | None, context: int | None
) -> None:
    server = ModelServer(Sort.OLLAMA)
    server.refusals["/api/ps"] = refused(200, {"models": models})

    assert (await seen(server)).context == context


async def test_a_model_that_can_think_is_known_by_its_template() -> None:
    assert (await seen(ModelServer(template="{% if enable_thinking %}"))).can_think


async def test_ollama_is_known_whoever_owns_its_model() -> None:
    server = ModelServer(Sort.OLLAMA, models=("hf.co/somebody/tiny:Q4_K_M",))
    server.owner = "somebody"
    server.refusals["/api/ps"] = refused(
        200, {"models": [{"model": "hf.co/somebody/tiny:Q4_K_M", "context_length": 4096}]}
    )
    known = await seen(server)

    assert (known.sort, known.context) == (Sort.OLLAMA, 4096)
    assert server.calls.count("GET /api/version") == 1


@pytest.mark.parametrize(
    "answer", [None, page(502), plain(404, "no"), refused(200, {"version": None})]
)
async def test_who_tells_no_version_as_ollama_does_is_none(answer: Refused | None) -> None:
    server = ModelServer(Sort.OTHER)
    server.owner = "somebody"
    if answer is not None:
        server.refusals["/api/version"] = answer

    assert (await seen(server)).sort is Sort.OTHER
    assert "GET /api/version" in server.calls


async def test_nobody_is_asked_for_what_they_do_not_have() -> None:
    server = ModelServer(Sort.OTHER)
    await seen(server)

    assert server.calls == ["GET /v1/models"]


@pytest.mark.parametrize("answer", [error(Sort.LLAMA_CPP, 404, "File Not Found"), page(200)])
async def test_a_server_of_which_only_the_api_can_be_reached_does_with_less(
    answer: Refused,
) -> None:
    server = ModelServer()
    server.refusals |= {"/props": answer, "/tokenize": answer}
    known = await seen(server)

    assert (known.context, known.slots, known.counts, known.can_think) == (None, 4, False, False)


async def test_a_server_that_still_loads_its_model_is_no_lesser_one() -> None:
    server = ModelServer()
    server.refusals["/props"] = error(Sort.LLAMA_CPP, 503, "Loading model")
    with pytest.raises(ServerError, match="Loading model"):
        await seen(server)


async def test_a_server_without_a_list_is_asked_for_what_is_wanted() -> None:
    server = ModelServer(Sort.OTHER)
    server.refusals["/v1/models"] = plain(404, "404 page not found")

    assert (await seen(server, "mine")).model == "mine"


async def test_a_server_without_a_list_has_to_be_told() -> None:
    server = ModelServer(Sort.OTHER)
    server.refusals["/v1/models"] = refused(200, {"error": "Unexpected endpoint"})
    with pytest.raises(UsageError, match="MODEL_NAME is not set"):
        await seen(server)


async def test_a_wrong_key_is_told() -> None:
    for sort in (Sort.LLAMA_CPP, Sort.VLLM, Sort.OTHER):
        with pytest.raises(ServerError, match="refuses MODEL_KEY"):
            await seen(ModelServer(sort, key="right"), key="wrong")


def entry(name: str, owner: str = "me", **more: Any) -> Mapping[str, Any]:  # noqa: ANN401 # JSON
    return {"id": name, "owned_by": owner, **more}


LLAMA = entry("/srv/tiny.gguf", "llamacpp", aliases=["small"])
OLLAMA = entry("llama3.2:latest", "library")


@pytest.mark.parametrize(
    ("listed", "wanted", "model"),
    [
        ([entry("one")], None, "one"),
        ([{"object": "model"}, entry("one")], None, "one"),
        ([entry("one"), entry("two")], "two", "two"),
        ([entry("one")], "unlisted", "unlisted"),
        ([], "unlisted", "unlisted"),
        ([OLLAMA, entry("qwen3:4b", "library")], "llama3.2", "llama3.2:latest"),
        ([LLAMA], "tiny.gguf", "/srv/tiny.gguf"),
        ([LLAMA], "small", "/srv/tiny.gguf"),
        ([entry("Qwen/Qwen3-8B", "vllm")], "Qwen/Qwen3-8B", "Qwen/Qwen3-8B"),
    ],
)
def test_the_model_that_is_meant_is_found(
    listed: list[Mapping[str, Any]], wanted: str | None, model: str
) -> None:
    assert choose(listed, wanted, Sort.OTHER)[0] == model


@pytest.mark.parametrize(
    ("listed", "wanted", "line"),
    [
        ([entry("one"), entry("two")], None, "has several: one, two$"),
        ([LLAMA], "other", r"MODEL_NAME=other: .* it has: /srv/tiny\.gguf$"),
        ([OLLAMA], "other", "it has: llama3.2:latest$"),
        ([entry("hf.co/me/tiny:latest")], "tiny", "it has: hf.co/me/tiny:latest$"),
        ([entry("Qwen/Qwen3-8B", "vllm")], "Qwen3-8B", "it has: Qwen/Qwen3-8B$"),
        ([], None, "does not say what it has"),
    ],
)
def test_where_it_is_open_which_one_is_meant_the_names_are_told(
    listed: list[Mapping[str, Any]], wanted: str | None, line: str
) -> None:
    with pytest.raises(UsageError, match=line):
        choose(listed, wanted, Sort.OLLAMA)


def test_names_are_told_in_one_short_line() -> None:
    names = ["evil\nname", "x" * 500, *map(str, range(100))]

    assert listing(names).startswith("evil name, xxx")
    assert listing(names).endswith(", 17, …")
    assert len(listing(names)) < 200


@pytest.mark.parametrize(
    ("answer", "line"),
    [
        (refused(200, {"data": [{"id": "other"}]}), "does not have the model tiny; it has: other$"),
        (refused(200, {"data": [{"id": "other"}, {"id": "tiny"}]}), "no such thing$"),
        (refused(200, {"data": []}), "no such thing$"),
        (error(Sort.LLAMA_CPP, 500, "broken"), "no such thing$"),
    ],
)
async def test_a_model_that_is_not_there_is_told_with_those_that_are(
    answer: Refused, line: str
) -> None:
    server = ModelServer()
    server.refusals["/v1/models"] = answer
    async with serving(server):
        client = Client(server.url, None)
        told = await without_model(client, "tiny", ServerError("knows no such thing"))
        await client.close()

    assert re.search(line, str(told))


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("/srv/models/tiny.gguf", "tiny.gguf"),
        (r"C:\models\tiny.gguf", "tiny.gguf"),
        ("Qwen/Qwen3-8B", "Qwen/Qwen3-8B"),
        ("qwen3:4b", "qwen3:4b"),
    ],
)
def test_a_file_is_shown_without_its_folders(name: str, shown: str) -> None:
    assert title(name) == shown
