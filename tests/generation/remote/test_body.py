"""What stands in a request for an answer."""

import pytest

from bot.generation.model import Request
from bot.generation.remote.body import body
from bot.generation.remote.options import RemoteOptions
from bot.generation.remote.server import Server
from bot.generation.remote.sort import Sort
from bot.prompt.conversation import Conversation

SAID = [{"role": "user", "content": "Hello"}]
LEAST = {"model", "messages", "stream", "stream_options", "max_tokens"}


def server(sort: Sort = Sort.OTHER, *, can_think: bool = False) -> Server:
    return Server("tiny", sort, 1000, slots=1, can_think=can_think, counts=False)


def request(*, think: bool | None = None) -> Request:
    return Request(Conversation("", "Hello", think=think), seed=7)


def test_what_is_not_set_is_not_sent() -> None:
    made = body(server(), RemoteOptions(seeded=False), request(), SAID, 50, going_on=False)

    assert set(made) == LEAST
    assert (made["model"], made["messages"], made["max_tokens"]) == ("tiny", SAID, 50)


def test_what_is_set_is_sent_as_far_as_the_server_knows_it() -> None:
    options = RemoteOptions(stops=("END",), drawing={"temperature": 0.5, "top_k": 40})
    made = body(server(), options, request(), SAID, 50, going_on=False)

    assert set(made) == LEAST | {"temperature", "stop", "seed"}
    assert (made["temperature"], made["stop"], made["seed"]) == (0.5, ["END"], 7)


@pytest.mark.parametrize(
    ("can_think", "think", "sent"),
    [(True, True, True), (True, False, False), (True, None, None), (False, True, None)],
)
def test_thoughts_are_switched_where_they_can_be(
    *, can_think: bool, think: bool | None, sent: bool | None
) -> None:
    one = server(Sort.LLAMA_CPP, can_think=can_think)
    made = body(one, RemoteOptions(), request(think=think), SAID, 50, going_on=False)

    assert made.get("chat_template_kwargs", {}).get("enable_thinking") is sent


def test_what_is_gone_on_with_is_said_to_be() -> None:
    made = body(server(Sort.VLLM), RemoteOptions(), request(), SAID, 50, going_on=True)

    assert made["continue_final_message"] is True
