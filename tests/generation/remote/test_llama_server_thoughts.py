"""The remote model and a real llama-server whose model can think."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack

import pytest

from bot.generation.model import Event, Finished, Piece, Request, Thinking
from bot.prompt.conversation import Begun, Conversation
from tests.conftest import Tiny
from tests.doubles.llama_server import LlamaServer, llama_server
from tests.doubles.remote import all_events, opened
from tests.doubles.templates import THOUGHTFUL


@pytest.fixture(scope="module")
def thinker(tiny: Tiny) -> Iterator[LlamaServer]:
    with llama_server(tiny("chatml"), context=512, template=THOUGHTFUL) as server:
        yield server


@pytest.fixture
async def stack() -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as stack:
        yield stack


async def test_a_model_that_can_think_is_known_by_its_template(
    thinker: LlamaServer, stack: AsyncExitStack
) -> None:
    assert (await opened(stack, thinker)).info.can_think


async def test_thoughts_are_told_as_such_and_kept_from_the_answer(
    thinker: LlamaServer, stack: AsyncExitStack
) -> None:
    model = await opened(stack, thinker, max_tokens=8, think_tokens=8)
    asked = Conversation(persona="", question="Why?", think=True)
    events = await all_events(model.generate(Request(asked, seed=1)))
    finished = events[-1]

    assert isinstance(finished, Finished)
    assert any(isinstance(event, Thinking) for event in events)
    assert not any(isinstance(event, Piece) for event in events)
    assert (finished.text, finished.written) == ("", 0)
    assert finished.answer_tokens > 0


async def test_told_not_to_think_it_answers_at_once(
    thinker: LlamaServer, stack: AsyncExitStack
) -> None:
    model = await opened(stack, thinker, max_tokens=8, think_tokens=8)
    asked = Conversation(persona="", question="Why?", think=False)
    events = await all_events(model.generate(Request(asked, seed=1)))

    assert not any(isinstance(event, Thinking) for event in events)
    assert any(isinstance(event, Piece) for event in events)


@pytest.mark.parametrize("think", [None, True, False])
async def test_a_model_that_can_think_goes_on_with_its_answer_and_does_not_think_again(
    thinker: LlamaServer, stack: AsyncExitStack, *, think: bool | None
) -> None:
    model = await opened(stack, thinker, max_tokens=8, think_tokens=8)
    begun = Conversation(persona="", question="Why?", begun=Begun("Because"), think=think)
    events: list[Event] = await all_events(model.generate(Request(begun, seed=1)))

    assert not any(isinstance(event, Thinking) for event in events)
    assert any(isinstance(event, Piece) for event in events)
