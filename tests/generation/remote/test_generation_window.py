"""A window that is smaller than it was thought."""

import pytest

from bot.delivery.stream import Ended
from bot.errors import TooLongError
from bot.generation.model import Planned
from bot.generation.remote.options import Wanted
from bot.generation.remote.sort import Sort
from bot.prompt.conversation import Conversation
from tests.doubles.openai_models import ModelServer
from tests.doubles.openai_refused import (
    Refused,
    refused,
    too_long,
)
from tests.doubles.openai_said import (
    says,
)
from tests.doubles.remote_model import (
    TURNS,
    Passing,
    asking,
    end_of,
    finished,
    request,
    told,
)

FITTING = Conversation("", "Now?", turns=TURNS[:5])


@pytest.mark.parametrize("sort", [Sort.LLAMA_CPP, Sort.VLLM, Sort.OTHER])
async def test_a_window_that_is_smaller_than_it_said_is_learned_and_more_turns_go(
    sort: Sort,
) -> None:
    server = ModelServer(sort, context=2048)
    async with asking(server, wanted=Wanted(None, 2048, "auto")) as model:
        server.context = 256
        server.plan(says("Hi."))
        events = await told(model.generate(request(Conversation("", "Now?", turns=TURNS))))
        assert model.info.context == 256
    first, second = (event for event in events if isinstance(event, Planned))

    assert first.dropped == 0
    assert second.dropped > 0
    assert end_of(events) == (Ended.STOP, "Hi.")


UNNAMED = refused(400, {"error": {"message": "context length exceeded"}})


@pytest.mark.parametrize("refusal", [UNNAMED, too_long(Sort.OTHER, 1400, 1024, 100)])
async def test_of_a_prompt_that_is_too_large_something_goes_and_the_window_stays(
    refusal: Refused,
) -> None:
    server = ModelServer(Sort.OTHER)
    server.plan(refusal, says("Hi."), says("Hi."))
    async with asking(server, wanted=Wanted(None, 1024, "auto")) as model:
        before = await model.count(FITTING)
        events = await told(model.generate(request(FITTING)))
        await told(model.generate(request(FITTING)))
        assert model.info.context == 1024
    sent = [len(asked.messages) for asked in server.asked]

    assert before < 700
    assert end_of(events) == (Ended.STOP, "Hi.")
    assert sent[0] == 2 * len(FITTING.turns) + 1
    assert sent[1] < sent[0]
    assert sent[2] <= sent[0]  # it is not refused first again: nothing more is planned


async def test_ollamas_window_is_learned_when_it_has_loaded_the_model_and_asked_for_once() -> None:
    server = ModelServer(Sort.OLLAMA)
    server.otherwise = says("Hi.")
    async with asking(server) as model:
        assert model.info.context == 8192
        server.refusals["/api/ps"] = refused(
            200, {"models": [{"model": "tiny", "context_length": 4096}]}
        )
        await finished(model)
        assert model.info.context == 4096
        await finished(model)

    assert server.calls.count("GET /api/ps") == 2


async def test_what_is_too_long_twice_is_too_long() -> None:
    server, time = ModelServer(), Passing()
    answer = too_long(Sort.LLAMA_CPP, 5000, 2048, 100)
    server.plan(answer, answer)
    async with asking(server, time=time) as model:
        with pytest.raises(TooLongError):
            await finished(model)

    assert time.slept == []


async def test_what_is_too_long_is_told_to_be_longer_than_there_is_room_for() -> None:
    server = ModelServer(Sort.OTHER)
    server.plan(UNNAMED, UNNAMED)
    async with asking(server, wanted=Wanted(None, 1024, "auto")) as model:
        with pytest.raises(TooLongError) as caught:
            await finished(model, FITTING)

    assert 0 < caught.value.limit < caught.value.size


async def test_a_question_that_is_too_long_is_not_sent() -> None:
    server = ModelServer(context=512)
    async with asking(server) as model:
        with pytest.raises(TooLongError) as caught:
            await finished(model, Conversation("", "word " * 600))

    assert not caught.value.persona
    assert server.asked == []
