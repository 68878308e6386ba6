import json
from typing import Any

import pytest

from bot.delivery.stream import Ended
from bot.generation.model import Reading
from bot.generation.remote.chunks import Told, Usage, told
from bot.generation.remote.sort import Sort
from tests.doubles.openai_said import End, Read, Text, Thought, Used, Wording

Json = dict[str, Any]
ASKED = {"model": "tiny", "return_progress": True, "stream_options": {"include_usage": True}}


def said(sort: Sort, step: Text | Thought | Read | End | Used) -> Told:
    frame = Wording(sort, ASKED).of(step)
    return told(json.loads(frame.removeprefix(b"data: ")))


def of_delta(**delta: object) -> Told:
    return told({"choices": [{"index": 0, "delta": delta, "finish_reason": None}]})


@pytest.mark.parametrize("sort", Sort)
def test_every_server_tells_text_thoughts_the_end_and_what_it_took(sort: Sort) -> None:
    assert said(sort, Text("안녕")) == Told(text="안녕")
    assert said(sort, Thought("hm")) == Told(thought="hm")
    assert said(sort, End("stop")) == Told(reason=Ended.STOP)
    assert said(sort, Used(20, 5)) == Told(usage=Usage(20, 0, 5, None))


@pytest.mark.parametrize("sort", Sort)
def test_the_opening_of_an_answer_tells_nothing(sort: Sort) -> None:
    opening = Wording(sort, ASKED).opening() or b'data: {"choices": []}'

    assert told(json.loads(opening.removeprefix(b"data: "))) == Told()


def test_what_was_cached_and_thought_is_told_where_the_server_says_it() -> None:
    assert said(Sort.OTHER, Used(20, 5, cached=16, thought=3)) == Told(usage=Usage(20, 16, 5, 3))


@pytest.mark.parametrize(
    ("reason", "ended"),
    [
        ("stop", Ended.STOP),
        ("length", Ended.LENGTH),
        ("model_length", Ended.LENGTH),
    ],
)
def test_why_it_ended(reason: str, ended: Ended) -> None:
    assert said(Sort.VLLM, End(reason)) == Told(reason=ended)


@pytest.mark.parametrize(
    "reason", ["content_filter", "tool_calls", "function_call", "abort", "error"]
)
def test_what_breaks_an_answer_off_is_told_in_the_servers_word(reason: str) -> None:
    assert said(Sort.VLLM, End(reason)) == Told(reason=Ended.BROKEN, fault=reason)


@pytest.mark.parametrize("reason", ["null", "", "whatever"])
def test_a_reason_that_nobody_knows_is_no_end(reason: str) -> None:
    assert said(Sort.OTHER, End(reason)) == Told()


def test_thoughts_that_are_told_under_both_names_are_told_once() -> None:
    assert of_delta(reasoning_content="hm", reasoning="hm") == Told(thought="hm")


def test_the_last_words_and_the_end_can_come_together() -> None:
    last = {"index": 0, "delta": {"content": "."}, "finish_reason": "length"}
    usage = {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5}

    all_in_one = told({"choices": [last], "usage": usage})

    assert all_in_one == Told(text=".", reason=Ended.LENGTH, usage=Usage(3, 0, 2, None))


def test_reading_is_told_with_what_is_left_by_the_speed_of_what_was_not_cached() -> None:
    # 30 of the 50 were in place before: 20 took 100 ms, and 50 are to come.
    assert said(Sort.LLAMA_CPP, Read(50, 100, cache=30, time_ms=100)) == Told(
        progress=Reading(read=50, to_read=100, seconds_left=0.25)
    )


def test_nobody_knows_how_long_reading_takes_before_any_of_it_is_read() -> None:
    assert said(Sort.LLAMA_CPP, Read(30, 100, cache=30, time_ms=0)) == Told(
        progress=Reading(read=30, to_read=100, seconds_left=None)
    )


def test_when_all_is_read_nothing_is_left() -> None:
    told_of = said(Sort.LLAMA_CPP, Read(100, 100, cache=0, time_ms=50)).progress

    assert told_of == Reading(read=100, to_read=100, seconds_left=0)


def test_a_number_with_a_point_is_a_number() -> None:
    usage = {"prompt_tokens": 3.0, "completion_tokens": 2.0}

    assert told({"choices": [], "usage": usage}).usage == Usage(3, 0, 2, None)


WRONG: list[Json] = [
    {},
    {"choices": None},
    {"choices": []},
    {"choices": {}},
    {"choices": "none"},
    {"choices": [None]},
    {"choices": [17]},
    {"choices": [{}]},
    {"choices": [{"delta": None}]},
    {"choices": [{"delta": "hm"}]},
    {"choices": [{"delta": {"content": None}}]},
    {"choices": [{"delta": {"content": 17}}]},
    {"choices": [{"delta": {"content": ["a"], "reasoning": {"text": "b"}}}]},
    {"choices": [{"delta": {}, "finish_reason": 17}]},
    {"choices": [{"delta": {}, "finish_reason": ""}]},
    {"usage": None},
    {"usage": 17},
    {"usage": {"prompt_tokens": 3}},
    {"usage": {"prompt_tokens": "3", "completion_tokens": 2}},
    {"usage": {"prompt_tokens": True, "completion_tokens": 2}},
    {"usage": {"prompt_tokens": -3, "completion_tokens": 2}},
    {"usage": {"prompt_tokens": float("inf"), "completion_tokens": 2}},
    {"usage": {"prompt_tokens": float("nan"), "completion_tokens": 2}},
    {"prompt_progress": "half"},
    {"prompt_progress": {"total": 0, "processed": 0}},
    {"prompt_progress": {"total": 10}},
]


@pytest.mark.parametrize("fields", WRONG, ids=str)
def test_what_has_not_the_promised_shape_tells_nothing(fields: Json) -> None:
    assert told(fields) == Told()


def test_details_of_the_wrong_shape_leave_the_rest_of_what_it_took() -> None:
    usage = {"prompt_tokens": 3, "completion_tokens": 2, "prompt_tokens_details": 17}

    assert told({"usage": usage}).usage == Usage(3, 0, 2, None)


def test_progress_without_a_time_still_says_how_far_it_is() -> None:
    progress = {"total": 10, "processed": 4}

    assert told({"prompt_progress": progress}).progress == Reading(4, 10, None)
