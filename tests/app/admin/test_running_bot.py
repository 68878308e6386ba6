"""`ostro serve` answers at length, and another process gives it something else to do."""

import json
import re
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Tiny
from tests.doubles.outside import contents, run_sql
from tests.doubles.served import SECONDS, Served
from tests.doubles.telegram.api import BotApi
from tests.doubles.telegram.chats import Chat
from tests.doubles.telegram.people import Person
from tests.doubles.telegram_home import say
from tests.doubles.typed_shell import Typing

LONG = {
    "MODEL_MAX_TOKENS": "900",
    "TELEGRAM_EDIT_SECONDS": "1.5",  # so long an answer may not be shown more often
}
HELLO = "Hello there"


@pytest.fixture
def served(api: BotApi, tmp_path: Path, tiny: Tiny) -> Served:
    """One that has not ended when something is typed."""
    served = Served(api, tmp_path, tiny("v3"))
    served._module = ("tests.doubles.slow_program",)
    return served


def is_under_way(api: BotApi, chat: Chat) -> bool:
    return any(shown.text.endswith("▌") for shown in api.answers(chat))


def eventually(condition: Callable[[], bool]) -> None:
    """Wait until something is true of what is stored: nothing tells of that."""
    end = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_cancelled_answer_ends_and_the_next_is_begun(
    served: Served, api: BotApi, mina: Person, chat: Chat, admin: Typing
) -> None:
    bo = api.person(8, "Bo")
    other = api.private(bo)
    mina.says(chat, HELLO)
    with served.running(**LONG) as ostro:
        served.streams(chat)
        bo.says(other, "Me too")
        served.settles((HELLO, "pending"), ("Me too", "pending"))
        waiting, _next = json.loads(admin("queue", "--json").out)["waiting"]
        done = admin("cancel", str(waiting["number"]))
        served.until(lambda: not is_under_way(api, chat))
        served.until(lambda: is_under_way(api, other))
        stored = served.stored()
        ostro.ends(signal.SIGTERM)

    assert stored == [(HELLO, "cancelled"), ("Me too", "pending")]
    assert (waiting["begun"], waiting["name"], waiting["key"]) == (True, "Mina", "telegram:7")
    assert (done.status, done.out) == (0, f"{say('admin.cancelled', count=1)}\n")
    assert "Traceback" not in ostro.said()


def test_a_chat_that_is_reset_while_it_is_answered_is_gone_from_disk_and_is_written_to_no_more(
    served: Served, api: BotApi, mina: Person, chat: Chat, admin: Typing, path: Path
) -> None:
    words = "my-plan-for-sunday"
    mina.says(chat, words)

    def left() -> list[str]:
        return [name for name, held in contents(path.parent).items() if words.encode() in held]

    with served.running(**LONG) as ostro:
        served.streams(chat)
        before = left()
        done = admin("reset", "telegram:7", "--json")
        served.settles()
        served.until(lambda: not is_under_way(api, chat))
        eventually(lambda: not left())
        ostro.ends(signal.SIGTERM)

    assert (bool(before), left(), served.stored()) == (True, [], [])
    assert json.loads(done.out)["exchanges"] == 1
    assert "Traceback" not in ostro.said()


def test_who_is_blocked_is_answered_no_further_and_no_more(
    served: Served, api: BotApi, mina: Person, chat: Chat, admin: Typing
) -> None:
    mina.says(chat, HELLO)
    with served.running(**LONG) as ostro:
        served.streams(chat)
        done = admin("block", "telegram:7")
        served.until(lambda: not is_under_way(api, chat))
        shown = len(api.answers(chat))
        mina.says(chat, "And now?")
        served.until(lambda: not api.unconfirmed)
        ostro.ends(signal.SIGTERM)

    assert (done.status, done.out) == (0, f"{say('admin.blocked', who='Mina (telegram:7)')}\n")
    assert served.stored() == [(HELLO, "cancelled")]
    assert len(api.answers(chat)) == shown
    assert "Traceback" not in ostro.said()


def test_a_paused_bot_says_so_keeps_questions_and_goes_on_when_it_is_resumed(
    served: Served, api: BotApi, mina: Person, chat: Chat, admin: Typing
) -> None:
    bo = api.person(8, "Bo")
    other = api.private(bo)
    mina.says(chat, HELLO)

    def shows_pause() -> bool:
        return any(say("progress.paused") in shown.text for shown in api.answers(other))

    with served.running(**LONG) as ostro:
        served.streams(chat)
        bo.says(other, "Me too")
        admin("pause")
        served.until(shows_pause)
        goes_on = is_under_way(api, chat)
        admin("cancel", "1")
        served.settles((HELLO, "cancelled"), ("Me too", "pending"))
        served.until(lambda: not is_under_way(api, chat))
        waits = shows_pause()
        admin("resume")
        served.until(lambda: is_under_way(api, other))
        ostro.ends(signal.SIGTERM)

    assert (goes_on, waits) == (True, True)
    assert "Traceback" not in ostro.said()


def test_a_code_of_the_shell_makes_an_owner_of_who_sends_it(
    served: Served, api: BotApi, mina: Person, chat: Chat, admin: Typing, path: Path
) -> None:
    with served.running(BOT_ACCESS="closed") as ostro:
        served.until(lambda: api.called("getUpdates"))
        code = json.loads(admin("claim", "--json").out)["code"]
        mina.says(chat, f"/start {code}")
        eventually(lambda: run_sql(path, "SELECT role FROM people") == [("owner",)])
        mina.says(chat, HELLO)
        served.answers(chat)
        ostro.ends(signal.SIGTERM)

    assert served.stored() == [(HELLO, "delivered")]
    assert code not in ostro.said()


def test_a_running_bot_is_copied_and_the_copy_is_whole(
    served: Served, mina: Person, chat: Chat, admin: Typing, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.db"
    mina.says(chat, HELLO)
    with served.running(**LONG) as ostro:
        served.streams(chat)
        done = admin("backup", str(copy))
        goes_on = ostro.process.poll() is None
        ostro.ends(signal.SIGTERM)

    assert (done.status, goes_on) == (0, True)
    assert run_sql(copy, "PRAGMA integrity_check") == [("ok",)]
    assert run_sql(copy, "SELECT question, state FROM exchanges") == [(HELLO, "pending")]
    assert re.search(r"is copied to .*copy\.db, 0\.[0-9] MB", done.out)
