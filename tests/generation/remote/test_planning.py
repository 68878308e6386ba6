"""What a server is asked, and how its window is kept."""

import pytest

from bot.errors import TooLongError
from bot.generation.model import Request
from bot.generation.remote.options import RemoteOptions, Wanted
from bot.generation.remote.planning import Plan, Planner
from bot.generation.remote.server import Server
from bot.generation.remote.sizes import AROUND, PER_MESSAGE, Sizes
from bot.generation.remote.sort import Sort
from bot.prompt.conversation import Begun, Conversation, Turn

TURNS = tuple(Turn("word " * 10, "word " * 10) for _ in range(40))
TURN = 2 * (PER_MESSAGE + 10)


async def words(text: str) -> int:
    return len(text.split())


def sizes(_: Server) -> Sizes:
    return Sizes(words)


def planner(context: int = 1000, *, can_think: bool = False, sort: Sort = Sort.VLLM) -> Planner:
    server = Server("tiny", sort, context, slots=1, can_think=can_think, counts=True)
    return Planner(server, sizes, RemoteOptions(100, 50), Wanted(None, context, "auto"))


def request(conversation: Conversation, written: int = 0) -> Request:
    return Request(conversation, seed=1, written=written)


async def planned(one: Planner, context: int | None = None) -> Plan:
    return await one.plan(request(Conversation("", "word", turns=TURNS)), context)


async def test_a_prompt_and_the_longest_answer_fit_into_the_window() -> None:
    made = await planner().plan(request(Conversation("", "word", turns=TURNS)))
    left = 40 - made.dropped

    assert 0 < left < 40
    assert made.prompt_tokens == AROUND + PER_MESSAGE + 1 + left * TURN
    assert made.prompt_tokens + made.body["max_tokens"] <= 1000
    assert len(made.body["messages"]) == 2 * left + 1


async def test_what_is_estimated_to_leave_much_room_is_not_counted() -> None:
    asked = list[str]()

    async def counted(text: str) -> int:
        asked.append(text)
        return len(text.split())

    server = Server("tiny", Sort.VLLM, 1000, slots=1, can_think=False, counts=True)
    wanted = Wanted(None, 1000, "auto")
    one = Planner(server, lambda _: Sizes(counted), RemoteOptions(100, 50), wanted)
    few = await one.plan(request(Conversation("", "word", turns=TURNS[:4])))
    assert (asked, few.dropped) == ([], 0)
    many = await one.plan(request(Conversation("", "word", turns=TURNS[:20])))

    assert sorted(asked) == ["word", "word " * 10]
    assert many.prompt_tokens == AROUND + PER_MESSAGE + 1 + 20 * TURN


async def test_what_was_written_before_counts_against_the_length() -> None:
    begun = Conversation("", "word", begun=Begun("word " * 60))
    made = await planner().plan(request(begun, written=60))

    assert (made.body["max_tokens"], made.longest, made.going_on) == (40, 40, True)


async def test_what_is_written_to_the_end_is_gone_on_with_by_a_word_at_least() -> None:
    begun = Conversation("", "word", begun=Begun("word " * 200))
    made = await planner().plan(request(begun, written=200))

    assert made.body["max_tokens"] == 1


PLAIN = Conversation("", "word")
UNTHINKING = Conversation("", "word", think=False)
GOING_ON = Conversation("", "word", begun=Begun("word"))


async def test_thoughts_have_room_of_their_own_unless_they_are_over() -> None:
    plans = [
        await planner(can_think=True, sort=Sort.LLAMA_CPP).plan(request(conversation))
        for conversation in (PLAIN, UNTHINKING, GOING_ON)
    ]

    assert [one.body["max_tokens"] for one in plans] == [150, 100, 100]
    assert [one.longest for one in plans] == [100, 100, 100]
    assert [one.thoughts for one in plans] == [50, 0, 0]


@pytest.mark.parametrize("sort", [Sort.VLLM, Sort.OLLAMA, Sort.OTHER])
async def test_thoughts_that_cannot_be_switched_off_keep_their_room(sort: Sort) -> None:
    one = planner(sort=sort)
    before = await one.plan(request(UNTHINKING))
    one.learn_that_it_thinks()
    made = await one.plan(request(UNTHINKING))

    assert (before.thoughts, before.body["max_tokens"]) == (0, 100)
    assert (made.thoughts, made.body["max_tokens"], made.longest) == (50, 150, 100)


@pytest.mark.parametrize(
    ("sort", "thoughts"),
    [(Sort.LLAMA_CPP, 0), (Sort.VLLM, 0), (Sort.OLLAMA, 50), (Sort.OTHER, 50)],
)
async def test_who_does_not_go_on_exactly_may_think_again(sort: Sort, thoughts: int) -> None:
    one = planner(sort=sort)
    one.learn_that_it_thinks()
    made = await one.plan(request(GOING_ON))

    assert made.thoughts == thoughts
    assert made.body["max_tokens"] == 100 + thoughts


async def test_thoughts_that_the_template_opens_are_open_from_the_first_token_on() -> None:
    one = planner()
    assert not (await one.plan(request(PLAIN))).opened

    one.learn_that_it_opens_thoughts()
    plans = [await one.plan(request(conversation)) for conversation in (PLAIN, GOING_ON)]

    assert [(made.opened, made.thoughts) for made in plans] == [(True, 50), (False, 0)]


async def test_who_goes_on_with_an_answer_is_begun_by_no_template() -> None:
    one = planner(sort=Sort.OLLAMA)
    one.learn_that_it_opens_thoughts()
    made = await one.plan(request(GOING_ON))

    assert (made.opened, made.thoughts) == (False, 50)


async def test_thoughts_without_room_of_their_own_may_be_opened_all_the_same() -> None:
    server = Server("tiny", Sort.VLLM, 1000, slots=1, can_think=False, counts=True)
    one = Planner(server, sizes, RemoteOptions(100, 0), Wanted(None, 1000, "auto"))
    one.learn_that_it_opens_thoughts()

    assert (await one.plan(request(PLAIN))).opened


async def test_thoughts_that_are_switched_off_are_not_opened() -> None:
    one = planner(can_think=True, sort=Sort.LLAMA_CPP)
    one.learn_that_it_opens_thoughts()

    assert not (await one.plan(request(UNTHINKING))).opened


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
