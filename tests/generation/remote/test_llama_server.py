"""The remote model and a real llama-server on tiny weights: what it learns, asks and tells."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack

import pytest

from bot.delivery.stream import Ended
from bot.errors import TooLongError
from bot.generation.model import Finished, Piece, Planned, Reading, Request
from bot.prompt.conversation import Conversation, Turn
from tests.conftest import Tiny
from tests.doubles.llama_server import LlamaServer, llama_server
from tests.doubles.remote import HELLO, TURNS, all_events, opened
from tests.doubles.remote_served import KEY


@pytest.fixture(scope="module")
def server(tiny: Tiny) -> Iterator[LlamaServer]:
    with llama_server(tiny("v3"), key=KEY, context=512, batch=64) as server:
        yield server


@pytest.fixture
async def stack() -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as stack:
        yield stack


async def test_what_the_server_is_is_learned_from_it(
    server: LlamaServer, stack: AsyncExitStack
) -> None:
    info = (await opened(stack, server)).info

    assert (info.name, info.context, info.slots) == (server.name, 512, 2)
    assert (info.resumes, info.can_think, info.vocabulary) == (True, False, "")


async def test_an_answer_is_streamed_up_to_its_limit_and_what_it_took_is_the_servers_count(
    server: LlamaServer, stack: AsyncExitStack
) -> None:
    model = await opened(stack, server, max_tokens=12)
    events = await all_events(model.generate(Request(HELLO, seed=1)))
    [planned, *_, finished] = events
    pieces = [event.text for event in events if isinstance(event, Piece)]

    assert isinstance(planned, Planned)
    assert isinstance(finished, Finished)
    assert (finished.ended, finished.ids) == (Ended.LENGTH, ())
    assert (finished.answer_tokens, finished.written) == (12, 12)
    assert len(pieces) > 1
    assert "".join(pieces) == finished.text
    assert 0 < finished.read_tokens <= planned.prompt_tokens


async def test_the_same_seed_gives_the_same_answer_and_another_one_another(
    server: LlamaServer, stack: AsyncExitStack
) -> None:
    model = await opened(stack, server, max_tokens=12)
    texts = [
        (await all_events(model.generate(Request(HELLO, seed=seed))))[-1] for seed in (1, 1, 2)
    ]
    once, again, other = (event.text for event in texts if isinstance(event, Finished))

    assert once == again != other


async def test_what_the_server_has_read_of_a_chat_is_not_read_again(
    server: LlamaServer, stack: AsyncExitStack
) -> None:
    model = await opened(stack, server, max_tokens=4)
    long = "How are you, and how is everybody? " * 10
    once = Conversation("", long)  # this template puts a persona behind what may be warm
    [*_, answered] = await all_events(model.generate(Request(once, seed=1)))
    assert isinstance(answered, Finished)
    more = Conversation("", "And you?", turns=(Turn(long, answered.text),))
    [planned, *_, finished] = await all_events(model.generate(Request(more, seed=1)))

    assert isinstance(planned, Planned)
    assert isinstance(finished, Finished)
    assert 0 < finished.read_tokens < planned.prompt_tokens // 4


async def test_how_far_the_prompt_is_read_is_told(
    server: LlamaServer, stack: AsyncExitStack
) -> None:
    model = await opened(stack, server, max_tokens=4)
    long = Conversation(persona="", question="one two three four " * 60)
    events = await all_events(model.generate(Request(long, seed=1)))
    read = [event for event in events if isinstance(event, Reading)]

    assert len(read) > 2
    assert len({event.to_read for event in read}) == 1
    assert [event.read for event in read] == sorted({event.read for event in read})
    assert read[-1].read <= read[-1].to_read
    assert isinstance(events[events.index(read[-1]) + 1], Piece)


async def test_the_oldest_turns_go_where_the_window_is_full_and_the_server_takes_the_rest(
    server: LlamaServer, stack: AsyncExitStack
) -> None:
    model = await opened(stack, server, max_tokens=16)
    full = Conversation(persona="Be brief.", question="And now?", turns=TURNS)
    [planned, *_, finished] = await all_events(model.generate(Request(full, seed=1)))

    assert isinstance(planned, Planned)
    assert isinstance(finished, Finished)
    assert 0 < planned.dropped < len(TURNS)
    assert planned.prompt_tokens <= 512 - 16
    assert finished.ended is Ended.LENGTH


async def test_a_conversation_is_sized_as_the_server_counts_it_and_a_little_more(
    server: LlamaServer, stack: AsyncExitStack
) -> None:
    model = await opened(stack, server)
    some = Conversation(persona="Be brief.", question="And now? 그리고요?", turns=TURNS[:3])
    said = [("system", some.persona)]
    for turn in some.turns:
        said += [("user", turn.question), ("assistant", turn.answer)]
    said.append(("user", some.question))
    prompt = server.asked(
        "/apply-template", {"messages": [{"role": role, "content": text} for role, text in said]}
    )["prompt"]
    content = {"content": prompt, "add_special": False, "parse_special": True}
    exact = len(server.asked("/tokenize", content)["tokens"])

    assert exact <= await model.count(some) <= exact + 128


async def test_a_question_that_does_not_fit_is_refused_before_the_server_is_asked(
    server: LlamaServer, stack: AsyncExitStack
) -> None:
    model = await opened(stack, server)
    endless = Conversation(persona="", question="one two three four " * 600)

    with pytest.raises(TooLongError) as caught:
        await all_events(model.generate(Request(endless, seed=1)))
    assert caught.value.limit < 512 < caught.value.size


async def test_more_answers_than_the_server_has_slots_are_made_one_after_the_other(
    server: LlamaServer, stack: AsyncExitStack
) -> None:
    model = await opened(stack, server, slots=5)
    generations = [model.generate(Request(HELLO, seed=seed)) for seed in range(5)]
    answers = await asyncio.gather(*map(all_events, generations))

    assert model.info.slots == 5
    assert all(isinstance(events[-1], Finished) and events[-1].text for events in answers)


async def test_a_text_that_ends_answers_ends_them_and_is_no_part_of_them(
    server: LlamaServer, stack: AsyncExitStack
) -> None:
    whole = await opened(stack, server, max_tokens=16)
    [*_, all_of_it] = await all_events(whole.generate(Request(HELLO, seed=1)))
    assert isinstance(all_of_it, Finished)
    middle = len(all_of_it.text) // 2
    stop = all_of_it.text[middle : middle + 4]
    model = await opened(stack, server, max_tokens=16, stops=(stop,))
    [*_, finished] = await all_events(model.generate(Request(HELLO, seed=1)))

    assert isinstance(finished, Finished)
    assert finished.ended is Ended.STOP
    assert finished.text == all_of_it.text.partition(stop)[0]
