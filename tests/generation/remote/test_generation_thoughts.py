"""Thoughts of a server's model: kept from the answer, and given room."""

import asyncio

import pytest

from bot.delivery.stream import Ended
from bot.generation.model import Finished, Piece, Planned, Retracted, Thinking
from bot.generation.remote.options import RemoteOptions
from bot.generation.remote.sort import Sort
from bot.prompt.conversation import Conversation
from tests.doubles.openai_models import ModelServer
from tests.doubles.openai_said import (
    Hold,
    Thought,
    Used,
    says,
    streamed,
)
from tests.doubles.remote_model import (
    BEGUN,
    asking,
    end_of,
    finished,
    pieces,
    request,
    told,
)


async def test_thoughts_are_kept_from_the_answer_and_their_time_is_told() -> None:
    server = ModelServer(Sort.VLLM)
    server.plan(says("Hi.", thoughts=["hm", "aha"], used=Used(written=6, thought=4)))
    async with asking(server) as model:
        events = await told(model.generate(request()))

    assert [type(event) for event in events] == [Planned, Thinking, Thinking, Piece, Finished]
    assert pieces(events) == ["Hi."]
    assert isinstance(last := events[-1], Finished)
    assert (last.answer_tokens, last.written) == (6, 2)


async def test_thoughts_between_marks_in_the_answer_are_no_part_of_it() -> None:
    server = ModelServer(Sort.OTHER)
    server.plan(says("<thi", "nk>hm", "</think>\n\n", "Hi <think>.", used=Used(written=9)))
    async with asking(server) as model:
        events = await told(model.generate(request()))

    assert end_of(events) == (Ended.STOP, "Hi <think>.")
    assert any(isinstance(event, Thinking) for event in events)


async def test_who_thinks_is_given_room_for_it_from_the_next_answer_on() -> None:
    server = ModelServer(Sort.OTHER)
    server.plan(says("Hi.", thoughts=["hm"]), says("Hi."))
    async with asking(server) as model:
        await finished(model)
        await finished(model)

    assert [asked.body["max_tokens"] for asked in server.asked] == [100, 150]


async def test_an_answer_that_was_all_thoughts_is_asked_for_again_with_room_for_them() -> None:
    server = ModelServer(Sort.OTHER)
    all_thoughts = says(thoughts=["hm", "aha"], reason="length")
    server.plan(all_thoughts, says("Hi.", thoughts=["hm"]), all_thoughts)
    async with asking(server) as model:
        assert (await finished(model)).text == "Hi."
        last = await finished(model)  # now it was known
    rooms = [asked.body["max_tokens"] for asked in server.asked]

    assert rooms == [100, 150, 150]
    assert (last.ended, last.text) == (Ended.LENGTH, "")


async def test_what_goes_on_with_an_answer_may_begin_with_thoughts_where_it_is_begun_anew() -> None:
    server = ModelServer(Sort.OLLAMA)
    server.plan(says("Hi.", thoughts=["hm"]), says("<think>hm", "</think>", "on a time."))
    async with asking(server) as model:
        await finished(model)
        last = await finished(model, BEGUN)

    assert last.text == "on a time."


async def test_two_first_questions_at_once_are_both_asked_for_again() -> None:
    server = ModelServer(Sort.OTHER)
    all_thoughts = says(thoughts=["hm", "aha"], reason="length")
    server.plan(Hold(), Hold(), *[all_thoughts] * 2, says("Hi."), says("Hi."))
    async with asking(server) as model:
        both = asyncio.gather(finished(model), finished(model))
        await server.until(lambda: len(server.asked) == 2)
        server.release()
        texts = [last.text for last in await both]

    assert texts == ["Hi.", "Hi."]
    assert [asked.body["max_tokens"] for asked in server.asked] == [100, 100, 150, 150]


async def test_who_has_no_room_for_thoughts_is_asked_again_once() -> None:
    server = ModelServer(Sort.OTHER)
    all_thoughts = says(thoughts=["hm", "aha"], reason="length")
    server.plan(all_thoughts, all_thoughts)
    async with asking(server, RemoteOptions(max_tokens=100, think_tokens=0)) as model:
        last = await finished(model)

    assert (last.ended, last.text, len(server.asked)) == (Ended.LENGTH, "", 2)


