"""What a server is asked, and how its window is kept."""

import pytest

from bot.errors import TooLongError
from bot.generation.model import Request
from bot.generation.remote.options import RemoteOptions
from bot.generation.remote.planning import Plan, Planner
from bot.generation.remote.server import Server
from bot.generation.remote.sizes import AROUND, PER_MESSAGE, Sizes
from bot.generation.remote.sort import Sort
from bot.prompt.conversation import Begun, Conversation, Turn

TURNS = tuple(Turn("word " * 10, "word " * 10) for _ in range(40))
TURN = 2 * (PER_MESSAGE + 10)


async def words(text: str) -> int:
    return len(text.split())


def planner(context: int = 1000, *, can_think: bool = False, sort: Sort = Sort.VLLM) -> Planner:
    server = Server("tiny", sort, context, slots=1, can_think=can_think, counts=True)
    return Planner(server, Sizes(words), RemoteOptions(100, 50), context)


def request(conversation: Conversation, written: int = 0) -> Request:
    return Request(conversation, seed=1, written=written)


def plan(context: int) -> Plan:
    return Plan({}, 0, 0, 0, going_on=False, context=context)


async def test_a_prompt_and_the_longest_answer_fit_into_the_window() -> None:
    made = await planner().plan(request(Conversation("", "word", turns=TURNS)))
    left = 40 - made.dropped

    assert 0 < left < 40
    assert made.prompt_tokens == AROUND + PER_MESSAGE + 1 + left * TURN
    assert made.prompt_tokens + made.body["max_tokens"] <= 1000
    assert len(made.body["messages"]) == 2 * left + 1


async def test_what_was_written_before_counts_against_the_length() -> None:
    begun = Conversation("", "word", begun=Begun("word " * 60))
    made = await planner().plan(request(begun, written=60))

    assert (made.body["max_tokens"], made.longest, made.going_on) == (40, 40, True)


async def test_what_is_written_to_the_end_is_gone_on_with_by_a_word_at_least() -> None:
    begun = Conversation("", "word", begun=Begun("word " * 200))
    made = await planner().plan(request(begun, written=200))

    assert made.body["max_tokens"] == 1


async def test_thoughts_have_room_of_their_own_unless_they_are_over() -> None:
    plans = [
        await planner(can_think=True, sort=Sort.LLAMA_CPP).plan(request(conversation))
        for conversation in (
            Conversation("", "word"),
            Conversation("", "word", think=False),
            Conversation("", "word", begun=Begun("word")),
        )
    ]

    assert [one.body["max_tokens"] for one in plans] == [150, 100, 100]
    assert [one.longest for one in plans] == [100, 100, 100]


async def test_a_small_window_gives_a_short_answer() -> None:
    made = await planner(context=100).plan(request(Conversation("", "word " * 30)))

    assert made.body["max_tokens"] == 100 - made.prompt_tokens
    assert made.longest == made.body["max_tokens"]


async def test_ahead_a_next_question_has_room() -> None:
    one = planner()
    fits = Conversation("", "", turns=TURNS[: (900 - AROUND - PER_MESSAGE) // TURN])
    dropped = await one.dropped_ahead(fits)
    made = await one.plan(request(fits))

    assert made.dropped == 0
    assert dropped > 0


async def test_a_persona_that_is_too_long_is_told_ahead() -> None:
    with pytest.raises(TooLongError) as caught:
        await planner().dropped_ahead(Conversation("word " * 300, ""))

    assert caught.value.persona


def test_a_window_that_the_server_tells_of_is_kept_to() -> None:
    one = planner(1000)

    assert (one.smaller(plan(1000), 800), one.context) == (800, 800)


def test_a_window_of_unknown_size_is_believed_to_be_smaller() -> None:
    one = planner(1000)

    assert (one.smaller(plan(1000), None), one.context) == (750, 750)


def test_a_window_does_not_grow_again_by_what_an_older_plan_learns() -> None:
    one = planner(1000)
    one.smaller(plan(1000), 400)

    assert (one.smaller(plan(1000), None), one.context) == (400, 400)
    assert (one.smaller(plan(1000), 800), one.context) == (400, 400)
    assert (one.smaller(plan(1000), 1000), one.context) == (400, 400)


def test_a_window_as_large_as_it_was_thought_stays() -> None:
    one = planner(1000)

    assert (one.smaller(plan(1000), 1000), one.context) == (750, 1000)
    assert (one.smaller(plan(1000), 8000), one.context) == (750, 1000)
