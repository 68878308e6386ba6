"""Answers that are stopped, or left: their requests are closed, and nothing is left behind."""

import asyncio
import gc
from contextlib import aclosing

import pytest

from bot.delivery.stream import Ended
from bot.generation.model import Finished, Piece
from bot.generation.remote.options import Wanted
from tests.doubles.openai_models import ModelServer
from tests.doubles.openai_refused import (
    refused,
)
from tests.doubles.openai_said import (
    Cut,
    Endless,
    Hold,
    Text,
    says,
    streamed,
)
from tests.doubles.remote_model import (
    Passing,
    asking,
    end_of,
    finished,
    request,
    told,
)


async def test_a_stop_closes_the_request_and_keeps_what_was_said() -> None:
    server = ModelServer()
    server.plan(streamed(Text("Once "), Hold()))
    async with asking(server) as model:
        generation = model.generate(request())
        events = []
        async for event in generation.events():
            events.append(event)
            if isinstance(event, Piece):
                generation.stop()
        await server.until(lambda: server.asked[0].over)

    assert end_of(events) == (Ended.CUT, "Once ")
    assert server.asked[0].left


async def test_a_stop_before_anything_was_asked_asks_nothing() -> None:
    server = ModelServer()
    async with asking(server) as model:
        generation = model.generate(request())
        generation.stop()
        assert await told(generation) == [Finished.nothing()]

    assert server.asked == []


async def test_a_stop_before_the_first_word_closes_the_request() -> None:
    server = ModelServer()
    server.plan(Hold())
    async with asking(server) as model:
        generation = model.generate(request())
        answering = asyncio.create_task(told(generation))
        await server.until(lambda: server.asked)
        generation.stop()
        assert end_of(await answering) == (Ended.CUT, "")
        await server.until(lambda: server.asked[0].over)

    assert server.asked[0].left


async def test_a_stop_between_two_tries_is_not_waited_for() -> None:
    server, time = ModelServer(), Passing()
    sleeping = asyncio.Event()

    async def sleep(_: float) -> None:
        sleeping.set()
        await asyncio.Event().wait()

    time.sleep = sleep  # type: ignore[assignment,method-assign] # nobody wakes it
    server.plan(Cut())
    async with asking(server, time=time) as model:
        generation = model.generate(request())
        answering = asyncio.create_task(told(generation))
        await sleeping.wait()
        generation.stop()
        assert end_of(await answering) == (Ended.CUT, "")


async def test_whoever_leaves_early_closes_the_request() -> None:
    server = ModelServer()
    server.plan(streamed(Text("Once "), Hold()))
    async with asking(server) as model:
        async with aclosing(model.generate(request()).events()) as events:
            async for event in events:
                if isinstance(event, Piece):
                    break
        assert not model._tools.underway
        await server.until(lambda: server.asked[0].over)

    assert server.asked[0].left


async def test_whoever_is_cancelled_closes_the_request() -> None:
    server = ModelServer()
    server.plan(Hold())
    async with asking(server) as model:
        answering = asyncio.create_task(finished(model))
        await server.until(lambda: server.asked)
        answering.cancel()
        with pytest.raises(asyncio.CancelledError):
            await answering
        await server.until(lambda: server.asked[0].over)

    assert server.asked[0].left


async def test_whoever_leaves_need_not_see_what_has_failed_meanwhile() -> None:
    faults: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: faults.append(context))
    server = ModelServer()
    server.plan(refused(400, {"error": "no"}))
    async with asking(server) as model:
        async with aclosing(model.generate(request()).events()) as events:
            await anext(events)
            await asyncio.wait(set(model._tools.underway))
        del events
        gc.collect()

    assert faults == []


async def test_no_more_answers_are_made_at_once_than_there_are_slots() -> None:
    server = ModelServer()
    server.plan(Hold(), says("one"), says("two"))
    async with asking(server, wanted=Wanted(None, 8192, 1)) as model:
        both = [asyncio.create_task(finished(model)) for _ in range(2)]
        await server.until(lambda: server.asked)
        assert len(server.asked) == 1
        server.release()
        assert [(await one).text for one in both] == ["one", "two"]


@pytest.mark.filterwarnings("error")
async def test_nothing_is_left_for_the_garbage_collector() -> None:
    loop, faults = asyncio.get_running_loop(), []
    loop.set_exception_handler(lambda _, context: faults.append(context))
    server = ModelServer()
    server.plan(
        says("Hi."),
        streamed(Text("Once "), Endless("more ")),
        streamed(Text("Once "), Hold()),
        streamed(Text("Once "), Cut()),
    )
    before = asyncio.all_tasks()
    async with asking(server) as model:
        for _ in range(2):
            await finished(model)
        leaving = model.generate(request())
        async for event in leaving.events():
            if isinstance(event, Piece):
                leaving.stop()
        await finished(model)
    gc.collect()
    await asyncio.sleep(0)

    assert faults == []
    assert asyncio.all_tasks() == before
