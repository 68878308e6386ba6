"""One answer of a server, as it is told."""

import pytest

from bot.delivery.stream import Ended
from bot.generation.model import Finished, Planned, Reading
from bot.generation.remote.estimate import estimate
from bot.generation.remote.messages import GO_ON
from bot.generation.remote.options import Patience, RemoteOptions
from bot.generation.remote.sort import Sort
from bot.prompt.conversation import Begun, Conversation, Turn
from tests.doubles.openai_models import ModelServer
from tests.doubles.openai_said import (
    DONE,
    KEEP_ALIVE,
    NULL_CHOICES,
    Cut,
    End,
    Endless,
    Hold,
    Read,
    Step,
    Streamed,
    Text,
    Used,
    says,
    streamed,
)
from tests.doubles.remote_model import (
    BEGUN,
    TURNS,
    asking,
    finished,
    pieces,
    request,
    told,
)


@pytest.mark.parametrize("sort", Sort)
async def test_an_answer_is_told_piece_by_piece(sort: Sort) -> None:
    server = ModelServer(sort)
    server.plan(says("Hello ", "Ada.", used=Used(prompt=20, written=3, cached=12)))
    async with asking(server) as model:
        events = await told(model.generate(request()))
    [planned, *_, last] = events

    estimated = estimate("Be brief.") + estimate("Hello")
    assert planned == Planned(0, 32 + 8 + 8 + estimated)
    assert pieces(events) == ["Hello ", "Ada."]
    assert isinstance(last, Finished)
    assert (last.ended, last.text, last.ids) == (Ended.STOP, "Hello Ada.", ())
    assert (last.read_tokens, last.answer_tokens, last.written) == (8, 3, 3)
    assert last.prompt_tokens == 20


async def test_the_request_carries_what_was_asked_and_what_is_set_and_nothing_else() -> None:
    server = ModelServer(Sort.OTHER)
    server.plan(says("Hi."))
    options = RemoteOptions(max_tokens=64, stops=("###",), drawing={"temperature": 0.5, "top_k": 3})
    async with asking(server, options, key="secret") as model:
        await finished(model)
    [asked] = server.asked

    assert asked.body == {
        "model": "tiny",
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "Hello"},
        ],
        "stream": True,
        "stream_options": {"include_usage": True},
        "max_tokens": 64,
        "temperature": 0.5,
        "stop": ["###"],
        "seed": 7,
    }
    assert asked.headers.keys() == {
        *("host", "accept", "accept-encoding", "user-agent"),
        *("content-type", "content-length", "authorization"),
    } | ({"connection"} & asked.headers.keys())
    assert asked.headers["authorization"] == "Bearer secret"
    assert asked.headers["accept-encoding"] == "identity"


