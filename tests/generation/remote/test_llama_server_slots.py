"""The remote model and a real llama-server that takes its time: its slots, and who leaves them."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, aclosing

import pytest

from bot.delivery.stream import Ended
from bot.generation.model import Finished, Piece, Planned, Request
from bot.prompt.conversation import Begun, Conversation
from tests.conftest import Tiny
from tests.doubles.llama_server import LlamaServer, llama_server
from tests.doubles.remote import ENDLESS, HELLO, first, opened
from tests.doubles.remote_served import KEY


@pytest.fixture(scope="module")
def slow(tiny: Tiny) -> Iterator[LlamaServer]:
    """One that takes milliseconds for a token: it draws from the whole vocabulary."""
    with llama_server(tiny("v3"), key=KEY, context=2048, top_k=0) as server:
        yield server


@pytest.fixture
async def stack() -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as stack:
        yield stack


async def test_an_answer_that_is_begun_is_gone_on_with_right_behind_what_was_said(
    slow: LlamaServer, stack: AsyncExitStack
) -> None:
    model = await opened(stack, slow, max_tokens=ENDLESS)
    begun = Conversation(persona="", question="Tell me.", begun=Begun("Once upon a"))
    async with aclosing(model.generate(Request(begun, seed=1)).events()) as events:
        piece = await first(Piece, events)
        [prompt] = [slot["prompt"] for slot in slow.asked("/slots") if slot["is_processing"]]

    assert not piece.text.startswith("Once")
    assert prompt == "<s>[INST] Tell me.[/INST] Once upon a"


async def test_two_answers_are_made_at_once(slow: LlamaServer, stack: AsyncExitStack) -> None:
    model = await opened(stack, slow, max_tokens=ENDLESS)
    async with (
        aclosing(model.generate(Request(HELLO, seed=1)).events()) as some,
        aclosing(model.generate(Request(HELLO, seed=2)).events()) as others,
    ):
        await asyncio.gather(first(Piece, some), first(Piece, others))
        assert slow.busy() == 2


async def test_an_answer_that_waits_at_the_server_can_be_stopped(
    slow: LlamaServer, stack: AsyncExitStack
) -> None:
    model = await opened(stack, slow, max_tokens=ENDLESS, slots=3)
    async with AsyncExitStack() as others:
        for seed in (1, 2):
            generation = model.generate(Request(HELLO, seed=seed))
            events = await others.enter_async_context(aclosing(generation.events()))
            await first(Piece, events)
        waiting = model.generate(Request(HELLO, seed=3))
        async with aclosing(waiting.events()) as events:
            await first(Planned, events)
            waiting.stop()
            finished = await first(Finished, events)
        assert slow.busy() == 2
    await asyncio.to_thread(slow.leaves_off)

    assert (finished.ended, finished.text) == (Ended.CUT, "")


async def test_an_answer_that_is_stopped_keeps_what_it_said_and_its_slot_is_idle_again(
    slow: LlamaServer, stack: AsyncExitStack
) -> None:
    model = await opened(stack, slow, max_tokens=ENDLESS)
    generation = model.generate(Request(HELLO, seed=1))
    async with aclosing(generation.events()) as events:
        piece = await first(Piece, events)
        generation.stop()
        finished = await first(Finished, events)
    await asyncio.to_thread(slow.leaves_off)

    assert finished.ended is Ended.CUT
    assert finished.text.startswith(piece.text)
    assert 0 < finished.written < ENDLESS


async def test_an_answer_that_nobody_wants_to_hear_frees_its_slot(
    slow: LlamaServer, stack: AsyncExitStack
) -> None:
    model = await opened(stack, slow, max_tokens=ENDLESS)
    async with aclosing(model.generate(Request(HELLO, seed=1)).events()) as events:
        await first(Piece, events)
        assert slow.busy() == 1
    await asyncio.to_thread(slow.leaves_off)


async def test_reading_that_is_stopped_frees_its_slot_and_says_nothing(
    slow: LlamaServer, stack: AsyncExitStack
) -> None:
    model = await opened(stack, slow, max_tokens=8)
    long = Conversation(persona="", question="one two three four " * 400)
    generation = model.generate(Request(long, seed=1))
    async with aclosing(generation.events()) as events:
        await first(Planned, events)
        generation.stop()
        finished = await first(Finished, events)
    await asyncio.to_thread(slow.leaves_off)

    assert (finished.ended, finished.text) == (Ended.CUT, "")


async def test_closing_the_model_ends_what_is_under_way(
    slow: LlamaServer, stack: AsyncExitStack
) -> None:
    model = await opened(stack, slow, max_tokens=ENDLESS)
    async with aclosing(model.generate(Request(HELLO, seed=1)).events()) as events:
        await first(Piece, events)
        await model.close()
        await asyncio.to_thread(slow.leaves_off)
        assert (await first(Finished, events)).ended is Ended.CUT
