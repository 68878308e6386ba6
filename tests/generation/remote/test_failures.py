"""Errors of a server, in one line that can be shown."""

import json
import ssl

import httpx2
import openai
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.generation.remote.failures import (
    ServerError,
    Trouble,
    explained,
    not_an_answer,
    said_by,
    told_midway,
)

REQUEST = httpx2.Request("POST", "http://127.0.0.1:1/v1/chat/completions")
DATE = {"date": "Mon, 23 Nov 2026 09:00:00 GMT"}
TOO_LONG = [
    # llama-server, vLLM in three versions, OpenAI, LM Studio, Ollama
    ({"type": "exceed_context_size_error", "message": "too much", "n_ctx": 512}, 512),
    ({"message": "request (9 tokens) exceeds the available context size (256 tokens), try"}, 256),
    ({"message": "This model's maximum context length is 4096 tokens. However, you"}, 4096),
    (
        {"message": "The prompt (length 9) is longer than the maximum model length of 8"},
        None,
    ),
    ({"message": "longer than the maximum model length of 2048. Make sure that"}, 2048),
    ({"message": "maximum context length is 131,072 tokens, and you sent 140,000"}, 131072),
    ({"message": "the context size (up to 128k) is exceeded"}, None),
    ({"message": "maximum context length: 255 messages"}, None),
    ({"code": "context_length_exceeded", "message": "Too many tokens"}, None),
    ({"message": "the model is loaded with context length of only 4096 tokens"}, 4096),
    ({"message": "the input length exceeds the context length"}, None),
]


