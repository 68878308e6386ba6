"""A server that fails: what is tried again, what stays, and what is told."""

import pytest

from bot.delivery.stream import Ended
from bot.errors import EngineError
from bot.generation.remote.sort import Sort
from tests.doubles.openai_models import Answer, ModelServer
from tests.doubles.openai_refused import (
    error,
    page,
    plain,
    refused,
    still_loading,
)
from tests.doubles.openai_said import (
    DONE,
    HALF_JSON,
    NO_OBJECT,
    Cut,
    End,
    Step,
    Streamed,
    Text,
    Thought,
    fails_midway,
    says,
)
from tests.doubles.remote_model import (
    Passing,
    asking,
    end_of,
    finished,
    pieces,
    request,
    told,
)


@pytest.mark.parametrize(
    "breaks",
    [(Cut(),), (), (HALF_JSON,), (NO_OBJECT,), *(fails_midway(sort) for sort in Sort)],
)
async def test_an_answer_that_breaks_off_keeps_what_was_said(
    breaks: tuple[Step, ...],
) -> None:
    server = ModelServer()
    server.plan(Streamed((Text("Once "), Text("upon"), *breaks)))
    async with asking(server) as model:
        events = await told(model.generate(request()))

    assert end_of(events) == (Ended.BROKEN, "Once upon")
    assert pieces(events) == ["Once ", "upon"]


@pytest.mark.parametrize(
    "answer",
    [
        Cut(),
        Streamed((Cut(),)),
        Streamed((Text(""), Cut())),
        Streamed(()),
        Streamed((HALF_JSON,)),
        Streamed((Thought("hm"), Cut())),
        Streamed((End("abort"), DONE)),
        Streamed((End("abort"), Cut())),
        *(Streamed(fails_midway(sort)) for sort in Sort),
        error(Sort.LLAMA_CPP, 500, "broken"),
        error(Sort.VLLM, 408, "slow"),
        error(Sort.VLLM, 409, "not now"),
        error(Sort.OTHER, 429, "slower, please"),
        still_loading(),
        page(502),
        plain(503, "upstream"),
    ],
)
async def test_what_fails_before_it_says_anything_is_tried_again(answer: Answer) -> None:
    server, time = ModelServer(), Passing()
    server.plan(answer, answer, says("Hello."))
    async with asking(server, time=time) as model:
        last = await finished(model)

    assert (last.ended, last.text) == (Ended.STOP, "Hello.")
    assert time.slept == [0.25, 0.5]
    assert len(server.asked) == 3


async def test_it_is_tried_for_half_a_minute_and_then_told_in_one_line() -> None:
    server, time = ModelServer(Sort.VLLM), Passing()
    server.otherwise = error(Sort.VLLM, 503, "All workers\nare busy")
    async with asking(server, time=time) as model:
        with pytest.raises(EngineError) as caught:
            await finished(model)

    assert str(caught.value) == "the model's server failed (503): All workers are busy"
    assert sum(time.slept) <= 30
    assert time.slept == [0.25, 0.5, 1, 2, 4, 8, 8]


async def test_a_server_that_is_away_is_asked_again_until_it_is_back() -> None:
    server = ModelServer()
    time = Passing()

    async def sleep(seconds: float) -> None:
        time.now += seconds
        server.network.up()

    time.sleep = sleep  # type: ignore[method-assign] # in place of the one that only counts
    async with asking(server, time=time) as model:
        server.network.down()
        server.plan(says("Back."))
        last = await finished(model)

    assert last.text == "Back."


async def test_a_question_that_meets_a_connection_which_is_being_closed_is_asked_again() -> None:
    server = ModelServer()
    server.plan(says("Hi."), says("Hello."))
    async with asking(server) as model:
        await finished(model)
        server.network.down()
        server.network.up()
        assert (await finished(model)).text == "Hello."


