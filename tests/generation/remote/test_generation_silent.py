"""A server that says nothing more, or holds something back."""

import pytest

from bot.delivery.stream import Ended
from bot.errors import EngineError
from bot.generation.remote.options import Patience
from bot.generation.remote.sort import Sort
from tests.doubles.openai_models import Answer, ModelServer
from tests.doubles.openai_said import KEEP_ALIVE, Hold, Text, Thought, says, streamed
from tests.doubles.remote_model import IMPATIENT, Passing, asking, finished


@pytest.mark.parametrize("answer", [Hold(), streamed(Thought("hm"), Hold())])
async def test_a_server_that_says_nothing_for_long_is_left_and_not_waited_for_again(
    answer: Answer,
) -> None:
    server, time = ModelServer(), Passing()
    server.plan(answer)
    async with asking(server, time=time, patience=IMPATIENT) as model:
        with pytest.raises(EngineError, match=r"does not answer$"):
            await finished(model)
        await server.until(lambda: server.asked[0].over)

    assert server.asked[0].left
    assert (len(server.asked), time.slept) == (1, [])


def test_a_server_that_has_begun_may_be_silent_as_long_as_one_that_has_not() -> None:
    assert Patience().between == Patience().first


@pytest.mark.parametrize("reason", ["content_filter", "tool_calls"])
async def test_an_answer_that_the_server_holds_back_is_marked_and_not_asked_for_again(
    reason: str,
) -> None:
    server, time = ModelServer(Sort.OTHER), Passing()
    server.plan(says("Once ", reason=reason), says(reason=reason))
    async with asking(server, time=time) as model:
        last = await finished(model)
        with pytest.raises(EngineError, match=rf"broke off \({reason}\)$"):
            await finished(model)

    assert (last.ended, last.text) == (Ended.BROKEN, "Once ")
    assert time.slept == []


async def test_a_stream_that_stands_still_has_broken_off() -> None:
    server = ModelServer()
    server.plan(streamed(Text("Once "), Hold()))
    async with asking(server, patience=IMPATIENT) as model:
        last = await finished(model)
        await server.until(lambda: server.asked[0].over)

    assert (last.ended, last.text) == (Ended.BROKEN, "Once ")
    assert server.asked[0].left


async def test_what_only_keeps_the_connection_alive_is_no_answer() -> None:
    server = ModelServer()
    server.plan(streamed(Text("Once "), *[KEEP_ALIVE] * 50, Hold()))
    async with asking(server, patience=IMPATIENT) as model:
        last = await finished(model)

    assert (last.ended, last.text) == (Ended.BROKEN, "Once ")
