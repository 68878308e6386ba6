"""What is learned of a window, and of sizes, from what a server refuses and from what it tells."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.generation.model import Request
from bot.generation.remote.client import Client
from bot.generation.remote.options import RemoteOptions, Wanted
from bot.generation.remote.planning import Plan, Planner
from bot.generation.remote.server import Server
from bot.generation.remote.sizes import Sizes
from bot.generation.remote.sort import Sort
from bot.prompt.conversation import Conversation, Turn
from tests.doubles.openai_models import ModelServer
from tests.doubles.openai_server import serving

TURNS = tuple(Turn("word " * 10, "word " * 10) for _ in range(12))
WHOLE = Conversation("", "word", turns=TURNS)


async def words(text: str) -> int:
    return len(text.split())


def planner(context: int = 1000, name: str | None = None) -> Planner:
    server = Server("tiny", Sort.VLLM, context, slots=1, can_think=False, counts=True)
    wanted = Wanted(name, context, "auto")
    return Planner(server, lambda _: Sizes(words), RemoteOptions(100, 50), wanted)


async def planned(one: Planner, context: int | None = None) -> Plan:
    return await one.plan(Request(WHOLE, seed=1), context)


@asynccontextmanager
async def client_of(url: str) -> AsyncIterator[Client]:
    one = Client(url, None)
    try:
        yield one
    finally:
        await one.close()


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    """Give a client that reaches nobody."""
    async with client_of("http://127.0.0.1:9/v1") as one:
        yield one


async def test_a_window_that_the_server_tells_of_is_kept_to() -> None:
    one = planner()
    made = await planned(one)

    assert (one.smaller(made, 500), one.context) == (500, 500)
    assert (await planned(one)).factor == 1


async def test_a_window_does_not_grow_again_by_what_an_older_plan_learns() -> None:
    one = planner()
    made = await planned(one)
    one.smaller(made, 300)

    for told in (None, 400, 1000, 8000):
        assert one.smaller(made, told) <= 300
        assert one.context == 300


@pytest.mark.parametrize("told", [1000, 1200, None])
async def test_a_prompt_that_was_larger_than_thought_loses_turns(told: int | None) -> None:
    one = planner()
    refused = await planned(one)
    again = await planned(one, one.smaller(refused, told))

    assert (refused.dropped, one.context) == (0, 1000)
    assert again.dropped > 0
    assert again.factor > 1


async def test_what_was_refused_is_not_sent_again_for_the_next_question() -> None:
    one = planner()
    one.smaller(await planned(one), 1000)

    assert one.context == 1000
    assert (await planned(one)).prompt_tokens + 100 <= 1000
    assert await one.size(WHOLE) + 100 >= 1000


async def test_of_a_window_that_is_not_told_no_more_than_a_quarter_is_lost_at_once() -> None:
    one = planner(1800)
    for refusals in (1, 2):
        one.smaller(await planned(one), None)
        assert (await planned(one)).factor == pytest.approx((4 / 3) ** refusals, abs=0.01)

    assert one.context == 1800


async def test_turns_go_even_where_sizes_are_as_large_as_they_can_be() -> None:
    one = planner(4000)
    one.smaller(await planned(one, 1600), 4000)
    refused = await planned(one)
    again = await planned(one, one.smaller(refused, 4000))

    assert (refused.dropped, refused.factor) == (0, 3)
    assert again.dropped > 0


async def test_what_is_too_long_twice_is_told_to_be_longer_than_there_is_room_for() -> None:
    one = planner()
    refused = await planned(one)
    again = await planned(one, one.smaller(refused, 1000))
    error = one.too_long(again, 1000)

    assert error.size >= again.prompt_tokens
    assert 0 < error.limit < error.size


async def test_the_same_refusal_many_times_teaches_no_more_than_once() -> None:
    one = planner()
    plans = [await planned(one) for _ in range(3)]

    assert len({(one.smaller(made, None), one.context) for made in plans}) == 1


async def test_sizes_are_corrected_by_what_an_answer_took(client: Client) -> None:
    one = planner()
    made = await planned(one)
    await one.answered(client, made, int(made.prompt_tokens * 1.5))
    again = await planned(one, 10_000)

    assert again.prompt_tokens == pytest.approx(made.prompt_tokens * 1.5, abs=2)

    await one.answered(client, again, again.prompt_tokens)
    assert (await planned(one)).factor == again.factor


async def test_plans_made_at_the_same_time_do_not_correct_twice(client: Client) -> None:
    one = planner()
    plans = [await planned(one) for _ in range(3)]
    for made in plans:
        await one.answered(client, made, int(made.prompt_tokens * 1.5))

    assert (await planned(one)).factor == pytest.approx(1.5, abs=0.01)


async def test_a_short_prompt_and_one_that_was_not_told_teach_nothing(client: Client) -> None:
    one = planner(4000)
    short = await planned(one)
    await one.answered(client, short, short.prompt_tokens + 900)
    one.smaller(short, 4000)
    assert (await planned(one)).factor == 1

    one = planner()
    await one.answered(client, await planned(one), None)
    assert (await planned(one)).factor == 1


async def test_an_only_model_that_became_another_one_is_followed() -> None:
    server = ModelServer(Sort.VLLM, models=("large",), context=512)
    async with serving(server), client_of(server.url) as there:
        one = planner()
        old = await planned(one)
        one.learn_that_it_opens_thoughts()

        assert await one.has_another_model(there, old)
        assert await one.has_another_model(there, old)  # of another answer under way
        assert server.calls.count("GET /v1/models") == 1
        made = await planned(one)
        assert not await one.has_another_model(there, made)

    assert (made.body["model"], made.context, made.opened) == ("large", 512, False)


@pytest.mark.parametrize(
    "server",
    [
        ModelServer(Sort.VLLM, models=("large", "small")),
        ModelServer(Sort.OLLAMA, models=("large",)),
        ModelServer(Sort.VLLM, models=("tiny",)),
    ],
    ids=["several", "another program", "the same"],
)
async def test_no_other_model_is_followed(server: ModelServer) -> None:
    async with serving(server), client_of(server.url) as there:
        one = planner()

        assert not await one.has_another_model(there, await planned(one))
        assert (await planned(one)).body["model"] == "tiny"


async def test_a_model_that_is_wanted_by_name_is_not_exchanged() -> None:
    server = ModelServer(Sort.VLLM, models=("large",))
    async with serving(server), client_of(server.url) as there:
        one = planner(name="tiny")

        assert not await one.has_another_model(there, await planned(one))
    assert server.calls == []


async def test_a_server_that_is_gone_has_no_other_model(client: Client) -> None:
    one = planner()

    assert not await one.has_another_model(client, await planned(one))
