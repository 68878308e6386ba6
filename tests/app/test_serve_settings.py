"""What the settings of the real `ostro serve` change for people on Telegram."""

import time

from tests.doubles.served import Served
from tests.doubles.telegram.api import BotApi
from tests.doubles.telegram.chats import Chat
from tests.doubles.telegram.people import Person
from tests.doubles.telegram_home import say

HOUR = 3600.0


def test_owners_are_answered_and_others_learn_their_number(
    served: Served, api: BotApi, mina: Person, chat: Chat
) -> None:
    bob = api.person(8, "Bob")
    bobs = api.private(bob)
    bob.says(bobs, "Me too?")
    mina.says(chat, "Hello there")
    with served.running(BOT_ACCESS="closed", BOT_OWNERS="telegram:7"):
        served.answers(chat)
        served.until(lambda: api.answers(bobs))
        stored = served.stored()

    assert [one.text for one in api.answers(bobs)] == [say("access.closed", who="telegram:8")]
    assert [question for question, _ in stored] == ["Hello there"]


def test_it_listens_to_its_names_and_speaks_its_language(served: Served, api: BotApi) -> None:
    group, mina = api.group(-100), api.person(7, "Mina", language_code="en")
    mina.says(group, "ostro, hello there")
    mina.says(group, "별이야 안녕")
    mina.says(group, "/stop")
    with served.running(BOT_NAMES="별이", BOT_LANGUAGE="ko"):
        served.until(lambda: len(api.answers(group)) >= 2 and not api.unconfirmed)
        stored = served.stored()
    said = {one.text for one in api.answers(group)}

    assert [question for question, _ in stored] == ["안녕"]
    assert {say("stop.done", "ko"), say("stop.nothing", "ko")} & said


def test_what_waited_two_hours_is_answered_in_private_and_asked_about_in_a_group(
    served: Served, api: BotApi, mina: Person, chat: Chat
) -> None:
    group = api.group(-100)
    mina.says(chat, "Hello there", date=time.time() - 2 * HOUR)
    mina.says(group, "/ask Hello everyone", date=time.time() - 2 * HOUR)
    with served.running():
        served.answers(chat)
        served.until(lambda: api.answers(group))
    (line,) = api.answers(group)

    assert (line.text, line.labels) == (say("answer.expired"), [say("button.answer")])


def test_the_patience_with_what_waited_can_be_set(
    served: Served, api: BotApi, mina: Person, chat: Chat
) -> None:
    group = api.group(-100)
    mina.says(chat, "Hello there", date=time.time() - 2 * HOUR)
    mina.says(group, "/ask Hello everyone", date=time.time() - 2 * HOUR)
    with served.running(BOT_CATCH_UP_MINUTES="60", BOT_CATCH_UP_GROUP_MINUTES="600"):
        served.until(lambda: api.answers(chat) and api.answers(group))

    assert api.answers(chat)[0].text == say("answer.expired")
    assert api.answers(group)[0].text != say("answer.expired")