def refused(status: int, body: object, **headers: str) -> ServerError:
    """Return how a refusal is explained, as the client makes an error of it."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    text = body if isinstance(body, str) else json.dumps(body)
    response = httpx2.Response(status, text=text, headers=named, request=REQUEST)
    client = openai.AsyncOpenAI(api_key="-")
    return explained(client._make_status_error_from_response(response), "top-secret")


@pytest.mark.parametrize("inner", [True, False])
@pytest.mark.parametrize(("body", "context"), TOO_LONG)
def test_a_prompt_that_is_too_long_is_known_from_every_server(
    body: dict[str, object], context: int | None, *, inner: bool
) -> None:
    error = refused(400, {"error": body} if inner else body)

    assert (error.trouble, error.context) == (Trouble.WINDOW, context)


@pytest.mark.parametrize(("body", "context"), TOO_LONG)
def test_it_is_known_in_the_middle_of_a_stream_too(
    body: dict[str, object], context: int | None
) -> None:
    error = told_midway({"error": body}, None)

    assert (error.trouble, error.context) == (Trouble.WINDOW, context)


@pytest.mark.parametrize(
    ("status", "trouble"),
    [
        *((status, Trouble.PASSING) for status in (408, 409, 425, 429, 500, 502, 503, 504, 529)),
        *((status, Trouble.LASTING) for status in (400, 402, 413, 422, 501, 505)),
        (401, Trouble.KEY),
        (403, Trouble.KEY),
        (404, Trouble.MODEL),
        (301, Trouble.LASTING),
    ],
)
def test_what_is_tried_again_goes_by_the_status(status: int, trouble: Trouble) -> None:
    assert refused(status, {"error": {"message": "no"}}).trouble is trouble


def test_a_server_that_loads_its_weights_is_told_from_one_that_is_busy() -> None:
    loading = refused(503, {"error": {"message": "Loading model", "type": "unavailable_error"}})
    busy = refused(503, {"error": {"message": "uploading workers are busy"}})

    assert (loading.trouble, busy.trouble) == (Trouble.LOADING, Trouble.PASSING)
    assert str(loading) == "the model's server is not ready (503): Loading model"


@pytest.mark.parametrize(
    ("headers", "after"),
    [
        ({"retry_after": "3"}, 3),
        ({"retry_after": "0.5"}, 0.5),
        ({"retry_after": "-3"}, 0),
        ({"retry_after": "Mon, 23 Nov 2026 09:00:20 GMT"} | DATE, 20),
        ({"retry_after": "Mon, 23 Nov 2026 08:00:00 GMT"} | DATE, 0),
        ({"retry_after": "Mon, 23 Nov 2026 09:00:20 GMT"}, None),
        ({"retry_after": "Mon, 23 Nov 2026 09:00:20"} | DATE, None),
        ({"retry_after": "later"}, None),
        ({"retry_after": "nan"}, 0),
        ({}, None),
    ],
)
def test_how_long_it_wants_to_be_left_alone_is_read(
    headers: dict[str, str], after: float | None
) -> None:
    assert refused(503, "", **headers).after == after


@pytest.mark.parametrize(
    "body",
    [
        {"error": {"message": "out of luck", "code": 500}},
        {"message": "out of luck", "object": "error"},
        {"error": "out of luck"},
        {"detail": "out of luck"},
        {"error": {"detail": {"message": "out\nof   luck"}}},
        "out of luck",
    ],
)
def test_every_shape_of_an_error_says_what_it_says(body: object) -> None:
    assert str(refused(500, body)) == "the model's server failed (500): out of luck"


@pytest.mark.parametrize("body", [[{"message": "no"}], 17, None, {}, {"error": None}])
def test_no_shape_does_harm(body: object) -> None:
    assert str(refused(500, body)).startswith("the model's server failed (500)")


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_key_is_not_repeated_not_even_in_part(status: int) -> None:
    said = str(refused(status, {"error": {"message": "Incorrect API key: top-se****"}}))

    assert said == f"the model's server refuses MODEL_KEY ({status})"


def test_without_a_key_it_is_said_that_one_is_wanted() -> None:
    response = httpx2.Response(401, text="", request=REQUEST)
    error = openai.AuthenticationError("no", response=response, body=None)

    assert str(explained(error, None)) == "the model's server wants a key (401): set MODEL_KEY"


@given(st.text(max_size=400), st.text(max_size=400))
def test_a_line_is_short_and_whole_and_has_no_key(before: str, after: str) -> None:
    said = said_by({"error": f"{before}top-secret{after}"}, "top-secret")

    assert "top-secret" not in said
    assert len(said) <= 200
    assert said.isprintable()


@pytest.mark.parametrize("start", ["<html>", "<!DOCTYPE html>", "\n <HTML lang=en>", "<?xml ?>"])
def test_of_a_web_page_nothing_is_shown(start: str) -> None:
    assert str(refused(502, f"{start}<body>Bad Gateway")) == "the model's server failed (502)"
    assert "web page" in str(not_an_answer("text/plain", f"{start}hello", None))


def test_what_came_in_place_of_an_answer_is_named() -> None:
    assert "web page" in str(not_an_answer("text/html; charset=utf-8", "", None))
    assert "(application/pdf)" in str(not_an_answer("application/PDF", "", None))
    assert "(no type)" in str(not_an_answer("", "", None))


@pytest.mark.parametrize(
    ("cause", "why"),
    [
        (ConnectionRefusedError(111, "Connect call failed ('10.0.0.1', 1)"), "connection refused"),
        (OSError(111, "Multiple exceptions: ..."), "connection refused"),
        (ConnectionResetError(104, "reset"), "the connection broke off"),
        (OSError(113, "No route to host"), "No route to host"),
        (OSError(), "Request timed out."),
    ],
)
def test_why_a_server_cannot_be_reached_is_said_as_the_system_knows_it(
    cause: OSError, why: str
) -> None:
    error = openai.APITimeoutError(REQUEST)  # which is what aiohttp's refusals become
    error.__cause__ = cause

    assert str(explained(error, None)) == f"the model's server cannot be reached: {why}"
    assert explained(error, None).trouble is Trouble.PASSING


def test_a_certificate_that_is_not_trusted_is_not_tried_again() -> None:
    error = openai.APIConnectionError(request=REQUEST)
    error.__cause__ = ssl.SSLCertVerificationError(1, "certificate has expired")

    assert explained(error, None).trouble is Trouble.LASTING
    assert str(explained(error, None)) == (
        "the model's server cannot be trusted: certificate has expired"
    )
