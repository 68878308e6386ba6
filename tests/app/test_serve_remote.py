"""The real `ostro serve` with a real llama-server as its model, which may die."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Tiny
from tests.doubles.llama_server import LlamaServer, llama_server
from tests.doubles.outside import run_sql
from tests.doubles.remote_served import KEY, RemoteServed
from tests.doubles.telegram.api import BotApi
from tests.doubles.telegram.chats import Chat
from tests.doubles.telegram.people import Person
from tests.doubles.telegram_home import say

LONG = {"MODEL_MAX_TOKENS": "900"}
HELLO = "Hello there"


@pytest.fixture
def server(tiny: Tiny) -> Iterator[LlamaServer]:
    """One that takes milliseconds for a token: it draws from the whole vocabulary."""
    with llama_server(tiny("v3"), key=KEY, context=2048, top_k=0) as server:
        yield server


@pytest.fixture
def served(api: BotApi, tmp_path: Path, server: LlamaServer) -> RemoteServed:
    return RemoteServed(api, tmp_path, server)


def breaks_off(served: RemoteServed, chat: Chat) -> int:
    """Kill the server while it answers, wait for the end, and return the message's number."""
    begun = served.streams(chat)
    served.server.kill()
    broken = say("answer.broken")
    served.until(lambda: served.api.answers(chat)[-1].text.endswith(broken))
    return begun.id


def test_a_conversation_needs_neither_weights_nor_an_engine(
    served: RemoteServed, api: BotApi, mina: Person, chat: Chat
) -> None:
    with served.running() as ostro:
        mina.says(chat, HELLO)
        served.answers(chat)
        mina.says(chat, "And you?")
        served.settles((HELLO, "delivered"), ("And you?", "delivered"))
        mina.says(chat, "/stats")
        served.until(lambda: any(served.server.name in one.text for one in api.answers(chat)))
        status = ostro.ends(signal.SIGTERM)

    assert status == 0
    assert "Traceback" not in ostro.said()


def test_a_server_that_dies_midway_leaves_what_it_said_and_back_it_goes_on_with_that(
    served: RemoteServed, api: BotApi, mina: Person, chat: Chat
) -> None:
    mina.says(chat, HELLO)
    with served.running(**LONG) as ostro:
        message = breaks_off(served, chat)
        served.settles((HELLO, "delivered"))
        broken = served.kept("answer")
        labels = api.answers(chat)[-1].labels
        served.server.start(top_k=40)
        mina.presses(chat, api.answers(chat)[-1].id, say("button.continue"))
        served.until(lambda: len(served.kept("answer")) > len(broken))
        ended = served.answers(chat)
        ostro.ends(signal.SIGTERM)

    assert broken
    assert labels == [say("button.retry"), say("button.continue")]
    assert served.kept("answer").startswith(broken)
    assert ended[0].id == message
    assert api.rings(chat) == 1
    assert "Traceback" not in ostro.said()


def test_no_question_of_many_is_lost_when_the_server_dies_midway(
    served: RemoteServed, api: BotApi
) -> None:
    people = [api.person(number, f"Person {number}") for number in range(10, 15)]
    chats = [api.private(person) for person in people]
    with served.running(MODEL_SEED="", MODEL_MAX_TOKENS="300") as ostro:
        for person, chat in zip(people, chats, strict=True):
            person.says(chat, HELLO)
        served.until(
            lambda: sum("▌" in one.text for chat in chats for one in api.answers(chat)) > 1
        )
        served.server.kill()
        served.server.start(top_k=40)
        served.settles(*[(HELLO, "delivered")] * 5)
        ostro.ends(signal.SIGTERM)
    answers = run_sql(served.database, "SELECT length(answer), ended FROM exchanges")

    assert all(size for size, _ in answers)
    assert {ended for _, ended in answers} == {"cut", "length"}


def test_a_question_that_comes_while_the_server_is_away_is_answered_once_it_is_back(
    served: RemoteServed, mina: Person, chat: Chat
) -> None:
    with served.running() as ostro:
        served.until(lambda: served.api.called("getUpdates"))
        served.server.kill()
        mina.says(chat, HELLO)
        served.server.is_missed()
        served.server.start()
        served.answers(chat)
        served.settles((HELLO, "delivered"))
        ostro.ends(signal.SIGTERM)

    assert served.kept("answer")


def test_two_people_are_answered_at_once_by_the_slots_that_the_server_has(
    served: RemoteServed, api: BotApi, mina: Person, chat: Chat
) -> None:
    bob = api.person(8, "Bob")
    bobs = api.private(bob)
    with served.running(**LONG) as ostro:
        mina.says(chat, HELLO)
        bob.says(bobs, "Me too")
        served.until(lambda: api.answers(chat) and api.answers(bobs))
        both = served.server.busy()
        ostro.ends(signal.SIGTERM)

    assert both == 2