async def test_without_a_key_none_is_sent_and_the_environment_does_not_count(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("API_KEY", "ADMIN_KEY", "ORG_ID", "PROJECT_ID", "WEBHOOK_SECRET"):
        monkeypatch.setenv(f"OPENAI_{name}", "not-yours")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Secret: not-yours\nAuthorization: not-yours")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    server = ModelServer()
    server.plan(says("Hi."))
    async with asking(server) as model:
        await finished(model)
    [asked] = server.asked

    assert "authorization" not in asked.headers
    assert "not-yours" not in str(asked)


async def test_a_seed_that_was_drawn_at_random_is_not_sent_where_it_is_not_wanted() -> None:
    server = ModelServer()
    server.plan(says("Hi."))
    async with asking(server, RemoteOptions(seeded=False)) as model:
        await finished(model)

    assert "seed" not in server.asked[0].body


async def test_how_far_the_prompt_is_read_is_told_until_the_answer_begins() -> None:
    server = ModelServer()
    server.plan(says("Hi.", reading=[Read(10, 40), Read(40, 40, time_ms=400)]))
    async with asking(server) as model:
        events = await told(model.generate(request()))

    assert events[1:3] == [Reading(10, 40, 0.3), Reading(40, 40, 0.0)]


async def test_an_unknown_server_is_asked_to_go_on() -> None:
    server = ModelServer(Sort.OTHER)
    server.plan(says(" a time."))
    async with asking(server) as model:
        await finished(model, BEGUN)

    assert [one["content"] for one in server.asked[0].messages[-2:]] == ["Once upon", GO_ON]


async def test_an_answer_begun_without_any_text_is_a_new_one() -> None:
    server = ModelServer()
    server.plan(says("Hi."))
    async with asking(server) as model:
        await finished(model, Conversation("", "Tell me.", begun=Begun("")))

    assert server.asked[0].messages == [{"role": "user", "content": "Tell me."}]


async def test_the_oldest_turns_go_where_the_window_is_full() -> None:
    server = ModelServer(Sort.VLLM, context=512)
    server.plan(says("Hi."))
    async with asking(server) as model:
        [planned, *_] = await told(model.generate(request(Conversation("", "Now?", turns=TURNS))))

    assert isinstance(planned, Planned)
    assert 0 < planned.dropped < 12
    assert len(server.asked[0].messages) == 2 * (12 - planned.dropped) + 1


async def test_an_answer_that_reached_its_limit_says_so() -> None:
    server = ModelServer()
    server.plan(says("So ", "much", reason="length"))
    async with asking(server) as model:
        assert (await finished(model)).ended is Ended.LENGTH


@pytest.mark.parametrize("text", ["word ", "x" * 4000])
async def test_a_server_that_ignores_the_limit_is_left(text: str) -> None:
    server = ModelServer(Sort.OTHER)
    server.plan(streamed(Endless(text)))
    async with asking(server) as model:
        last = await finished(model)
        await server.until(lambda: server.asked[0].over)

    assert last.ended is Ended.LENGTH
    assert 100 <= last.written <= 120 or len(last.text) >= 100 * 32
    assert server.asked[0].left


async def test_a_stop_text_ends_the_answer_also_where_the_server_does_not_see_to_it() -> None:
    server = ModelServer(Sort.OTHER)
    server.plan(streamed(Text("Hi. #"), Text("## more"), Hold()))
    async with asking(server, RemoteOptions(stops=("###",))) as model:
        last = await finished(model)
        await server.until(lambda: server.asked[0].over)

    assert (last.ended, last.text) == (Ended.STOP, "Hi. ")


@pytest.mark.parametrize("early", [End("stop"), End("null"), End("whatever")])
async def test_a_reason_in_the_first_chunk_does_not_drop_the_text_behind_it(early: End) -> None:
    server = ModelServer(Sort.OTHER)
    server.plan(streamed(early, Text("Hi "), Text("Ada."), DONE))
    async with asking(server) as model:
        last = await finished(model)

    assert (last.ended, last.text) == (Ended.STOP, "Hi Ada.")


async def test_an_answer_of_nothing_in_the_history_is_not_sent() -> None:
    server = ModelServer(Sort.VLLM)
    server.plan(says("Hi."))
    async with asking(server) as model:
        await finished(model, Conversation("", "And now?", turns=(Turn("Silence!", ""),)))

    assert server.asked[0].messages == [{"role": "user", "content": "And now?"}]


async def test_an_answer_can_end_without_a_word() -> None:
    server = ModelServer()
    server.plan(streamed(End(), DONE))
    async with asking(server) as model:
        last = await finished(model)

    assert (last.ended, last.text, last.written) == (Ended.STOP, "", 0)


@pytest.mark.parametrize("steps", [(), (End(),), (End(), Used()), (DONE,)])
async def test_what_is_missing_behind_the_end_of_an_answer_does_no_harm(
    steps: tuple[Step, ...],
) -> None:
    server = ModelServer()
    server.plan(Streamed((Text("Hi."), *(steps or (End(),)), *(() if steps else (Cut(),)))))
    async with asking(server) as model:
        last = await finished(model)

    assert (last.ended, last.text) == (Ended.STOP, "Hi.")
    assert last.answer_tokens > 0


async def test_a_stream_that_never_closes_behind_its_last_word_is_closed() -> None:
    server = ModelServer()
    server.plan(Streamed((Text("Hi."), DONE, Hold())))
    async with asking(server) as model:
        last = await finished(model)
        await server.until(lambda: server.asked[0].over)

    assert (last.ended, last.text) == (Ended.STOP, "Hi.")


async def test_what_an_answer_took_is_not_waited_for_for_long() -> None:
    server = ModelServer()
    server.plan(Streamed((Text("Hi."), End(), Hold())))
    async with asking(server, patience=Patience(first=60, between=60, behind=0.05)) as model:
        last = await finished(model)

    assert (last.ended, last.text) == (Ended.STOP, "Hi.")


async def test_what_tells_nothing_and_pings_are_passed_over() -> None:
    server = ModelServer()
    server.plan(streamed(KEEP_ALIVE, NULL_CHOICES, Text("Hi."), KEEP_ALIVE, End(), DONE))
    async with asking(server) as model:
        assert (await finished(model)).text == "Hi."
