"""The real `ostro serve` on tiny weights: how it begins, ends, and is broken off."""

import signal
import sqlite3
import time
from contextlib import closing

from tests.doubles.served import Served
from tests.doubles.telegram.api import TOKEN, BotApi
from tests.doubles.telegram.chats import Chat
from tests.doubles.telegram.failures import silence
from tests.doubles.telegram.people import Person
from tests.doubles.telegram.wire import Json
from tests.doubles.telegram_home import say

LONG = {"MODEL_MAX_TOKENS": "900"}
LONGEST_END = 10.0
"""Seconds within which it ends when it is told to."""


def test_a_message_is_answered_and_confirmed_and_the_end_is_clean(
    served: Served, api: BotApi, mina: Person, chat: Chat
) -> None:
    mina.says(chat, "Hello there")
    with served.running() as ostro:
        served.answers(chat)
        served.until(lambda: not api.unconfirmed)
        status = ostro.ends(signal.SIGINT)

    assert (status, served.stored()) == (0, [("Hello there", "delivered")])
    assert "@ostro_bot is listening" in ostro.said()
    assert "Traceback" not in ostro.said()


def test_told_to_end_it_shows_what_it_has_and_the_next_start_completes_it_in_its_place(
    served: Served, api: BotApi, mina: Person, chat: Chat
) -> None:
    mina.says(chat, "Hello there")
    with served.running(**LONG) as ostro:
        begun = served.streams(chat)
        told = time.monotonic()
        status = ostro.ends(signal.SIGTERM)
        took = time.monotonic() - told
    paused, draft = api.answers(chat), served.kept("draft")
    with served.running() as ostro:
        ended = served.answers(chat)
        ostro.ends(signal.SIGTERM)

    assert (status, took < LONGEST_END) == (0, True)
    assert paused[-1].text.endswith(say("answer.going_on"))
    assert [paused[0].id, ended[0].id] == [begun.id, begun.id]
    assert draft
    assert served.kept("answer").startswith(draft)
    assert served.stored() == [("Hello there", "delivered")]
    assert api.rings(chat) == 1


def test_killed_while_it_answers_it_answers_at_the_next_start_in_the_same_place(
    served: Served, api: BotApi, mina: Person, chat: Chat
) -> None:
    mina.says(chat, "Hello there")
    with served.running(**LONG) as ostro:
        begun = served.streams(chat)
        ostro.ends(signal.SIGKILL)
    left = served.stored()
    with served.running():
        ended = served.answers(chat)

    assert left == [("Hello there", "pending")]
    assert [one.id for one in ended] == [begun.id]
    assert api.rings(chat) == 1


def test_killed_after_it_fetched_a_message_and_before_it_stored_it_it_answers_it_once(
    served: Served, api: BotApi, mina: Person, chat: Chat
) -> None:
    with served.running() as ostro:
        served.until(lambda: api.called("getUpdates"))
        with closing(sqlite3.connect(served.database, isolation_level=None)) as rival:
            rival.execute("BEGIN IMMEDIATE")
            mina.says(chat, "Hello there")
            served.until(lambda: len(api.called("getUpdates")) > 1)
            ostro.ends(signal.SIGKILL)
    before = (served.stored(), len(api.unconfirmed), len(api.answers(chat)))
    with served.running() as ostro:
        answers = served.answers(chat)
        served.until(lambda: not api.unconfirmed)
        ostro.ends(signal.SIGTERM)

    assert before == ([], 1, 0)
    assert (len(answers), served.stored()) == (1, [("Hello there", "delivered")])


def test_a_second_ctrl_c_ends_it_at_once_and_nothing_is_lost(
    served: Served, api: BotApi, mina: Person, chat: Chat
) -> None:
    mina.says(chat, "Hello there")
    with served.running(**LONG) as ostro:
        served.streams(chat)
        api.fail("editMessageText", silence(), times=None, when=_goes_on)
        ostro.process.send_signal(signal.SIGINT)
        served.until(lambda: any(_goes_on(one.params) for one in api.called("editMessageText")))
        status = ostro.ends(signal.SIGINT)
    left = served.stored()

    assert (status, left) == (128 + signal.SIGINT, [("Hello there", "pending")])


def _goes_on(params: Json) -> bool:
    return str(params["text"]).endswith(say("answer.going_on"))


def test_a_wrong_token_is_one_line_that_says_where_to_get_one(served: Served) -> None:
    wrong = f"{TOKEN.partition(':')[0]}:{TOKEN[:4:-1]}"
    with served.running("-v", TELEGRAM_TOKEN=wrong) as ostro:
        status = ostro.ends()
    last = ostro.said().strip().splitlines()[-1]

    assert (status, "@BotFather" in last) == (1, True)
    assert wrong.partition(":")[2] not in ostro.said()
    assert "Traceback" not in ostro.said()


def test_without_a_token_there_is_nothing_to_serve_and_that_is_one_line(served: Served) -> None:
    with served.running(TELEGRAM_TOKEN="") as ostro:
        status = ostro.ends()
    (line,) = ostro.said().strip().splitlines()

    assert (status, "@BotFather" in line) == (2, True)


def test_started_without_a_network_it_stays_and_answers_when_there_is_one(
    served: Served, api: BotApi, mina: Person, chat: Chat
) -> None:
    api.down()
    mina.says(chat, "Hello there")
    with served.running() as ostro:
        ostro.until_says("cannot be reached")
        api.up()
        ostro.until_says("Telegram is reached again")
        served.answers(chat)


def test_two_on_one_database_are_one_too_many(served: Served, api: BotApi) -> None:
    with served.running():
        served.until(lambda: api.called("getUpdates"))
        with served.running() as second:
            status = second.ends()
    (line,) = second.said().strip().splitlines()

    assert (status, "another `ostro serve`" in line) == (1, True)


def test_whatever_happens_the_token_is_not_told(
    served: Served, api: BotApi, mina: Person, chat: Chat
) -> None:
    mina.says(chat, "Hello there")
    with served.running("-v", LOG_LEVEL="debug") as ostro:
        served.answers(chat)
        api.down()
        ostro.until_says("cannot be reached")
        api.up()
        mina.says(chat, "Are you back?")
        served.until(lambda: len(served.stored()) == 2)
        served.answers(chat)
        ostro.ends(signal.SIGTERM)

    assert len(ostro.said().splitlines()) > 10
    assert api.token not in ostro.said()
    assert api.token.partition(":")[2] not in ostro.said()