def test_two_people_share_the_only_slot_by_turns_and_no_word_is_lost(
    served: RemoteServed, api: BotApi, mina: Person, chat: Chat
) -> None:
    bob = api.person(8, "Bob")
    bobs = api.private(bob)
    mina.says(chat, HELLO)
    bob.says(bobs, "Me too")
    with served.running("-v", MODEL_SLOTS="1", MODEL_SEED="", MODEL_MAX_TOKENS="400") as ostro:
        served.answers(chat)
        served.answers(bobs)
        served.settles((HELLO, "delivered"), ("Me too", "delivered"))
        ostro.ends(signal.SIGTERM)
    rows = run_sql(served.database, "SELECT answer_tokens, ended FROM exchanges")

    assert ostro.said().count("ostro.answering: exchange 1: read") > 1
    assert rows == [(400, "length"), (400, "length")]


def test_an_answer_that_is_stopped_stops_at_the_server(
    served: RemoteServed, api: BotApi, mina: Person, chat: Chat
) -> None:
    mina.says(chat, HELLO)
    with served.running(**LONG) as ostro:
        served.streams(chat)
        mina.says(chat, "/stop")
        served.until(lambda: say("answer.cut") in api.answers(chat)[0].text)
        served.server.leaves_off()
        ostro.ends(signal.SIGTERM)

    assert api.answers(chat)[0].labels == [say("button.retry"), say("button.continue")]


def test_told_to_end_it_pauses_and_the_next_start_goes_on_where_it_was(
    served: RemoteServed, api: BotApi, mina: Person, chat: Chat
) -> None:
    mina.says(chat, HELLO)
    with served.running(**LONG) as ostro:
        begun = served.streams(chat)
        status = ostro.ends(signal.SIGTERM)
    draft = served.kept("draft")
    served.server.leaves_off()
    with served.running() as ostro:
        ended = served.answers(chat)
        ostro.ends(signal.SIGTERM)

    assert (status, bool(draft)) == (0, True)
    assert served.kept("answer").startswith(draft)
    assert [one.id for one in ended[:1]] == [begun.id]
    assert api.rings(chat) == 1


def test_whatever_happens_neither_the_key_nor_what_people_say_is_told(
    served: RemoteServed, api: BotApi, mina: Person, chat: Chat
) -> None:
    mina.says(chat, HELLO)
    with served.running("-v", LOG_LEVEL="debug", OPENAI_LOG="debug", **LONG) as ostro:
        breaks_off(served, chat)
        served.server.start(key="another one")
        mina.says(chat, "Are you back?")
        served.until(lambda: any("MODEL_KEY" in one.text for one in api.answers(chat)))
        ostro.ends(signal.SIGTERM)
    texts = [one.text for one in api.answers(chat)]
    stored = b"".join(path.read_bytes() for path in served.database.parent.iterdir())

    assert "ostro.answering" in ostro.said()
    assert KEY not in ostro.said()
    assert HELLO not in ostro.said()
    assert not any(KEY in text for text in texts)
    assert KEY.encode() not in stored


def test_a_wrong_key_is_one_line_that_names_the_setting(served: RemoteServed) -> None:
    wrong = KEY[::-1]
    with served.running(MODEL_KEY=wrong) as ostro:
        status = ostro.ends()
    (line,) = ostro.said().strip().splitlines()

    assert (status != 0, "MODEL_KEY" in line) == (True, True)
    assert wrong not in line


def test_a_model_that_the_server_does_not_have_is_one_line_with_those_that_it_has(
    served: RemoteServed,
) -> None:
    with served.running(MODEL_NAME="gpt-none") as ostro:
        status = ostro.ends()
    (line,) = ostro.said().strip().splitlines()

    assert (status != 0, "gpt-none" in line, served.server.name in line) == (True, True, True)


def test_started_before_its_server_it_says_what_it_waits_for_and_answers_once_that_is_there(
    served: RemoteServed, mina: Person, chat: Chat
) -> None:
    served.server.kill()
    mina.says(chat, HELLO)
    with served.running() as ostro:
        ostro.until_says(f"Waiting for {served.server.where}")
        served.server.start()
        served.answers(chat)
        status = ostro.ends(signal.SIGTERM)

    assert status == 0


def test_without_a_server_and_without_the_engine_it_says_how_to_get_either(
    served: RemoteServed, tiny: Tiny
) -> None:
    with served.running(MODEL_URL="", MODEL_PATH=str(tiny("v3"))) as ostro:
        status = ostro.ends()
    (line,) = ostro.said().strip().splitlines()

    assert (status, "MODEL_URL" in line) == (2, True)
