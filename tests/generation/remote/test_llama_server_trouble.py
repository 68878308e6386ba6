"""The remote model and a real llama-server that dies, comes back, or is another one by then."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, aclosing

import pytest

from bot.delivery.stream import Ended
from bot.errors import EngineError, OstroError
from bot.generation.model import Finished, Piece, Planned, Reading, Request
from bot.generation.remote.options import Patience
from bot.prompt.conversation import Begun, Conversation
from tests.conftest import Tiny
from tests.doubles.llama_server import LlamaServer, llama_server
from tests.doubles.remote import ENDLESS, HELLO, TURNS, all_events, first, opened
from tests.doubles.remote_served import KEY


@pytest.fixture
def server(tiny: Tiny) -> Iterator[LlamaServer]:
    """One that takes milliseconds for a token: it draws from the whole vocabulary."""
    with llama_server(tiny("v3"), key=KEY, context=1024, top_k=0) as server:
        yield server


@pytest.fixture
async def stack() -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as stack:
        yield stack


async def test_a_server_that_dies_midway_leaves_what_it_said_and_back_it_goes_on_with_that(
    server: LlamaServer, stack: AsyncExitStack
) -> None:
    model = await opened(stack, server, max_tokens=ENDLESS)
    async with aclosing(model.generate(Request(HELLO, seed=1)).events()) as events:
        piece = await first(Piece, events)
        server.kill()
        broken = await first(Finished, events)
    server.start()
    begun = Conversation("", "Tell me.", begun=Begun(broken.text))
    async with aclosing(model.generate(Request(begun, seed=1)).events()) as events:
        await first(Piece, events)

    assert broken.ended is Ended.BROKEN
    assert broken.text.startswith(piece.text)


async def test_a_server_that_dies_while_it_reads_is_asked_again_from_the_start(
    server: LlamaServer, stack: AsyncExitStack
) -> None:
    async def comes_back(_: float) -> None:
        server.start()

    server.kill()
    server.start(batch=32)
    model = await opened(stack, server, sleep=comes_back)
    long = Conversation(persona="", question="one two three four " * 150)
    async with aclosing(model.generate(Request(long, seed=1)).events()) as events:
        await first(Reading, events)
        server.kill()
        finished = await first(Finished, events)

    assert (finished.ended, bool(finished.text)) == (Ended.LENGTH, True)


async def test_a_server_that_hangs_midway_is_left_and_its_slot_is_idle_once_it_goes_on(
    server: LlamaServer, stack: AsyncExitStack
) -> None:
    model = await opened(stack, server, max_tokens=ENDLESS, patience=Patience(between=1.0))
    async with aclosing(model.generate(Request(HELLO, seed=1)).events()) as events:
        piece = await first(Piece, events)
        server.freeze()
        finished = await first(Finished, events)
    server.thaw()
    await asyncio.to_thread(server.leaves_off)

    assert finished.ended is Ended.BROKEN
    assert finished.text.startswith(piece.text)


async def test_an_answer_of_a_server_that_hangs_can_be_stopped(
    server: LlamaServer, stack: AsyncExitStack
) -> None:
    model = await opened(stack, server, max_tokens=ENDLESS)
    generation = model.generate(Request(HELLO, seed=1))
    async with aclosing(generation.events()) as events:
        await first(Piece, events)
        server.freeze()
        generation.stop()
        finished = await first(Finished, events)
    server.thaw()
    await asyncio.to_thread(server.leaves_off)

    assert finished.ended is Ended.CUT


async def test_a_server_that_is_away_is_asked_again_until_it_is_back(
    server: LlamaServer, stack: AsyncExitStack
) -> None:
    waited: list[float] = []

    async def comes_back(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == 2:
            server.start()

    model = await opened(stack, server, max_tokens=8, sleep=comes_back)
    server.kill()
    events = await all_events(model.generate(Request(HELLO, seed=1)))

    assert isinstance(events[-1], Finished)
    assert events[-1].text
    assert len(waited) == 2


async def test_a_server_that_stays_away_is_given_up_with_one_line(
    server: LlamaServer, stack: AsyncExitStack
) -> None:
    now = 0.0

    async def passes(seconds: float) -> None:
        nonlocal now
        now += seconds

    model = await opened(stack, server, sleep=passes, clock=lambda: now)
    server.kill()
    with pytest.raises(EngineError, match="cannot be reached") as caught:
        await all_events(model.generate(Request(HELLO, seed=1)))

    assert 0 < now <= 30
    assert len(str(caught.value).splitlines()) == 1


async def test_a_server_that_has_less_room_by_then_gets_a_shorter_window(
    server: LlamaServer, stack: AsyncExitStack
) -> None:
    model = await opened(stack, server, max_tokens=8)
    full = Conversation(persona="Be brief.", question="And now?", turns=TURNS[:10])
    before = await all_events(model.generate(Request(full, seed=1)))
    server.kill()
    server.start(context=256)
    after = await all_events(model.generate(Request(full, seed=1)))
    [known, *_] = await all_events(model.generate(Request(full, seed=1)))
    planned = [event for event in after if isinstance(event, Planned)]

    assert isinstance(before[0], Planned)
    assert before[0].dropped == 0
    assert planned[-1].dropped > 0
    assert planned[-1].prompt_tokens <= 256
    assert (known, model.info.context) == (planned[-1], 256)
    assert isinstance(after[-1], Finished)
    assert after[-1].text


async def test_another_key_by_then_is_said_at_once_and_not_told(
    server: LlamaServer, stack: AsyncExitStack
) -> None:
    model = await opened(stack, server)
    server.kill()
    server.start(key="another one")

    with pytest.raises(EngineError, match="MODEL_KEY") as caught:
        await all_events(model.generate(Request(HELLO, seed=1)))
    assert KEY not in str(caught.value)


async def test_a_wrong_key_is_known_when_it_is_opened(
    server: LlamaServer, stack: AsyncExitStack
) -> None:
    with pytest.raises(OstroError, match="MODEL_KEY") as caught:
        await opened(stack, server, key="a wrong one")
    assert "a wrong one" not in str(caught.value)


async def test_a_model_that_the_server_does_not_have_is_answered_with_what_it_has(
    server: LlamaServer, stack: AsyncExitStack
) -> None:
    with pytest.raises(OstroError, match="gpt-none") as caught:
        await opened(stack, server, name="gpt-none")
    assert server.name in str(caught.value)
