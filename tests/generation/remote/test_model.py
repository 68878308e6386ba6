"""The model of a server: opened, described, asked ahead, closed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.delivery.stream import Ended
from bot.errors import EngineError, TooLongError, UsageError
from bot.generation.eras import Eras
from bot.generation.model import ModelInfo
from bot.generation.remote.client import Client
from bot.generation.remote.model import RemoteModel
from bot.generation.remote.options import RemoteOptions, Wanted
from bot.generation.remote.sort import Sort
from bot.prompt.conversation import Conversation, Turn
from storage.records import Era
from tests.doubles.openai_models import ModelServer
from tests.doubles.openai_refused import error, refused, still_loading
from tests.doubles.openai_said import Hold, Text, says, streamed
from tests.doubles.openai_server import serving
from tests.doubles.remote_model import HELLO, Passing, asking, finished, request, told

ERA = Era(1, 1, 1)


@asynccontextmanager
async def opening(server: ModelServer, key: str | None = None) -> AsyncIterator[list[str]]:
    """Open a model, and close it; yields what was said meanwhile."""
    said: list[str] = []
    client, time = Client(server.url, key), Passing()
    wanted = Wanted(None, 8192, "auto")
    model = await RemoteModel.open(
        client, RemoteOptions(), wanted, clock=time.clock, sleep=time.sleep, say=said.append
    )
    try:
        yield said
    finally:
        await model.close()


async def test_what_it_is_is_what_the_server_is() -> None:
    server = ModelServer(models=("/srv/tiny.gguf",), context=2048, slots=3)
    async with asking(server) as model:
        where = server.url.removeprefix("http://").removesuffix("/v1")
        assert model.info == ModelInfo(
            name="tiny.gguf",
            prompt="of the server (llama-server)",
            context=2048,
            vocabulary="",
            can_think=False,
            resumes=True,
            slots=3,
            where=where,
        )


@pytest.mark.parametrize(("wanted", "context"), [(1024, 1024), (8192, 4096)])
async def test_the_smaller_window_holds(wanted: int, context: int) -> None:
    async with asking(ModelServer(), wanted=Wanted(None, wanted, "auto")) as model:
        assert model.info.context == context


async def test_the_slots_that_are_set_hold() -> None:
    async with asking(ModelServer(), wanted=Wanted(None, 1024, 200)) as model:
        assert model.info.slots == 200


@pytest.mark.parametrize(("sort", "resumes"), [*zip(Sort, (True, True, False, False), strict=True)])
async def test_which_answers_are_gone_on_with_exactly_is_known(
    sort: Sort, *, resumes: bool
) -> None:
    async with asking(ModelServer(sort)) as model:
        assert model.info.resumes is resumes


async def test_what_it_is_called_is_what_the_server_has_by_now() -> None:
    server = ModelServer(Sort.VLLM, models=("small",))
    server.otherwise = says("Hi.")
    async with asking(server) as model:
        server.models, server.context = ("large",), 2048
        await finished(model)

        assert (model.info.name, model.info.context) == ("large", 2048)


async def test_a_server_that_is_still_starting_is_waited_for_and_that_is_said() -> None:
    server = ModelServer()
    server.refusals["/v1/models"] = still_loading()
    async with serving(server):
        with pytest.raises(EngineError, match="Loading model"):
            async with opening(server):
                pass
        waited = server.calls.count("GET /v1/models")
        server.refusals.clear()
        async with opening(server) as said:
            assert said == []

    assert waited > 100


async def test_what_is_waited_for_is_said_once() -> None:
    server, said, time = ModelServer(), list[str](), Passing()
    server.refusals["/v1/models"] = still_loading()

    async def sleep(seconds: float) -> None:
        await time.sleep(seconds)
        if len(time.slept) == 3:
            server.refusals.clear()

    async with serving(server):
        client = Client(server.url, None)
        wanted = Wanted(None, 8192, "auto")
        model = await RemoteModel.open(
            client, RemoteOptions(), wanted, clock=time.clock, sleep=sleep, say=said.append
        )
        await model.close()

    assert len(said) == 1
    assert said[0].startswith("Waiting for 127.0.0.1:")
    assert said[0].endswith("the model's server is not ready (503): Loading model")


async def test_a_server_that_refuses_is_not_waited_for() -> None:
    server = ModelServer(Sort.VLLM, key="right")
    async with serving(server):
        with pytest.raises(EngineError, match="refuses MODEL_KEY"):
            async with opening(server, key="wrong"):
                pass

    assert server.calls == ["GET /v1/models"]


async def test_a_model_that_is_not_there_is_told_at_once() -> None:
    server = ModelServer(models=("one", "two"))
    async with serving(server):
        with pytest.raises(UsageError, match="one, two"):
            async with opening(server):
                pass


async def test_a_conversation_is_counted_by_the_server() -> None:
    async with asking(ModelServer()) as model:
        short = await model.count(Conversation("", "one"))
        assert await model.count(Conversation("", "one two three")) == short + 2


async def test_a_conversation_is_estimated_where_nobody_counts() -> None:
    server = ModelServer()
    async with asking(server) as model:
        server.refusals["/tokenize"] = error(Sort.LLAMA_CPP, 500, "broken")
        short = await model.count(Conversation("", "7" * 3))
        assert await model.count(Conversation("", "7" * 30)) == short + 27


async def test_a_next_question_is_prepared_by_what_has_to_go_and_nothing_is_read() -> None:
    turns = tuple(Turn("word " * 20, "word " * 20) for _ in range(12))
    server = ModelServer(context=512)
    async with asking(server) as model:
        assert await model.prepare(Conversation("", "", turns=turns), ERA) > 0
        assert await model.prepare(Conversation("", ""), ERA) == 0
        with pytest.raises(TooLongError):
            await model.prepare(Conversation("word " * 200, ""), ERA)

    assert server.asked == []


async def test_nothing_is_kept_and_so_nothing_has_to_be_let_go_of() -> None:
    async with asking(ModelServer()) as model:
        model.retain(Eras(()))


async def test_closing_it_ends_what_is_under_way_and_closes_its_request() -> None:
    server = ModelServer()
    server.plan(streamed(Text("Once "), Hold()))
    async with asking(server) as model:
        answering = asyncio.create_task(finished(model))
        await server.until(lambda: server.asked)
        await model.close()
        assert not model._tools.underway
        last = await answering
        await server.until(lambda: server.asked[0].over)

    assert last.ended is Ended.CUT
    assert server.asked[0].left


async def test_closed_it_answers_nothing_more_and_can_be_closed_again() -> None:
    async with asking(ModelServer()) as model:
        await model.close()
        await model.close()
        with pytest.raises(EngineError, match="closed"):
            model.generate(request())


async def test_what_was_begun_before_it_was_closed_is_not_asked_any_more() -> None:
    server = ModelServer()
    async with asking(server) as model:
        generation = model.generate(request())
        await model.close()
        with pytest.raises(EngineError, match="not asked any more"):
            await told(generation)

    assert server.asked == []


async def test_each_text_is_counted_once() -> None:
    server = ModelServer(context=192)
    server.otherwise = says("Hi.")
    async with asking(server) as model:
        opened = server.calls.count("POST /tokenize")
        await finished(model, HELLO)
        before = server.calls.count("POST /tokenize")
        await finished(model, HELLO)

    assert (before - opened, server.calls.count("POST /tokenize")) == (2, before)


async def test_an_odd_server_is_described_too() -> None:
    server = ModelServer(Sort.OTHER)
    server.refusals["/v1/models"] = refused(200, {"data": [{"id": "odd"}]})
    async with asking(server) as model:
        assert (model.info.name, model.info.slots) == ("odd", 4)