async def test_a_server_that_stays_away_is_told_as_that() -> None:
    server = ModelServer()
    async with asking(server) as model:
        server.network.down()
        with pytest.raises(EngineError, match="cannot be reached: connection refused"):
            await finished(model)
        server.network.up()


@pytest.mark.parametrize(("after", "slept"), [("7", 7), ("0", 0.25), ("soon", 0.25)])
async def test_a_server_that_wants_to_be_left_alone_for_a_while_is(
    after: str, slept: float
) -> None:
    server, time = ModelServer(Sort.OTHER), Passing()
    server.plan(error(Sort.OTHER, 429, "slow down", retry_after=after), says("Hi."))
    async with asking(server, time=time) as model:
        await finished(model)

    assert time.slept == [slept]


async def test_whoever_asks_is_told_at_once_where_the_server_wants_more_time_than_there_is() -> (
    None
):
    server, time = ModelServer(Sort.OTHER), Passing()
    server.plan(error(Sort.OTHER, 429, "Come back tomorrow", retry_after="86400"))
    async with asking(server, time=time) as model:
        with pytest.raises(EngineError, match=r"too much to do \(429\): Come back tomorrow$"):
            await finished(model)

    assert time.slept == []


async def test_a_key_that_is_refused_is_told_at_once_and_does_not_stand_in_the_line() -> None:
    server, time = ModelServer(Sort.OTHER), Passing()
    async with asking(server, key="secret-key", time=time) as model:
        server.key = "another"
        with pytest.raises(EngineError) as caught:
            await finished(model)

    assert str(caught.value) == "the model's server refuses MODEL_KEY (401)"
    assert time.slept == []


async def test_a_server_that_was_started_again_with_another_model_is_asked_for_that() -> None:
    server, time = ModelServer(Sort.VLLM), Passing()
    server.plan(says("Hi."), says("Hi."))
    async with asking(server, time=time) as model:
        server.models = ("another",)
        await finished(model)
        await finished(model)

    assert [asked.body["model"] for asked in server.asked] == ["tiny", "another", "another"]
    assert time.slept == []


async def test_a_model_that_is_gone_is_told_with_those_that_are_there() -> None:
    server, time = ModelServer(Sort.OLLAMA), Passing()
    async with asking(server, time=time) as model:
        server.models = ("llama3.2:latest", "qwen3:4b")
        with pytest.raises(EngineError, match=r"it has: llama3\.2:latest, qwen3:4b$"):
            await finished(model)

    assert time.slept == []


@pytest.mark.parametrize(
    ("answer", "line"),
    [
        (page(200), "sent a web page in place of an answer: see that MODEL_URL is right"),
        (plain(200, "OK"), "sent something else (text/plain) in place of an answer: OK"),
        (refused(200, {"error": "no such endpoint"}), "failed: no such endpoint"),
        (refused(400, {"detail": "bad top_k"}), "refuses the request (400): bad top_k"),
        (refused(501, {"message": "not yet"}), "refuses the request (501): not yet"),
        (plain(307, ""), "sends elsewhere (307): set MODEL_URL to where it stands now"),
        (page(400), "refuses the request (400)"),
        (
            refused(429, {"error": {"code": "insufficient_quota", "message": "Pay first"}}),
            "gives no more (429): Pay first",
        ),
    ],
)
async def test_what_will_not_get_better_is_told_as_what_it_is(answer: Answer, line: str) -> None:
    server = ModelServer(Sort.OTHER)
    server.otherwise = answer
    async with asking(server) as model:
        with pytest.raises(EngineError) as caught:
            await finished(model)

    assert str(caught.value) == f"the model's server {line}"


async def test_why_an_answer_broke_off_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    server = ModelServer()
    server.plan(Streamed((Text("Once "), *fails_midway(Sort.LLAMA_CPP, "out of memory"))))
    async with asking(server) as model:
        await finished(model)

    assert caplog.messages == ["an answer broke off: the model's server failed: out of memory"]