async def test_thoughts_that_the_template_opens_are_taken_back_and_held_back_from_then_on() -> None:
    server = ModelServer(Sort.VLLM)
    server.plan(
        says("Okay, ", "the user…\n", "</think>\n", "안녕하세요!"),
        says("Hm.\n", "</think>", "네!"),
        says("네."),
        says("네", "!"),
    )
    async with asking(server) as model:
        first, second = [await told(model.generate(request())) for _ in range(2)]
        third, fourth = await finished(model), await told(model.generate(request()))

    assert pieces(first) == ["Okay, ", "the user…\n", "안녕하세요!"]
    assert Retracted() in first
    assert end_of(first) == (Ended.STOP, "안녕하세요!")
    assert (pieces(second), end_of(second)) == (["네!"], (Ended.STOP, "네!"))
    assert third.text == "네."  # nothing was closed: it does not open thoughts after all
    assert pieces(fourth) == ["네", "!"]
    assert [asked.body["max_tokens"] for asked in server.asked] == [100, *[150] * 3]


async def test_that_the_template_opens_thoughts_is_learned_where_they_are_gone_on_with() -> None:
    server = ModelServer(Sort.VLLM)
    server.plan(says(" a time\n</think>", "Hi"), says("Hm.\n</think>", "네!"))
    async with asking(server) as model:
        assert (await finished(model, BEGUN)).text == " a time\n</think>Hi"
        assert pieces(await told(model.generate(request()))) == ["네!"]


async def test_thoughts_that_were_open_and_reached_the_limit_are_still_expected() -> None:
    server = ModelServer(Sort.VLLM)
    server.plan(
        says("Hm.\n</think>Hi"), says("Hm", reason="length"), says("Hm", "\n</think>", "네!")
    )
    async with asking(server) as model:
        await finished(model)
        assert (await finished(model)).text == "Hm"
        assert pieces(await told(model.generate(request()))) == ["네!"]


async def test_thoughts_that_take_up_all_room_up_to_their_end_are_given_room() -> None:
    server = ModelServer(Sort.VLLM)
    server.plan(says("Okay, ", "\n</think>", reason="length"), says("Hm.\n</think>\n네!"))
    async with asking(server) as model:
        events = await told(model.generate(request()))

    assert [event for event in events if isinstance(event, Retracted)] == [Retracted()]
    assert end_of(events) == (Ended.STOP, "네!")


async def test_thoughts_without_an_end_are_left() -> None:
    server = ModelServer(template="{{ enable_thinking }}")
    server.plan(streamed(*[Thought("hm")] * 200, Hold()))
    async with asking(server) as model:
        last = await finished(model)
        await server.until(lambda: server.asked[0].over)

    assert (last.ended, last.text) == (Ended.LENGTH, "")
    assert last.answer_tokens == 150 + 16 + 1


@pytest.mark.parametrize(("think", "room"), [(True, 150), (False, 100), (None, 150)])
async def test_a_model_that_can_think_is_told_whether_to(*, think: bool | None, room: int) -> None:
    server = ModelServer(template="{{ enable_thinking }}")
    server.plan(says("Hi."))
    async with asking(server) as model:
        assert model.info.can_think
        await finished(model, Conversation("", "Why?", think=think))
    switch = server.asked[0].body.get("chat_template_kwargs")

    assert switch == (None if think is None else {"enable_thinking": think})
    assert server.asked[0].body["max_tokens"] == room


@pytest.mark.parametrize("sort", [Sort.LLAMA_CPP, Sort.VLLM, Sort.OLLAMA])
async def test_a_begun_answer_is_the_last_message_and_is_gone_on_with(sort: Sort) -> None:
    server = ModelServer(sort, template="{{ enable_thinking }}")
    server.plan(says(" a time."))
    async with asking(server) as model:
        events = await told(model.generate(request(BEGUN, written=40)))

    assert server.asked[0].messages[-1] == {"role": "assistant", "content": "Once upon"}
    assert server.asked[0].body["max_tokens"] == 60
    assert end_of(events) == (Ended.STOP, " a time.")


async def test_text_that_goes_on_with_an_answer_holds_no_thoughts() -> None:
    server = ModelServer()
    server.plan(says("<think>", " is a mark."))
    async with asking(server) as model:
        last = await finished(model, BEGUN)

    assert last.text == "<think> is a mark."
